"""The lab part: the same bots on the same day, with latencies drawn from the round trips of the live part."""

from collections.abc import Iterable
from pathlib import Path

from openoutcry import Bot
from openoutcry.client.bot.line import NOT_CONNECTED, OUTCOME_UNKNOWN
from openoutcry.lab import Entrant, MatchResult, measured, run_match
from openoutcry.lab.lines.latency import LONGEST_MS, LatencyModel
from proofs.live_lab.live import LiveBot, LiveDay

NO_ROUND_TRIPS = frozenset({NOT_CONNECTED, OUTCOME_UNKNOWN})
"""Codes of verdicts that no exchange gave."""


def play_in_lab(scenario: str, out: Path, bots: Iterable[type[Bot]], live: LiveDay, seed: int) -> MatchResult:
    """Play it into the new data directory `out`."""
    latencies = {bot.name: latency_of(bot, live) for bot in live.bots}
    entrants = [Entrant(kind, latency=latencies[kind.__name__]) for kind in bots]
    return run_match(entrants, scenario, seed, date=live.date, out=out)


def latency_of(bot: LiveBot, live: LiveDay) -> LatencyModel:
    return measured(round_trips(bot, live))


def round_trips(bot: LiveBot, live: LiveDay) -> list[float]:
    """Those of the bot, in milliseconds, as they were, but for those that a kill has cut or held up: in the lab nobody
    is killed.
    """
    return [
        milliseconds
        for asked_at, answered_at, verdict in bot.line.answers
        if (milliseconds := (answered_at - asked_at) * 1_000) <= LONGEST_MS
        and (verdict.error is None or verdict.error.code not in NO_ROUND_TRIPS)
        and not any(asked_at < up and answered_at > down for down, up in live.outages)
    ]
