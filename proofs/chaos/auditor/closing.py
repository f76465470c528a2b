"""The end of the audit: compares everything that clients were told with the final truth."""

from collections import defaultdict
from decimal import Decimal
from typing import Any, Final

from openoutcry.protocol.stream import NewOrderAck, PrivateMessage
from proofs.chaos.auditor.auditor import DELIVERY, Auditor
from proofs.chaos.auditor.examiner import House, TeamTruth, Truth
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.auditor.history import History
from proofs.chaos.auditor.ledger import Fill, Ledger, decimal, money
from proofs.chaos.auditor.told import Occasion, ToldState
from proofs.chaos.machine.server import Life, Server

TOLD_IS_TRUE: Final = "what a client was told stays true"
QUERIES: Final = "queries agree with the stream"
CONSERVED: Final = "nothing is made or lost between teams"


class Closing:
    """Folds each team's stream, then compares. `lives` say what may have been lost, where answers did not wait."""

    def __init__(self, auditor: Auditor, server: Server, truth: Truth, history: History) -> None:
        self.ledgers: Final[dict[str, Ledger]] = {}
        self._auditor = auditor
        self._findings: Findings = auditor.findings
        self._lives: list[Life] = server.lives
        self._scenario = server.scenario
        self._truth = truth
        self._history = history
        self._events: dict[str, list[PrivateMessage]] = {team.bot: team.events for team in truth.teams}

    def examine(self, quiet_at: str) -> None:
        """`quiet_at`: the time until which bots were connected, and by which all messages to them had arrived."""
        for team in self._truth.teams:
            self._fold(team)
            self._check_queries(team)
        self._check_events_told()
        self._check_deliveries(quiet_at)
        self._check_settlements()
        self._check_ids()
        self._check_trades()
        self._check_sums()
        self._check_books()

    def may_be_lost(self, occasion: Occasion) -> bool:
        since = self._lives[occasion.life - 1].may_be_lost_since
        return since is not None and occasion.time >= since

    # ---- each team by itself

    def _fold(self, team: TeamTruth) -> None:
        """Read the stream event by event; on the way, compare every state that was told with the ledger at that
        event.
        """
        ledger = self.ledgers[team.bot] = Ledger(
            team.bot,
            self._scenario.rulebook.roles[team.role],
            self._history,
            self._findings,
        )
        told = sorted((state for state in self._auditor.states if state.bot == team.bot), key=_as_of_seq, reverse=True)
        for event in [None, *team.events]:
            if event is not None:
                ledger.read(event)
            while told and told[-1].as_of_seq == ledger.seq:
                self._check_state(ledger, told.pop())
        ledger.check_at_rest()
        for state in told:
            self._findings.check(
                self.may_be_lost(state.occasion),
                TOLD_IS_TRUE,
                f"{team.bot} was told a state after event {state.as_of_seq} of {ledger.seq} by {state.source}",
            )

    def _check_state(self, ledger: Ledger, state: ToldState) -> None:
        if self.may_be_lost(state.occasion):
            return
        about = f"{state.bot} {state.source} as of {state.as_of_seq} at {state.occasion.time:.6f}"
        if state.positions is not None:
            self._findings.equal(QUERIES, f"{about}: positions", expected=ledger.positions, told=state.positions)
        if state.open_orders is not None:
            self._findings.equal(
                QUERIES, f"{about}: open orders", expected=_open(ledger), told=_shown(state.open_orders)
            )
        if state.account is not None:
            self._check_account(ledger, state.account, about)
        if state.fills is not None:
            expected = [fill.report.trade_id for fill in ledger.fills[: len(state.fills)]]
            told = [fill["trade_id"] for fill in state.fills]
            self._findings.equal(QUERIES, f"{about}: fills", expected=expected, told=told)

    def _check_account(self, ledger: Ledger, account: dict[str, Any], about: str) -> None:
        kept = (ledger.cash, ledger.fees, len(ledger.open_orders))
        told = (decimal(account["cash"]), decimal(account["fees_paid"]), account["open_orders"])
        self._findings.equal(QUERIES, f"{about}: cash, fees, open orders", expected=kept, told=told)
        for instrument_id, line in account["exposure"].items():
            expected = (
                ledger.positions.get(instrument_id, 0),
                ledger.open_quantity(instrument_id, "buy"),
                ledger.open_quantity(instrument_id, "sell"),
            )
            shown = (line["position"], line["open_buy_quantity"], line["open_sell_quantity"])
            self._findings.equal(QUERIES, f"{about}: {instrument_id}", expected=expected, told=shown)

    def _check_queries(self, team: TeamTruth) -> None:
        """At the end everything that was ever ordered is found, open or closed, with every fill."""
        ledger = self.ledgers[team.bot]
        self._findings.equal(QUERIES, f"{team.bot} as_of_seq", expected=ledger.seq, told=team.as_of_seq)
        shown = _shown(team.open_orders) | _shown(team.closed_orders)
        kept = {
            order_id: (order.ack.client_order_id, order.remaining_quantity, order.price)
            for order_id, order in ledger.orders.items()
        }
        self._findings.equal(QUERIES, f"{team.bot} orders", expected=kept, told=shown)
        told = [(fill["trade_id"], fill["order_id"], fill["quantity"], fill["price"]) for fill in team.fills]
        reports = [fill.report for fill in ledger.fills]
        fills = [(each.trade_id, each.order_id, each.quantity, each.price) for each in reports]
        self._findings.equal(QUERIES, f"{team.bot} fills", expected=fills, told=told)

    # ---- what was told, and what was delivered

    def _check_events_told(self) -> None:
        for told in self._auditor.events:
            stream, seq = self._events[told.bot], told.event.seq
            is_true = seq <= len(stream) and stream[seq - 1] == told.event
            self._findings.check(
                is_true or self.may_be_lost(told.occasion),
                TOLD_IS_TRUE,
                f"{told.bot} was told {told.event} at {told.occasion.time:.6f}, which is not in its stream",
            )

    def _check_deliveries(self, until: str) -> None:
        """After the last reset, a bot's handler has seen exactly the stream."""
        may_lose = any(life.may_be_lost_since is not None for life in self._lives)
        self._findings.check(may_lose or not self._auditor.resets, DELIVERY, "a stream began anew, but no power failed")
        self._findings.check(
            may_lose or not self._auditor.lockouts, "a key that was given opens", "a bot is locked out"
        )
        for bot, stream in self._events.items():
            delivered, first = self._auditor.delivered_to[bot], self._auditor.began_after[bot] or 0
            for event in stream[first:]:
                if event.timestamp <= until:
                    told = delivered.get(event.seq)
                    self._findings.equal(DELIVERY, f"{bot} {event.seq}", expected=event, told=told)
            self._findings.check(len(delivered) <= len(stream), DELIVERY, f"{bot} was told more than there is")

    def _check_settlements(self) -> None:
        """What the client has told its bot of each order, lost answers or not."""
        for bot, by_client_order_id in self._auditor.settlements.items():
            ledger = self.ledgers[bot]
            for client_order_id, outcomes in by_client_order_id.items():
                executed = ledger.order_of_client_id.get((1, client_order_id))
                if set(outcomes) == {None} and not self._history.has_day:  # in the next session, it may be refused
                    self._findings.check(
                        executed is None,
                        "an order is never both refused and executed",
                        f"{bot} {client_order_id} was refused, but is {executed}",
                    )

    # ---- between teams

    def _check_ids(self) -> None:
        """An id never names two things, even if its order was lost."""
        named: dict[str, tuple[str, str | None]] = {}
        for told in self._auditor.events:
            if isinstance(told.event, NewOrderAck):
                name = (told.bot, told.event.client_order_id)
                other = named.setdefault(told.event.order_id, name)
                self._findings.equal("no id is given twice", told.event.order_id, expected=other, told=name)

    def _check_trades(self) -> None:
        fills: defaultdict[str, list[Fill]] = defaultdict(list)
        for ledger in self.ledgers.values():
            for fill in ledger.fills:
                fills[fill.report.trade_id].append(fill)
        for trade_id, sides in fills.items():
            reports = [side.report for side in sides]
            one_of_each = {report.side for report in reports} == {"buy", "sell"} and len(reports) == 2
            same = len({(each.instrument_id, each.price, each.quantity, each.timestamp) for each in reports}) == 1
            self._findings.check(one_of_each and same, CONSERVED, f"{trade_id} has the sides {sides}")
        for occasion, trade in self._auditor.trades:
            is_true = any(
                (side.report.price, side.report.quantity) == (trade.price, trade.quantity)
                for side in fills.get(trade.trade_id, ())
            )
            self._findings.check(
                is_true or self.may_be_lost(occasion), TOLD_IS_TRUE, f"{trade} was told at {occasion.time:.6f}"
            )
        public = {each["trade_id"] for trades in self._truth.trades.values() for each in trades}
        self._findings.check(public <= set(fills), CONSERVED, f"nobody made the trades {public - set(fills)}")

    def _check_sums(self) -> None:
        house = self._truth.house
        for instrument_id in self._history.instruments:
            held = sum(ledger.positions.get(instrument_id, 0) for ledger in self.ledgers.values())
            held += house.positions.get(instrument_id, 0)
            self._findings.equal(CONSERVED, f"contracts of {instrument_id}", expected=0, told=held)
        started = sum(money(self._scenario.rulebook.roles[team.role].starting_cash) for team in self._truth.teams)
        owned = sum((decimal(team.account["cash"]) for team in self._truth.teams), self._cash_of(house))
        fees = sum((decimal(team.account["fees_paid"]) for team in self._truth.teams), Decimal(0))
        self._findings.equal(CONSERVED, "cash and fees", expected=started, told=owned + fees)

    def _cash_of(self, house: House) -> Decimal:
        """Its equity, without what its positions are worth at the last marks."""
        cash = decimal(house.equity)
        for instrument_id, held in house.positions.items():
            mark = self._history.mark_at(instrument_id, max(self._history.commands))
            if held and mark is not None:
                cash -= money(held * mark.value * self._history.instruments[instrument_id].multiplier)
        return cash

    def _check_books(self) -> None:
        """The public books at the end are exactly the teams' open orders."""
        for instrument_id, book in self._truth.books.items():
            for name, side, best_is_highest in (("bids", "buy", True), ("asks", "sell", False)):
                levels: defaultdict[float, int] = defaultdict(int)
                for ledger in self.ledgers.values():
                    for order in ledger.open_orders.values():
                        if order.ack.instrument_id == instrument_id and order.ack.side == side:
                            levels[order.price or 0.0] += order.remaining_quantity
                expected = [list(level) for level in sorted(levels.items(), reverse=best_is_highest)]
                told = [[level["price"], level["quantity"]] for level in book[name]]
                self._findings.equal(
                    "the books hold all open orders", f"{instrument_id} {name}", expected=expected, told=told
                )


def _as_of_seq(state: ToldState) -> int:
    return state.as_of_seq


def _open(ledger: Ledger) -> dict[str, tuple[str | None, int, float | None]]:
    return {
        order_id: (order.ack.client_order_id, order.remaining_quantity, order.price)
        for order_id, order in ledger.open_orders.items()
    }


def _shown(orders: list[dict[str, Any]]) -> dict[str, tuple[str | None, int, float | None]]:
    return {
        order["order_id"]: (order["client_order_id"], order["remaining_quantity"], order["price"]) for order in orders
    }
