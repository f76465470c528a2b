"""Money is conserved after every command of every venue in this process: whoever runs one runs this check.

- Positions of each instrument add up to 0 over all teams.
- Cash of all teams, the exchange's own among them, and the fees collected are what registrations brought in.
- Each team's cash is what it began with, and what its holdings have brought, less its fees.
- A position is told as it is.

While an instrument is paid out in slices, positions that wait count at what they will be paid. Only what a command's
events touch is looked at after it, and now and then everything.
"""

from collections import deque
from contextlib import contextmanager
from types import SimpleNamespace

from openoutcry.domain.day.tasks import PayOut
from openoutcry.domain.events import InstrumentSettled, PositionUpdated, TeamRegistered
from openoutcry.venue.venue import Venue

COMMANDS_BETWEEN_FULL_CHECKS = 500

_execute = Venue.execute
_switch = SimpleNamespace(is_off=False)
_newest = deque(maxlen=10)
"""Venues whose first command came last, to be looked at once more."""
_violations = []
"""Since then; whatever runs a venue may have caught what was raised."""


def check_every_venue():
    """From now on, in this process. Only where the core is interpreted."""
    Venue.execute = _execute_checked


@contextmanager
def unchecked():
    """While inside, nothing is looked at: money is made on purpose."""
    before, _switch.is_off = _switch.is_off, True
    try:
        yield
    finally:
        _switch.is_off = before


def look_back():
    """Look once more at everything in the newest venues. Raises if money was ever made or lost since the last time."""
    venues, violations = list(_newest), list(_violations)
    _newest.clear()
    _violations.clear()
    assert not violations, violations[0]
    for venue in venues:
        books = venue.__dict__.get("_books")
        if books is not None:
            books.check_everything()


def _execute_checked(self, sequence, now, command):
    if _switch.is_off:
        self._books = None
        return _execute(self, sequence, now, command)
    books = self.__dict__.get("_books") or _begin(self, command)
    self._books = None  # after a command that fails there is nothing to compare with
    events = _execute(self, sequence, now, command)
    try:
        books.check(events)
    except AssertionError as violation:
        _violations.append(f"{violation}, after {command!r}")
        raise
    self._books = books
    return events


def _begin(venue, command):
    try:
        books = Books(venue._state)
    except AssertionError as violation:
        _violations.append(f"{violation}, before {command!r}")
        raise
    _newest.append(venue)
    return books


class Books:
    """What one venue has told of money and positions, beside its state."""

    def __init__(self, state):
        self._state = state
        self._started_with = [team.rules.starting_cash for team in state.teams]
        self._all_started_with = sum(self._started_with)
        self._cash = [0] * len(state.teams)
        self._all_cash = 0
        self._brought = list(self._started_with)
        """By team: what it began with, and what its holdings have brought."""
        self._held = {}
        """By team and instrument: position, and what the holding has brought."""
        self._sums = {}
        """Of positions, by instrument."""
        self._paying = {
            market.instrument_id: market.settlement.settlement_price * market.tick_value
            for market in state.markets.values()
            if market.settlement is not None
        }
        """What a contract gets, of instruments of which not every holder has been paid."""
        self._commands = 0
        for team in state.teams:
            self._take_cash(team)
            for holding in team.holdings.values():
                self._take(team, holding)
        self._check_sums(list(self._sums))
        self._check_money()
        for team in state.teams:
            self._check_team(team)

    def check(self, events):
        """After a command."""
        self._commands += 1
        touched = []
        for event in events:
            kind = type(event)
            if kind is PositionUpdated:
                touched.append(event)
            elif kind is TeamRegistered:
                self._register(event.new_team_id)
            elif kind is InstrumentSettled:
                market = self._state.markets[event.instrument_id]
                self._paying[event.instrument_id] = event.settlement.settlement_price * market.tick_value
        for event in touched:
            self._take_told(event)
        if touched or self._paying:
            self._check_sums({event.instrument_id for event in touched} | self._paying.keys())
        self._check_money()
        for event in touched:
            self._check_team(self._state.teams[event.team_id - 1])
        if self._commands % COMMANDS_BETWEEN_FULL_CHECKS == 0:
            self.check_everything()

    def check_everything(self):
        """Whatever no event told has not changed either."""
        for team in self._state.teams:
            told = self._cash[team.team_id - 1]
            assert team.account.cash == told, f"team {team.team_id} has {team.account.cash}, and was told {told}"
            for here, holding in team.holdings.items():
                told = self._held.get((team.team_id, here), (0, 0))
                assert _told_of(holding.position) == told, f"team {team.team_id} was told otherwise of {here}"
            self._check_team(team)
        self._check_sums(list(self._sums))
        self._check_money()

    # ---- what is told -------------------------------------------------------------------------------------------

    def _register(self, team_id):
        team = self._state.teams[team_id - 1]
        cash = team.rules.starting_cash
        self._started_with.append(cash)
        self._all_started_with += cash
        self._brought.append(cash)
        self._cash.append(0)
        self._take_cash(team)
        self._check_team(team)

    def _take_told(self, event):
        team = self._state.teams[event.team_id - 1]
        holding, account = team.holdings[event.instrument_id], team.account
        position = holding.position
        told = event.position, event.cost_basis, event.realized_pnl, event.cash, event.fees_paid
        held = position.quantity, position.cost_basis, position.realized_pnl, account.cash, account.fees_paid
        assert told == held, f"team {team.team_id} was told {told} of {event.instrument_id}, and has {held}"
        self._take(team, holding)
        self._take_cash(team)

    def _take(self, team, holding):
        place = team.team_id, holding.instrument_id
        quantity, brought = told = _told_of(holding.position)
        before, brought_before = self._held.get(place, (0, 0))
        self._held[place] = told
        self._sums[holding.instrument_id] = self._sums.get(holding.instrument_id, 0) + quantity - before
        self._brought[team.team_id - 1] += brought - brought_before

    def _take_cash(self, team):
        place, cash = team.team_id - 1, team.account.cash
        self._all_cash += cash - self._cash[place]
        self._cash[place] = cash

    # ---- what must hold -----------------------------------------------------------------------------------------

    def _check_sums(self, instruments):
        waiting = {task.instrument_id for task in self._state.day.tasks if type(task) is PayOut} if self._paying else ()
        for here in instruments:
            if here in waiting:
                continue
            self._paying.pop(here, None)
            assert not self._sums.get(here), f"positions of {here} add up to {self._sums[here]}"

    def _check_money(self):
        paying = self._paying
        owed = sum([value * self._sums.get(here, 0) for here, value in paying.items()]) if paying else 0
        made = self._all_cash + self._state.fees_collected + owed - self._all_started_with
        assert not made, f"{made} units of money were made"

    def _check_team(self, team):
        brought = self._brought[team.team_id - 1] - team.account.fees_paid
        assert team.account.cash == brought, f"team {team.team_id} has {team.account.cash}, and should have {brought}"


def _told_of(position):
    return position.quantity, position.realized_pnl - position.cost_basis
