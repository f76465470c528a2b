"""A venue that continues from a snapshot equals one that was never stopped."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain.commands import AmendOrder, CancelOrder, Price, RegisterTeam, SubmitOrder
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import Rulebook
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.venue import Venue
from reference.workload import (
    CALL,
    INSTRUMENTS,
    TEAMS,
    everything,
    histories,
    instrument,
    role,
    rulebook,
    selves_prevented,
)


class Drive:
    """One venue, and what it said so far."""

    def __init__(self, venue):
        self.venue = venue

    def do(self, number, command):
        """The verdict and the events, as bytes."""
        if isinstance(command, CancelOrder | AmendOrder) and command.order_id < 0:
            command = self.aimed(command)
        verdict = self.venue.validate(command)
        events = self.venue.execute(number, 1_000 * number, command) if type(verdict) is Accepted else []
        return msgspec.json.encode((verdict, events))

    def aimed(self, command):
        """A negative order id means one of the team's open orders."""
        open_orders = self.venue.queries.open_orders(command.team_id)
        if not open_orders:
            return command
        return msgspec.structs.replace(command, order_id=open_orders[-command.order_id % len(open_orders)].order_id)

    def answers(self):
        """Every answer that can be asked for."""
        ask = self.venue.queries
        teams = ask.teams()
        closed = {team.team_id: ask.closed_orders(team.team_id, limit=10_000, before=None) for team in teams}
        return msgspec.json.encode(
            [
                ask.market(),
                teams,
                [(ask.depth(here.instrument_id, 1_000), ask.trades(here.instrument_id, 1_000)) for here in INSTRUMENTS],
                [
                    (
                        ask.account(team.team_id),
                        ask.positions(team.team_id),
                        ask.last_seq(team.team_id),
                        ask.open_orders(team.team_id),
                        closed[team.team_id],
                        [ask.fills_of_order(team.team_id, order.order_id) for order in closed[team.team_id]],
                        ask.fills(team.team_id, after=0, limit=10_000),
                        ask.forgotten_orders(team.team_id),
                        ask.forgotten_fills(team.team_id),
                    )
                    for team in teams
                ],
                [ask.team_of_key(team.key_hash) for team in TEAMS],
            ]
        )


@given(
    prevention=selves_prevented,
    history=histories,
    before=st.lists(everything, max_size=60),
    after=st.lists(everything, min_size=1, max_size=40),
)
def test_from_any_point_on_both_judge_execute_and_answer_alike(prevention, history, before, after):
    rules = rulebook(prevention, history=history)
    original = Drive(Venue(rules, INSTRUMENTS))
    commands = (*TEAMS, *before, *after)
    point = len(TEAMS) + len(before)
    for number, command in enumerate(commands[:point], start=1):
        original.do(number, command)
        assert original.venue.live_hash() == original.venue.live_hash_made_anew()

    snapshot = decode(encode(original.venue.snapshot()))
    restored = Drive(Venue(rules, INSTRUMENTS, snapshot))

    assert restored.venue.state_hash() == original.venue.state_hash()
    assert restored.venue.live_hash() == original.venue.live_hash()
    assert restored.answers() == original.answers()
    for number, command in enumerate(commands[point:], start=point + 1):
        assert restored.do(number, command) == original.do(number, command)
        assert restored.venue.live_hash() == original.venue.live_hash() == original.venue.live_hash_made_anew()
    assert restored.venue.state_hash() == original.venue.state_hash()
    assert restored.answers() == original.answers()


def venue_with_a_book():
    venue = Drive(Venue(rulebook("none", {name: role() for name in ("maker", "fund", "retail")}), INSTRUMENTS))
    for number, command in enumerate((*TEAMS, *(SubmitOrder(1, CALL, "buy", 5, Price(99)) for _ in range(3)))):
        venue.do(number, command)
    return venue


def test_a_snapshot_does_not_change_with_the_venue_that_it_was_taken_of():
    drive = venue_with_a_book()
    snapshot = drive.venue.snapshot()
    before = encode(snapshot)

    drive.do(99, SubmitOrder(3, CALL, "sell", 7, Price(99)))
    drive.do(100, CancelOrder(1, 7))

    assert encode(snapshot) == before


def test_venues_restored_from_one_snapshot_do_not_share_anything():
    snapshot = venue_with_a_book().venue.snapshot()
    rules = rulebook("none", {name: role() for name in ("maker", "fund", "retail")})
    one, other = (Drive(Venue(rules, INSTRUMENTS, snapshot)) for _ in range(2))
    before = other.venue.state_hash()

    one.do(99, SubmitOrder(3, CALL, "sell", 7, Price(99)))

    assert other.venue.state_hash() == before != one.venue.state_hash()


def test_sums_of_money_beyond_64_bits_come_back():
    rules = Rulebook(roles={"trader": role()})
    large = (instrument(CALL, multiplier=400),)
    drive = Drive(Venue(rules, large))
    for name in ("ann", "bob"):
        drive.do(1, RegisterTeam(name, "trader", name.encode()))
    for _ in range(3):
        drive.do(2, SubmitOrder(1, CALL, "sell", 1_000_000, Price(100_000_000)))
        drive.do(3, SubmitOrder(2, CALL, "buy", 1_000_000, Price(100_000_000)))
        drive.do(4, SubmitOrder(1, CALL, "buy", 1_000_000, Price(1)))
        drive.do(5, SubmitOrder(2, CALL, "sell", 1_000_000, Price(1)))
    assert drive.venue.queries.account(1).cash > 2**63

    restored = Venue(rules, large, decode(encode(drive.venue.snapshot())))

    assert restored.state_hash() == drive.venue.state_hash()


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'["continuous"]', b"\xff"])
def test_bytes_that_are_no_snapshot_are_refused(data):
    with pytest.raises(msgspec.DecodeError):
        decode(data)
