"""The whole proof: play the day, compare it with the naive exchange, and replay its journal."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Final

from openoutcry.domain.events import Event, OrderExecuted, TradePrinted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import replay
from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.venue import Venue
from proofs.day.play import CLOSE_AT, HALTED, SCENARIO, Played, play_day
from proofs.order_flow.rows import Row
from proofs.report import Report
from proofs.server_process import replayed_state_hash

Trade = tuple[int, int]
"""Price and quantity."""

EXPECTED_PHASES: Final = {
    True: ["pre_open", "continuous", "halted", "reopening_call", "continuous", "closed"],
    False: ["pre_open", "continuous", "closed"],
}
"""By whether the instrument is the one that is halted. Auctions begin and end within a second."""


def prove_day(rows: list[tuple[float, Row]], data: Path, say: Callable[[str], None]) -> Report:
    """Play `rows` as a day through an exchange on the empty directory `data`."""
    report = Report("The recorded hour, played as a trading day")
    say("playing")
    played = play_day(rows, data)
    say("comparing")
    heard = _Heard()
    venue = heard.replay(data)
    _check_phases(report, played)
    verdicts = report.check("verdicts are those that the phase and the naive book explain")
    verdicts.compared = played.verdicts
    for surprise in played.surprises:
        verdicts.differ(surprise)
    _check_trades(report, played, heard)
    _check_books(report, played)
    _check_positions(report, played)
    say("replaying the journal")
    hashes = report.check("state hash: openoutcry replay = the exchange's at close = in-process replay")
    hashes.equal("openoutcry replay", expected=played.state_hash, found=replayed_state_hash(data))
    hashes.equal("in-process replay", expected=played.state_hash, found=venue.state_hash())
    _tell_facts(report, rows, played, heard)
    return report


class _Heard:
    """Trades by instrument as the journal, replayed, tells them."""

    def __init__(self) -> None:
        self.continuous: dict[str, list[Trade]] = defaultdict(list)
        self.auctions: dict[str, list[Trade]] = defaultdict(list)

    def replay(self, data: Path) -> Venue:
        scenario = load_scenario(SCENARIO)
        venue = Venue(scenario.rulebook, scenario.instruments)
        for _ in replay(JournalReader(DataDirectory(data).journal), venue, [self._hear]):
            pass
        return venue

    def _hear(self, _sequenced: Sequenced, events: list[Event]) -> None:
        at_auction = {
            event.trade_id for event in events if isinstance(event, OrderExecuted) and event.liquidity_type == "auction"
        }
        for event in events:
            if isinstance(event, TradePrinted):
                trades = self.auctions if event.trade_id in at_auction else self.continuous
                trades[event.instrument_id].append((event.price, event.quantity))


def _check_phases(report: Report, played: Played) -> None:
    check = report.check("each instrument went through its phases in order, and closed on time")
    for name in played.books:
        phases = [(second, phase) for second, changed, phase in played.phases if changed == name]
        check.equal(name, expected=EXPECTED_PHASES[name == HALTED], found=[phase for _, phase in phases])
        check.equal(f"{name}'s close", expected=CLOSE_AT, found=phases[-1][0])


def _check_trades(report: Report, played: Played, heard: _Heard) -> None:
    trades = report.check("continuous trades, price and quantity in order: journal = naive exchange")
    auctions = report.check("auctions, price and volume: journal = every price tried")
    for name, book in played.books.items():
        trades.equal(f"{name}, how many", expected=len(book.trades), found=len(heard.continuous[name]))
        for place, (naive, found) in enumerate(zip(book.trades, heard.continuous[name], strict=False), start=1):
            trades.equal(f"{name}'s trade {place}", expected=naive[:2], found=found)
        prices = [price for price, volume in book.auctions if volume]
        found_prices = list(dict.fromkeys(price for price, _ in heard.auctions[name]))
        auctions.equal(f"{name}'s prices", expected=prices, found=found_prices)
        volume = sum(volume for _, volume in book.auctions)
        auctions.equal(f"{name}'s volume", expected=volume, found=sum(lots for _, lots in heard.auctions[name]))


def _check_books(report: Report, played: Played) -> None:
    check = report.check("books before the close, every level shown: exchange = naive exchange")
    for name, depth in played.depths.items():
        check.equal(name, expected=played.naive_depths[name], found=depth)


def _check_positions(report: Report, played: Played) -> None:
    check = report.check("positions of every team: exchange = naive exchange; they sum to zero")
    for name, book in played.books.items():
        for team, positions in played.positions.items():
            check.equal(f"team {team} in {name}", expected=book.positions[team], found=positions.get(name, 0))
        check.equal(name, expected=0, found=sum(positions.get(name, 0) for positions in played.positions.values()))


def _tell_facts(report: Report, rows: list[tuple[float, Row]], played: Played, heard: _Heard) -> None:
    refused = ", ".join(f"{count:,} {code}" for code, count in sorted(played.refused.items())) or "none"
    report.facts |= {
        "rows": f"{len(rows):,}",
        "refused": refused,
        "phases": "; ".join(f"{second} s {name} {phase}" for second, name, phase in played.phases),
        "auctions": "; ".join(
            f"{name} {volume:,} lots at {price}" if volume else f"{name} nothing"
            for name, book in played.books.items()
            for price, volume in book.auctions
        ),
        "continuous": "; ".join(f"{name} {len(trades):,} trades" for name, trades in heard.continuous.items()),
        "state hash": played.state_hash,
    }
