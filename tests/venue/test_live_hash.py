"""The live hash is updated as commands are executed, and equals one that is computed from the whole state."""

import pytest
from core_stage import HISTORY, TEAMS, Stage, order, venue_after
from msgspec.structs import replace

from openoutcry.domain import commands
from openoutcry.domain.commands import Price
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import Rulebook
from openoutcry.venue.snapshots.state_hash import LIVE_HASH_VERSION, contradicts
from openoutcry.venue.venue import Venue
from reference import busy_session
from reference.workload import CALL, INSTRUMENTS, PUT, instrument, role, rulebook


def hash_after(*history, teams=TEAMS):
    return venue_after(*history, teams=teams).live_hash()


@pytest.mark.parametrize("asked_every", [1, 7, busy_session.STEPS])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_would_be_made_anew_after_every_command(seed, asked_every):
    """Whether the hash is asked for after every command or seldom."""
    roles = {name: role() for name in ("maker", "fund", "retail")}
    venue = Venue(rulebook(busy_session.PREVENTION[seed], roles), INSTRUMENTS)
    compared = 0
    for number, command in enumerate(busy_session.session(seed), start=1):
        if isinstance(venue.validate(command), Accepted):
            venue.execute(number, 1_000_000 * number, command)
        if number % asked_every == 0:
            assert venue.live_hash() == venue.live_hash_made_anew()
            compared += 1
    assert venue.live_hash() == venue.live_hash_made_anew()
    assert compared >= busy_session.STEPS // asked_every


def test_every_command_that_changes_what_is_at_work_changes_the_live_hash():
    seen = {hash_after(*HISTORY[:count]) for count in range(len(HISTORY) + 1)}
    after_all = {
        hash_after(*HISTORY, command)
        for command in (
            commands.CancelOrder(3, 3),
            commands.AmendOrder(3, 3, 2),
            commands.AmendOrder(3, 3, None, Price(97)),
            commands.AmendOrder(3, 3, 4),
            commands.HaltInstrument(CALL),
            commands.ListInstrument(instrument(PUT)),
            commands.SetPhase("closed"),
            commands.SuspendTeam(1),
            commands.SkipIds(1),
            commands.RotateKey(1, b"another"),
            commands.RegisterTeam("dan", "trader", b"dan"),
            order(1, "sell", 1, 98),
            order(1, "sell", 2, 98),
            order(3, "buy", 1, 90),
            order(3, "buy", 1, 90, client_order_id="b"),
        )
    }
    assert len(seen) == len(HISTORY) + 1
    assert len(after_all) == 15
    assert not seen & after_all


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param([(1, 5, 90), (1, 5, 80)], [(1, 5, 80), (1, 5, 90)], id="prices of two orders"),
        pytest.param([(1, 5, 90), (1, 6, 90)], [(1, 6, 90), (1, 5, 90)], id="quantities of two orders"),
        pytest.param([(1, 5, 90), (2, 5, 90)], [(2, 5, 90), (1, 5, 90)], id="owners of two orders"),
    ],
)
def test_orders_that_change_places_away_from_the_best_price_differ(one, other):
    def with_orders(resting):
        return hash_after(order(3, "buy", 1, 95), *(order(team, "buy", *terms) for team, *terms in resting))

    assert with_orders(one) != with_orders(other)


def test_a_position_whose_cost_was_released_otherwise_differs():
    """With the same quantity, cash and fees."""
    stage = Stage("ann", "bob")
    for command in (order(1, "buy", 3, 100), order(2, "sell", 3, 100)):
        stage.do(command)
    state = stage.venue.snapshot()
    team = state.teams[0]
    (holding,) = team.holdings

    def hash_with(more):
        changed = replace(holding, cost_basis=holding.cost_basis + more, realized_pnl=holding.realized_pnl + more)
        other = replace(state, teams=[replace(team, holdings=[changed]), *state.teams[1:]])
        return Venue(Rulebook(roles={"trader": role()}), snapshot=other).live_hash()

    assert hash_with(0) == stage.venue.live_hash()
    assert len({hash_with(more) for more in (-1, 0, 1)}) == 3


def test_a_sum_that_went_wrong_is_not_the_one_made_anew():
    stage = Stage("ann", "bob")
    for command in (order(1, "buy", 3, 100), order(2, "sell", 2, 100)):
        stage.do(command)
    kept = stage.venue.live_hash()
    team = stage.venue._state.team(1)

    team.working_sum += 1
    assert stage.venue.live_hash() != stage.venue.live_hash_made_anew() == kept
    team.working_sum -= 1
    team.positions_sum += 1
    assert stage.venue.live_hash() != stage.venue.live_hash_made_anew() == kept


def test_sums_of_money_and_of_orders_beyond_64_bits_are_hashed():
    stage = Stage("ann", "bob", rules=role(), instruments=(instrument(CALL, multiplier=400),))
    for _ in range(3):
        for team, side, ticks in ((1, "sell", 10**8), (2, "buy", 10**8), (1, "buy", 1), (2, "sell", 1)):
            stage.enter(team, side, 1_000_000, ticks)
    stage.do(commands.SkipIds(2**40))
    order_id = stage.enter(1, "sell", 1_000_000, 10**8)
    assert stage.queries.account(1).cash > 2**63
    assert order_id * 1_000_000 * 10**8 > 2**64

    assert stage.venue.live_hash() == stage.venue.live_hash_made_anew()
    # Whatever the build.
    assert stage.venue.live_hash() == "4:3c25daf54d048748c1f517a5391c55dd006035ca40cc981b190acb0971f6befd"


def test_the_live_hash_of_a_state_is_the_same_in_every_version_that_shares_its_number():
    """Where this fails, raise `LIVE_HASH_VERSION` and note the new hash: old journals hold the old one."""
    known = {4: "8c7e5e11dee304a75bdf6a89c127d242d80e6871d82d5ffbca8eab677ddb3552"}
    stage = Stage("ann", "bob", "cat")
    for command in HISTORY:
        stage.do(command)

    live_hash = stage.venue.live_hash()

    assert live_hash == f"{LIVE_HASH_VERSION}:{known[LIVE_HASH_VERSION]}"


def test_only_a_live_hash_of_the_same_version_can_contradict():
    assert contradicts("1:abc", "1:abd")
    assert not contradicts("1:abc", "1:abc")
    assert not contradicts("1:abc", "2:abd")
    assert not contradicts("", "1:abc")
