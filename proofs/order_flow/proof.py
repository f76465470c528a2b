"""The whole proof: start a server, drive the flow through it, stop it, compare, and ask its journal."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import aiohttp

from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import Scenario
from proofs.order_flow import checks
from proofs.order_flow.participants import Unexpected
from proofs.order_flow.rows import Amend, Cancel, Insert, Row
from proofs.order_flow.session import Session, run_session
from proofs.order_flow.streams import Stalled
from proofs.order_flow.twin import Twin
from proofs.report import Report
from proofs.server_process import ServerFailed, ServerProcess, replayed_state_hash, reserved_port

SCENARIO: Final = "orderflow"


def prove_order_flow(
    rows: list[Row],
    *,
    is_whole_file: bool,
    teams: int,
    data_directory: Path,
    advance: Callable[[], None],
    say: Callable[[str], None],
) -> Report:
    """Drive `rows` through a server on the empty `data_directory`.

    `advance` is called after each row, `say` with what is being done.
    """
    report = Report("Recorded order flow, driven through a running server")
    scenario = load_scenario(SCENARIO)
    say("sending")
    with reserved_port() as port, ServerProcess(SCENARIO, data_directory, port, "os") as server:
        session = _run(server, scenario, rows, teams, report, advance)
    if session is None:
        return report
    say("comparing")
    twin = Twin(scenario)
    checks.check_verdicts(report, session, twin)
    checks.check_streams(report, session, twin)
    checks.check_books(report, session, twin)
    checks.check_fills_and_positions(report, session)
    if is_whole_file:
        checks.check_naive_counts(report, session)
    say("replaying the journal")
    checks.check_state_hash(report, twin, session.state_hash, replayed_state_hash(data_directory))
    _tell_facts(report, rows, session)
    return report


def _run(
    server: ServerProcess, scenario: Scenario, rows: list[Row], teams: int, report: Report, advance: Callable[[], None]
) -> Session | None:
    """The session; None, and a failed check, where it could not be brought to its end."""
    session = None
    try:
        session = asyncio.run(run_session(server, scenario, rows, teams, report, advance))
    except* (Stalled, Unexpected, ServerFailed, OSError, aiohttp.ClientError) as failures:
        check = report.check("the run came to its end")
        for failure in failures.exceptions:
            check.differ(f"{type(failure).__name__}: {failure}")
        check.differ(f"the server printed:\n{server.output}")
    return session


def _tell_facts(report: Report, rows: list[Row], session: Session) -> None:
    kinds = Counter(type(row) for row in rows)
    orders = len(session.exchanged) - len(session.readers)
    private = sum(len(reader.events) for reader in session.readers.values())
    public = session.public
    refused = ", ".join(f"{count:,} {code}" for code, count in session.refused.items()) or "none"
    bad_line = max(session.readers.values(), key=lambda reader: reader.connections)
    lots = sum(trade.quantity for trade in public.trades)
    report.facts |= {
        "rows": f"{len(rows):,}: {kinds[Insert]:,} inserts, {kinds[Amend]:,} amends, {kinds[Cancel]:,} cancels",
        "requests": f"{orders:,} from {len(session.readers)} teams, one pipelined connection in the file's order;"
        f" {orders / session.seconds:,.0f}/s",
        "refused": refused,
        "amends that leave nothing": f"{session.amends_become_cancels}, sent as cancels",
        "private events": f"{private:,}; {bad_line.name} hung up and resumed {bad_line.connections - 1} times",
        "public messages": f"{len(public.updates):,} book updates, {public.snapshots} snapshots,"
        f" {len(public.trades):,} trades ({lots:,} lots)",
        "time": f"{session.seconds:.1f} s to the last answer, {session.seconds_to_last_event:.1f} s to the last event;"
        f" {(private + len(public.updates) + len(public.trades)) / session.seconds_to_last_event:,.0f} messages/s",
        "state hash": session.state_hash,
    }
