"""A snapshot keeps everything that the venue holds: the test tries every slot of every object of the state.

If the state has a new field, this test names what is missing: `capture` (the hash does not notice the field), `restore`
(the field does not come back), or a value in `populated` (nothing tried it).
"""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from populated_venue import RULES, populated

from openoutcry.clearing.account import Account
from openoutcry.clearing.position import Position
from openoutcry.domain.claims import Claim
from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.quote_protection import NO_PROTECTION, ProtectionSettings
from openoutcry.domain.day.tasks import CancelOrders
from openoutcry.domain.events import OrderExecuted
from openoutcry.domain.instruments import Instrument, Settlement
from openoutcry.domain.orders import BUY
from openoutcry.domain.reasons import Accepted
from openoutcry.matching.book import BookSide, OrderBook
from openoutcry.matching.order import Order, PriceLevel, new_order
from openoutcry.runtime.process.build import CORE
from openoutcry.venue.bands import band_of
from openoutcry.venue.cash.requirement import equity, requirement
from openoutcry.venue.snapshots.capture import capture, restore
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.snapshots.state_hash import live_hash, state_hash
from openoutcry.venue.state.day.day import Day
from openoutcry.venue.state.day.timers import Timers
from openoutcry.venue.state.fairness import Fairness
from openoutcry.venue.state.margin import Margin
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.market_data import BookView, SideView
from openoutcry.venue.state.quote_protection import ProtectedGroup, QuoteProtection
from openoutcry.venue.state.standing import DutyRecord, Standing
from openoutcry.venue.state.team import Guard, Holding, Team
from openoutcry.venue.state.venue import VenueState
from openoutcry.venue.venue import Venue
from reference.workload import CALL, INSTRUMENTS, LATER, PUT, TEAMS, everything, histories, role, rulebook

if CORE == "compiled":
    pytest.skip("a compiled class does not tell its slots", allow_module_level=True)


PARTS = (
    VenueState,
    Market,
    BookView,
    OrderBook,
    BookSide,
    SideView,
    PriceLevel,
    Order,
    Team,
    Guard,
    Standing,
    DutyRecord,
    QuoteProtection,
    ProtectedGroup,
    Margin,
    Account,
    Holding,
    Position,
    Day,
    Timers,
    Fairness,
)

FOLLOWS = {
    # The scenario has them.
    (VenueState, "rulebook"),
    (VenueState, "self_trade_prevention"),
    (VenueState, "delta_unit"),
    (Market, "delta_parts"),
    (Market, "rests_on"),
    (Standing, "rules"),
    # What teams could lose, from what they hold and have open.
    *((Margin, slot) for slot in Margin.__slots__),
    (Team, "margin"),
    # The role says so.
    (Team, "has_limits"),
    (DutyRecord, "duty"),
    (DutyRecord, "required"),
    # They are arguments of the venue.
    (VenueState, "max_teams"),
    (VenueState, "max_client_order_ids"),
    # The instrument has them.
    (Market, "tick_value"),
    (Market, "trades_at_once"),
    (Market, "instrument_id"),
    (Market, "is_option"),
    (Market, "maximum_ticks"),
    (BookView, "instrument_id"),
    (BookSide, "side"),
    (Team, "rules"),
    (Team, "history"),
    (Team, "kept_orders"),
    (Holding, "counts_as_option"),
    (Holding, "instrument_id"),
    # The groups that are to be judged.
    (VenueState, "groups_to_judge"),
    # Indexes: by name, by key, and by place in the list.
    (VenueState, "team_of_key"),
    (VenueState, "team_of_name"),
    (VenueState, "teams_of_owner"),
    (Team, "team_id"),
    (Order, "team_id"),
    (Order, "owner"),
    # The queues of a book, from the ids in their order.
    (BookSide, "levels"),
    (BookSide, "ranks"),
    (BookSide, "best_rank"),
    (BookSide, "counted_from"),
    (BookSide, "counted_quantity"),
    (PriceLevel, "first"),
    (PriceLevel, "last"),
    (PriceLevel, "price"),
    (PriceLevel, "quantity"),
    (PriceLevel, "rank"),
    (Order, "level"),
    (Order, "next"),
    (Order, "previous"),
    (Order, "rank"),
    # What open orders and positions count in a live hash.
    (Team, "working_sum"),
    (Team, "positions_sum"),
    (Team, "changed_holdings"),
    (Holding, "hash_share"),
    (Holding, "is_to_be_summed"),
    # The fills of the team say whose they are.
    (Order, "fills"),
    # The phases of the session and of the market itself.
    (Market, "phase"),
    (Market, "matches"),
    (Market, "gathers"),
    (Market, "indicates"),
    # Orders at work that live one batch.
    (Market, "fleeting"),
    # The mark and the underlying's price.
    (Market, "band"),
    # Empty between commands.
    (Day, "begun"),
    (BookSide, "changed"),
    (SideView, "top_changed"),
    (Holding, "is_to_be_told"),
    (Market, "is_to_be_told"),
}
"""What a snapshot leaves out, because it follows from the rest. It must come back all the same."""


def parts_of(root):
    """Every object of the state that can be reached, once, with where it stands."""
    found, waiting = {}, [(root, "state")]
    while waiting:
        thing, where = waiting.pop()
        if isinstance(thing, dict):
            waiting += [(value, f"{where}[{key!r}]") for key, value in thing.items()]
        elif isinstance(thing, list | tuple | deque):
            waiting += [(value, f"{where}[{place}]") for place, value in enumerate(thing)]
        elif type(thing) in PARTS and id(thing) not in found:
            found[id(thing)] = (thing, where)
            waiting += [(getattr(thing, slot, None), f"{where}.{slot}") for slot in type(thing).__slots__]
    return list(found.values())


def assert_same(one, other, where="state", seen=None):
    """The two hold the same, object for object, whichever way one goes through them."""
    seen = {} if seen is None else seen
    assert type(one) is type(other), where
    if isinstance(one, dict):
        # Nobody goes through levels or keys by these indexes; of any other mapping the order counts.
        in_order = sorted if where.endswith((".levels", ".team_of_key")) else list
        assert in_order(one) == in_order(other), where
        for key in one:
            assert_same(one[key], other[key], f"{where}[{key!r}]", seen)
    elif isinstance(one, list | tuple | deque):
        assert len(one) == len(other), where
        for place, (here, there) in enumerate(zip(one, other, strict=True)):
            assert_same(here, there, f"{where}[{place}]", seen)
    elif type(one) in PARTS:
        if id(one) in seen:
            assert seen[id(one)] is other, where
            return
        seen[id(one)] = other
        for slot in type(one).__slots__:
            here, there = getattr(one, slot, None), getattr(other, slot, None)
            if (type(one), slot) == (Holding, "quotes"):
                # A closed quote counts as none, and is not kept.
                here, there = [one.quote(0), one.quote(1)], [other.quote(0), other.quote(1)]
            assert_same(here, there, f"{where}.{slot}", seen)
    else:
        assert one == other, where


def again(state):
    return restore(decode(encode(capture(state))), state.rulebook)


SLOTS = [(part, slot) for part in PARTS for slot in part.__slots__]
KEPT = [pair for pair in SLOTS if pair not in FOLLOWS]
NAMES = [f"{part.__name__}.{slot}" for part, slot in KEPT]


def test_every_part_of_the_state_is_known_to_this_test():
    """An object that is not among `PARTS`, and no frozen value, would be compared without looking inside."""
    for thing, where in parts_of(populated()):
        for slot in type(thing).__slots__:
            value = getattr(thing, slot, None)
            inside = list(value.values()) if isinstance(value, dict) else [value]
            inside += value if isinstance(value, list | tuple | deque) else ()
            for element in inside:
                kind = type(element)
                mutable = kind.__module__.startswith("openoutcry.") and not hasattr(kind, "__struct_fields__")
                assert kind in PARTS or not mutable, f"{where}.{slot} holds a {kind.__name__}: add it to PARTS"


def test_what_is_left_out_exists():
    assert set(SLOTS) >= FOLLOWS


@pytest.mark.parametrize(("part", "slot"), KEPT, ids=NAMES)
@pytest.mark.makes_money
def test_a_change_of_any_field_changes_the_hash(part, slot):
    state = populated()
    before = state_hash(capture(state))
    things = [thing for thing, _ in parts_of(state) if type(thing) is part]
    things.sort(key=lambda thing: getattr(thing, slot, None) is None)
    empty = ({}, [], deque(), [None, None])
    thing = next((thing for thing in things if getattr(thing, slot, None) not in empty), None)
    assert thing is not None, f"{part.__name__}.{slot} is empty in all that is tried: give it a value"
    value = getattr(thing, slot, None)
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
    if slot != "quotes" and any(type(element) in PARTS for element in inside):
        return  # looked into itself
    setattr(thing, slot, other_than(value))
    assert state_hash(capture(state)) != before, f"the snapshot leaves out {part.__name__}.{slot}"


def other_than(value):
    match value:
        case dict():
            return dict(list(value.items())[1:])
        case deque() if isinstance(value[0], tuple):
            return deque([other_than(value[0]), *list(value)[1:]])
        case deque():
            return deque(list(value)[1:])
        case [Order(), _] | [_, Order()]:
            return [None, None]
        case list() | tuple():
            return type(value)([other_than(value[0]), *value[1:]])
        case Instrument():
            return structs.replace(value, multiplier=value.multiplier + 1)
        case Mark():
            return structs.replace(value, value=value.value + 1)
        case ProtectionSettings():
            return structs.replace(value, quantity=value.quantity + 1)
        case PhaseAt():
            return structs.replace(value, at=value.at + 1)
        case Settlement():
            return structs.replace(value, settlement_price=value.settlement_price + 1)
        case CancelOrders():
            return CancelOrders(value.team_id + 1)
        case Claim():
            return structs.replace(value, quantity=value.quantity + 1)
        case bool():
            return not value
        case None:
            return 1
        case int():
            return value + 1
        case str() if value in {CALL, PUT, LATER.instrument_id}:
            return CALL if value == PUT else PUT
        case str() | bytes():
            return value + value
        case OrderExecuted():
            return structs.replace(value, fees=value.fees + 1)
    raise AssertionError(f"no other value than {value!r} comes to mind")


@pytest.mark.parametrize(("part", "slot"), KEPT, ids=NAMES)
def test_what_is_tried_has_another_value_than_a_new_one(part, slot):
    """So that `restore` cannot be right by leaving the field alone."""
    new = {
        VenueState: VenueState(RULES, INSTRUMENTS),
        Day: Day(),
        Timers: Timers(),
        Fairness: Fairness(),
        Market: Market(INSTRUMENTS[0]),
        QuoteProtection: QuoteProtection(),
        ProtectedGroup: ProtectedGroup(NO_PROTECTION),
        BookView: BookView(CALL, OrderBook()),
        SideView: SideView(BookSide(BUY)),
        Team: Team(1, "", "maker", role(), 0, b"", RULES.history),
        Account: Account(role().starting_cash),
        Holding: Holding(CALL, True),
        Position: Position(),
        Order: new_order(0, 0, 0, CALL, 0, 0, 0, "", None, "", 0),
    }
    values = [getattr(thing, slot, None) for thing, _ in parts_of(populated()) if type(thing) is part]
    assert values
    if part in new:
        default = getattr(new[part], slot, None)
        assert any(value != default for value in values), f"give {part.__name__}.{slot} another value than {default!r}"


def assert_comes_back(state):
    restored = again(state)
    # Brings what is counted for it up to date.
    assert live_hash(restored) == live_hash(state)
    for venue in (state, restored):
        for market in venue.markets.values():
            band_of(venue, market)
    for team in (*state.teams, *restored.teams):
        if team.margin is not None:
            kept = {here: values for here, values in team.margin.open_values.items() if any(values)}
            team.margin.take_open_orders(team.open_orders.values())
            assert kept == team.margin.open_values
            team.margin.value_anew(team.holdings)
            requirement(state, team, team.margin)
            equity(state, team)
    assert_same(state, restored)


def test_everything_comes_back():
    assert_comes_back(populated())


@given(history=histories, steps=st.lists(everything, max_size=60))
def test_everything_comes_back_after_any_commands(history, steps):
    venue = Venue(rulebook("expire_both", history=history), INSTRUMENTS)
    for number, command in enumerate((*TEAMS, *steps), start=1):
        if type(venue.validate(command)) is Accepted:
            venue.execute(number, 1_000 * number, command)
    assert_comes_back(venue._state)
