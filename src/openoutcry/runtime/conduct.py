"""How teams conduct themselves, as far as the state does not tell: what they were refused, and when each was last seen.

Since the start of the server; kept for the organiser's eyes, in no journal.
"""

from collections.abc import Callable
from typing import Final, get_args

from openoutcry.domain.commands import Command
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import TeamId

TEAMS_COMMANDS: Final = frozenset(
    kind for kind in get_args(Command) if "team_id" in kind.__struct_fields__ and "why" not in kind.__struct_fields__
)
"""Commands that a team gives, and not an organiser about it."""

SecondsSince = Callable[[TeamId], float | None]


def _never_seen(_team_id: TeamId) -> float | None:
    """For exchanges that nobody asks over a network."""
    return None


class Conduct:
    """Refusals by team and code, of which there are at most `MAX_TEAMS` times the codes."""

    def __init__(self) -> None:
        self._refusals: dict[TeamId, dict[ErrorCode, int]] = {}
        self.seconds_since_asked: SecondsSince = _never_seen
        """Seconds since a team last asked for anything; None if it did not. Set by the gateway, which knows."""

    def refusals_of(self, team_id: TeamId) -> dict[ErrorCode, int]:
        """How often the team was refused, by code, the most frequent first."""
        return dict(sorted(self._refusals.get(team_id, {}).items(), key=lambda item: (-item[1], item[0])))

    def note_refusal(self, team_id: TeamId, code: ErrorCode) -> None:
        """The team was refused something."""
        refusals = self._refusals.setdefault(team_id, {})
        refusals[code] = refusals.get(code, 0) + 1

    def note_refused(self, command: Command, code: ErrorCode) -> None:
        """The validator refused a command, which may be an organiser's."""
        if type(command) in TEAMS_COMMANDS:
            self.note_refusal(command.team_id, code)  # type: ignore[union-attr]
