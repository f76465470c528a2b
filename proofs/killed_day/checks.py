"""Compares a killed day with the undisturbed one, and what its bots were told with its journal."""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from openoutcry.protocol.stream import NewOrderAck
from proofs.killed_day.journal import Replayed, ticks
from proofs.killed_day.notes import Notes
from proofs.killed_day.play import KilledDay
from proofs.report import Report
from proofs.server_process import replayed_state_hash, run_openoutcry


def check_seconds(report: Report, live: Path, calm: Path, other: str = "undisturbed") -> None:
    """Each market second of the live day brings what it brings in the `other` one."""
    marks = report.check(f"prices and marks of each market second = {other}")
    news = report.check(f"news of each market second = {other}")
    signals = report.check(f"signals of each market second = {other}")
    told = {"news": 0, "signals": 0}
    for number, (expected, found) in enumerate(zip_longest(ticks(calm), ticks(live)), start=1):
        what = f"market second {number}"
        if expected is None or found is None:
            marks.differ(f"{what} is only in the {'live' if expected is None else other} day")
            continue
        wanted, got = ((each.market_time, each.underlyings, each.marks) for each in (expected, found))
        marks.equal(what, expected=wanted, found=got)
        news.equal(what, expected=expected.news, found=found.news)
        signals.equal(what, expected=expected.signals, found=found.signals)
        told["news"] += len(found.news)
        told["signals"] += len(found.signals)
    report.facts["told by the market"] = f"{told['news']} headlines, {told['signals']} signals to roles"


def check_phases(report: Report, live: Replayed, calm: Replayed) -> None:
    """Both days are of one world, and their phases change at the same market times."""
    report.check("the world that was drawn = undisturbed").equal("digest", expected=calm.worlds, found=live.worlds)
    phases = report.check("phases, with their market times = undisturbed")
    for number, (expected, found) in enumerate(zip_longest(calm.phases, live.phases), start=1):
        phases.equal(f"change {number}", expected=expected, found=found)


def check_starts(report: Report, day: KilledDay, live: Replayed) -> None:
    """Each start after a kill has moved the ids on."""
    starts = report.check("each start after a kill skipped ids")
    starts.equal("SkipIds in the journal", expected=day.kills, found=live.skips)


def check_told(report: Report, bots: Sequence[Notes], live: Replayed) -> None:
    """What bots were told by verdicts and on their streams is what the journal says."""
    places = report.check("verdicts told stand in the journal where their answers say")
    acknowledged = report.check("orders acknowledged are in the journal")
    events = report.check("private events heard = replay, each once and in order")
    resets = report.check("no stream was reset")
    for notes in bots:
        stream = live.told[notes.team_id]
        entered = {message.order_id for message in stream if isinstance(message, NewOrderAck)}
        for verdict in notes.verdicts:
            if verdict.sequence is not None:
                words = live.words.get(verdict.sequence)
                places.equal(
                    f"{notes.name}'s verdict at {verdict.sequence}",
                    expected=(notes.team_id, verdict.order_id or verdict.code, verdict.message),
                    found=None if words is None else (words[0], *words[2:]),
                )
            for order_id in filter(None, (verdict.order_id, *verdict.quoted_ids)):
                acknowledged.equal(f"{notes.name}'s {order_id}", expected=True, found=order_id in entered)
        first = notes.heard[0].seq - 1 if notes.heard else 0
        for wanted, got in zip_longest(stream[first : first + len(notes.heard)], notes.heard):
            events.equal(f"{notes.name}'s event {got.seq}", expected=wanted, found=got)
        resets.equal(notes.name, expected=0, found=notes.resets)


def check_commands(report: Report, day: KilledDay) -> None:
    """`openoutcry replay` and `openoutcry fairness verify` agree with the exchange."""
    hashes = report.check("state hash: openoutcry replay = the exchange's at its end")
    hashes.equal("state", expected=day.state_hash, found=replayed_state_hash(day.data))
    fair = report.check("openoutcry fairness verify: seed, world and flow come out again")
    verified = run_openoutcry("fairness", "verify", str(day.data))
    if not fair.equal("exit code", expected=0, found=verified.returncode):
        fair.differ(verified.stdout + verified.stderr)


def sequences_told(bots: Sequence[Notes]) -> set[int]:
    """Places that verdicts told."""
    return {verdict.sequence for notes in bots for verdict in notes.verdicts if verdict.sequence is not None}
