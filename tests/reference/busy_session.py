"""A busy session made from a seed, and its fingerprint: run as a program, it prints that of the seed it is given."""

import hashlib
import random
import sys
from collections.abc import Iterator
from typing import Final

import msgspec

from openoutcry.domain import commands
from openoutcry.domain.commands import Price
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import SelfTradePrevention
from openoutcry.domain.types import ClientOrderId, Money, OrderId, Sequence, TeamId, Ticks, TimestampUs, TradeId
from openoutcry.venue.venue import Venue
from reference.workload import CALL, INSTRUMENTS, PUT, TEAMS, role, rulebook

STEPS = 2_000
PREVENTION: Final[tuple[SelfTradePrevention, ...]] = ("expire_taker", "expire_maker", "expire_both", "none")


def session(seed: int) -> Iterator[commands.Command]:
    """Commands of every kind; most of them meet something."""
    chance = random.Random(seed)
    yield from TEAMS
    for step in range(STEPS):
        team_id = TeamId(chance.randint(1, len(TEAMS)))
        here = chance.choice(INSTRUMENTS).instrument_id
        aim = OrderId(max(1, step - chance.randint(0, 120)))
        price = Price(Ticks(chance.randint(60, 140)))
        dice = chance.random()
        if dice < 0.60:
            yield commands.SubmitOrder(
                team_id,
                here,
                chance.choice(("buy", "sell")),
                chance.randint(1, 20),
                chance.choice((price, price, price, price, None)),
                chance.choice(("day", "day", "day", "ioc", "fok")),
                client_order_id=ClientOrderId(f"id-{chance.randint(0, 900)}"),
            )
        elif dice < 0.70:
            yield commands.CancelOrder(team_id, aim)
        elif dice < 0.82:
            yield commands.AmendOrder(team_id, aim, chance.randint(1, 20), chance.choice((price, None)))
        elif dice < 0.95:
            spread = chance.randint(1, 4)
            bid, ask = Price(Ticks(price.ticks - spread)), Price(Ticks(price.ticks + spread))
            yield commands.ReplaceQuotes(team_id, (commands.QuoteTerms(here, bid, spread, ask, spread),))
        elif dice < 0.97:
            yield commands.MassCancel(team_id, chance.choice((here, None)))
        elif dice < 0.99:
            yield chance.choice((commands.HaltInstrument(CALL), commands.ResumeInstrument(CALL)))
        elif dice < 0.995:
            yield chance.choice((commands.SuspendTeam(team_id), commands.ReinstateTeam(team_id)))
        else:
            yield commands.BustTrade(TradeId(chance.randint(1, step + 1)), commands.Why("Ann", "A slip"))
    yield commands.ExpireInstrument(PUT)
    yield commands.SettleInstrument(PUT, Ticks(97), Money(44_900_000))
    yield commands.SettleInstrument(CALL, Ticks(103))


def fingerprint(seed: int) -> str:
    """The number of events, SHA-256 over the bytes of all verdicts and events, and the hash of the state at the end."""
    free_roles = {name: role() for name in ("maker", "fund", "retail")}
    venue = Venue(rulebook(PREVENTION[seed % 4], free_roles), INSTRUMENTS)
    digest, told = hashlib.sha256(), 0
    for number, command in enumerate(session(seed), start=1):
        verdict = venue.validate(command)
        digest.update(msgspec.json.encode(verdict))
        if isinstance(verdict, Accepted):
            events = venue.execute(Sequence(number), TimestampUs(1_000_000 * number), command)
            digest.update(msgspec.json.encode(events))
            told += len(events)
    return f"{told} {digest.hexdigest()} {venue.state_hash()}"


if __name__ == "__main__":
    print(fingerprint(int(sys.argv[1])))  # noqa: T201 - this is what the program is for
