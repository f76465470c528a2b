"""The exchange as an object. Bots play whole days in the same process, in virtual time, without HTTP or WebSocket."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openoutcry.lab.against import run_against
    from openoutcry.lab.determinism.check import Check, check
    from openoutcry.lab.entrants import Entrant, NotPlayable
    from openoutcry.lab.lines.latency import constant, log_normal, measured
    from openoutcry.lab.match import run_match
    from openoutcry.lab.matches import Match, run_matches
    from openoutcry.lab.results.result import BotResult, MatchResult

__all__ = [
    "BotResult",
    "Check",
    "Entrant",
    "Match",
    "MatchResult",
    "NotPlayable",
    "check",
    "constant",
    "log_normal",
    "measured",
    "run_against",
    "run_match",
    "run_matches",
]

_FOUND_IN = {
    "BotResult": "openoutcry.lab.results.result",
    "Check": "openoutcry.lab.determinism.check",
    "Entrant": "openoutcry.lab.entrants",
    "Match": "openoutcry.lab.matches",
    "MatchResult": "openoutcry.lab.results.result",
    "NotPlayable": "openoutcry.lab.entrants",
    "check": "openoutcry.lab.determinism.check",
    "constant": "openoutcry.lab.lines.latency",
    "log_normal": "openoutcry.lab.lines.latency",
    "measured": "openoutcry.lab.lines.latency",
    "run_against": "openoutcry.lab.against",
    "run_match": "openoutcry.lab.match",
    "run_matches": "openoutcry.lab.matches",
}


def __getattr__(name: str) -> Any:
    """What a match needs is imported when it is asked for: virtual time alone needs little."""
    if name not in _FOUND_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - see above

    return getattr(import_module(_FOUND_IN[name]), name)
