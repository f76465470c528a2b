"""A recorded match replayed through the venue, compared with its log row by row.

In the log, the trades that an Insert made follow it in their order. The maker's row comes before the taker's. The
background's sides are missing. The venue's fills are put in the same order, without the background's. They must equal
the log's Trade rows one by one: order, instrument, side, price, volume, maker or taker, and place in the whole file.
A trade under another Insert than in the log is a difference.
"""

from collections import deque
from collections.abc import Callable
from time import perf_counter

from openoutcry.domain.commands import CancelOrder, Command, Price, RegisterTeam, SubmitOrder
from openoutcry.domain.events import Event, OrderCancelled, OrderExecuted
from openoutcry.domain.orders import SIDE_NAMES
from openoutcry.domain.reasons import Accepted, Verdict
from openoutcry.domain.types import InstrumentId, OrderId, Sequence, TeamId, Ticks, TimestampUs
from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.venue import Venue
from proofs.match.log import BACKGROUND, Cancel, Insert, OrderKey, Row, Trade
from proofs.report import Report

INSTRUMENT_PREFIX = "FUT"
"""The log's instruments are 0 and 1; the scenario `match` calls them FUT0 and FUT1."""


def prove_match(rows: list[Row], advance: Callable[[], None]) -> Report:
    """Replay `rows` and report; `advance` is called after each of them."""
    report = Report("A recorded match, replayed through the venue")
    replay = MatchReplay(report)
    started = perf_counter()
    for row in rows:
        match row:
            case Insert():
                replay.insert(row)
            case Cancel():
                replay.cancel(row)
            case Trade():
                replay.trade(row)
        advance()
    replay.finish()
    seconds = perf_counter() - started
    inserts, cancels, trades = (sum(type(row) is kind for row in rows) for kind in (Insert, Cancel, Trade))
    report.facts["log"] = f"{inserts:,} inserts, {cancels:,} cancels, {trades:,} logged sides of trades"
    report.facts["replayed in"] = f"{seconds:.2f} s, {(inserts + cancels) / seconds:,.0f} commands/s"
    report.facts["state hash"] = replay.venue.state_hash()
    return report


class MatchReplay:
    """Sends the log's inserts and cancels to a venue of its own, and compares its events with the rest of the log."""

    def __init__(self, report: Report) -> None:
        scenario = load_scenario("match")
        self.venue = Venue(scenario.rulebook, scenario.instruments)
        self._role = scenario.registration.default_role
        self._sequence = 0
        self._teams: dict[str, TeamId] = {}
        self._order_ids: dict[OrderKey, OrderId] = {}
        self._keys: dict[OrderId, OrderKey] = {}
        self._logged_volume: dict[OrderKey, int] = {}
        self._due: deque[Trade] = deque()
        """Trades of the last insert in the venue that have not yet been found in the log."""
        self._entered = report.check("every insert is accepted")
        self._trades = report.check("every logged trade, in the log's sequence, and no other")
        self._remainders = report.check("every cancelled remainder")
        self._filled = report.check("filled quantity of every order that traded")

    def insert(self, row: Insert) -> None:
        self._expect_nothing_due()
        competitor, number = row.order
        command = SubmitOrder(
            self._team(competitor),
            InstrumentId(INSTRUMENT_PREFIX + row.instrument),
            SIDE_NAMES[row.side],
            row.volume,
            Price(Ticks(row.price)),
        )
        verdict, events = self._do(command)
        if not isinstance(verdict, Accepted):
            self._entered.differ(f"order {number} of {competitor or 'the background'}: {verdict}")
            return
        self._entered.compared += 1
        order_id = OrderId(verdict.new_id)
        self._order_ids[row.order] = order_id
        self._keys[order_id] = row.order
        fills = [event for event in events if isinstance(event, OrderExecuted)]
        fills.sort(key=lambda fill: (fill.trade_id, fill.liquidity_type == "taker"))
        for fill in fills:
            key = self._keys[fill.order_id]
            if key[0] != BACKGROUND:
                is_maker = fill.liquidity_type == "maker"
                self._due.append(Trade(key, row.instrument, fill.side, fill.quantity, fill.price, is_maker))

    def cancel(self, row: Cancel) -> None:
        self._expect_nothing_due()
        order_id = self._order_ids.get(row.order)
        if order_id is None:
            self._remainders.differ(f"{row.order}: cancelled, but never accepted")
            return
        _, events = self._do(CancelOrder(self._team(row.order[0]), order_id))
        found = next((event.cancelled_quantity for event in events if isinstance(event, OrderCancelled)), None)
        self._remainders.equal(row.order, expected=row.volume, found=found)

    def trade(self, row: Trade) -> None:
        found = self._due.popleft() if self._due else None
        self._trades.equal(row.order, expected=row, found=found)
        self._logged_volume[row.order] = self._logged_volume.get(row.order, 0) + row.volume

    def finish(self) -> None:
        """Make the comparisons that are possible only at the end."""
        self._expect_nothing_due()
        for key, order_id in self._order_ids.items():
            order = self.venue.queries.order(self._team(key[0]), order_id)
            filled = None if order is None else order.quantity - order.remaining_quantity
            if key in self._logged_volume or (filled and key[0] != BACKGROUND):
                self._filled.equal(key, expected=self._logged_volume.get(key, 0), found=filled)

    def _expect_nothing_due(self) -> None:
        while self._due:
            self._trades.differ(f"made in the venue, absent from the log: {self._due.popleft()}")

    def _team(self, competitor: str) -> TeamId:
        team_id = self._teams.get(competitor)
        if team_id is None:
            name = competitor or "background"
            verdict, _ = self._do(RegisterTeam(name, self._role, name.encode()))
            assert isinstance(verdict, Accepted), f"{name} cannot register: {verdict}"  # noqa: S101
            team_id = self._teams[competitor] = TeamId(verdict.new_id)
        return team_id

    def _do(self, command: Command) -> tuple[Verdict, list[Event]]:
        verdict = self.venue.validate(command)
        if not isinstance(verdict, Accepted):
            return verdict, []
        self._sequence += 1
        return verdict, self.venue.execute(Sequence(self._sequence), TimestampUs(self._sequence), command)
