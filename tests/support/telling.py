"""Events, refusals and money in the words of the scenarios."""

from collections.abc import Mapping

from openoutcry.domain.day.duties import DUTY_UNITS
from openoutcry.domain.day.quote_protection import LIMIT_UNITS
from openoutcry.domain.events import (
    DutyJudged,
    Event,
    FillBusted,
    IndicativeChanged,
    OrderAcknowledged,
    OrderAmended,
    OrderCancelled,
    OrderExecuted,
    ProtectionTriggered,
    QuoteReplaced,
)
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import SIDE_NAMES
from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import MONEY_UNITS, InstrumentId, TeamId
from openoutcry.domain.views import AccountView, DepthView

NOTHING = "nothing"


def told(event: Event, instruments: Mapping[InstrumentId, Instrument]) -> list[tuple[TeamId, str]]:
    """What a team hears of an event about its orders: with the order's name, if it has one, and the fee of a fill."""
    match event:
        case OrderAcknowledged():
            said = "ack"
        case OrderExecuted():
            price = instruments[event.instrument_id].price_of(event.price)
            said = f"fill {event.quantity} @ {price:.2f} {event.liquidity_type} fee {in_currency(event.fees)}"
        case OrderCancelled():
            said = f"cancelled {event.cancelled_quantity} {event.reason}"
        case OrderAmended():
            price = instruments[event.instrument_id].price_of(event.price)
            place = "keeps its place" if event.kept_priority else "loses its place"
            said = f"amended to {event.quantity} @ {price:.2f} {place}"
        case ProtectionTriggered():
            measured = f"{event.measured / LIMIT_UNITS[event.limit]:g}"
            until = "reset" if event.frozen_until is None else f"{event.frozen_until / 1_000_000:g}"
            return [(event.team_id, f"protection of {event.group} {event.limit} {measured} until {until}")]
        case DutyJudged():
            duty = "no duty" if event.duty is None else f"{event.duty} {event.state}"
            return [(event.team_id, f"{duty} level {event.level}")]
        case FillBusted():
            price = instruments[event.instrument_id].price_of(event.price)
            return [(event.team_id, f"busted {event.quantity} @ {price:.2f}")]
        case QuoteReplaced():
            refusals = (("bid", event.bid_reject), ("ask", event.ask_reject))
            return [(event.team_id, f"{side} {told_refusal(why)}") for side, why in refusals if why is not None]
        case _:
            return []
    name = f"{event.client_order_id}: " if event.client_order_id else ""
    return [(event.team_id, name + said)]


def told_refusal(refusal: Reject) -> str:
    """The code, then each detail with its value."""
    details = [f"{name} {value}" for name, value in (refusal.details or {}).items()]
    return " ".join(["reject", refusal.code, *details])


def told_of_book(depth: DepthView, instrument: Instrument) -> list[str]:
    """Every level, best first: bids, then asks."""
    levels = [("bid", *level) for level in depth.bids] + [("ask", *level) for level in depth.asks]
    return [f"{side} {quantity} @ {instrument.price_of(ticks):.2f}" for side, ticks, quantity in levels] or ["empty"]


def told_of_auction(indicated: IndicativeChanged, instrument: Instrument) -> list[str]:
    """What would trade at which price, and what would be left."""
    if indicated.price is None:
        return [NOTHING]
    said = [f"{indicated.volume} @ {instrument.price_of(indicated.price):.2f}"]
    if indicated.imbalance_side is not None:
        said.append(f"{indicated.imbalance} left to {SIDE_NAMES[indicated.imbalance_side]}")
    return said


def told_of_account(account: AccountView, instrument_id: InstrumentId) -> list[str]:
    """Everything that can be said of an account and of what it has in one instrument."""
    here = {line.instrument_id: line for line in account.exposure}.get(instrument_id)
    return [
        f"position {here.position if here else 0}",
        f"working buys {here.open_buy_quantity if here else 0}",
        f"working sells {here.open_sell_quantity if here else 0}",
        f"exposure {account.total_option_exposure}",
        f"cash {in_currency(account.cash)}",
        f"realized {in_currency(account.realized_pnl)}",
        f"unrealized {in_currency(account.unrealized_pnl)}",
        f"fees {in_currency(account.fees_paid)}",
        f"delta {account.delta / DUTY_UNITS:g}",
        f"equity {in_currency(account.equity)}",
        f"requirement {in_currency(account.requirement or 0)}",
        f"level {account.standing.level if account.standing else 0}",
        "reduce-only" if account.standing is not None and account.standing.is_reduce_only else "free",
    ]


def in_currency(money: int) -> str:
    return f"{money / MONEY_UNITS:.2f}"


def comes_true(heard: list[str], expected: list[str]) -> bool:
    """Of an account, each expected part must be there; of all else, everything must be expected, in order."""
    if heard[0].startswith("position "):
        return all(part in heard for part in expected)
    return len(heard) == len(expected) and all(map(says, heard, expected))


def says(heard: str, expected: str) -> bool:
    """Whether `expected` is what was heard. It may leave out the order's name, the fee, and any detail of a refusal."""
    if "reject " in heard:
        return _says_refusal(heard.split(), expected.split())
    unnamed = heard.partition(": ")[2] or heard
    return expected in {said for full in (heard, unnamed) for said in (full, full.partition(" fee ")[0])}


def _says_refusal(heard: list[str], expected: list[str]) -> bool:
    code = heard.index("reject") + 2
    details = list(zip(expected[code::2], expected[code + 1 :: 2], strict=False))
    known = list(zip(heard[code:], heard[code + 1 :], strict=False))
    return expected[:code] == heard[:code] and len(expected[code:]) % 2 == 0 and all(pair in known for pair in details)
