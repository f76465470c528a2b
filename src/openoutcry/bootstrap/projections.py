"""Which projections a scenario has. The server and the process that builds its snapshots both ask here, or no snapshot
would do for the next start.
"""

from typing import TYPE_CHECKING

from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.runtime.actions import Actions
from openoutcry.runtime.notices import Notices
from openoutcry.runtime.projections import ALL_COMMANDS, Projection
from openoutcry.runtime.underlying_prices import UnderlyingPrices
from openoutcry.scenarios.model import Scenario
from openoutcry.scenarios.timetable import opening_hours

if TYPE_CHECKING:
    from openoutcry.scoring.scores import Scores


def projections_of(scenario: Scenario) -> tuple[Projection, ...]:
    """New ones. Every scenario has the lists of what its organisers did, and of what everybody was told; one with
    pricing has the history of its underlyings, and one that is scored has the scores.
    """
    projections: list[Projection] = [Actions(), Notices()]
    if scenario.pricing is not None:
        projections.append(UnderlyingPrices())
    if scenario.scoring is not None:
        projections.append(scores_of(scenario, scenario.scoring))
    return tuple(projections)


def scores_of(scenario: Scenario, rules: ScoringRules) -> "Scores":
    """The scores of its matches by these rules; it has a schedule."""
    from openoutcry.scoring.scores import Scores  # noqa: PLC0415 - numpy takes long, and most scenarios don't need it

    assert scenario.session is not None, "what is scored has a schedule"  # noqa: S101
    hours = opening_hours(scenario.session.hours)
    return Scores(scenario.rulebook, scenario.instruments, rules, ALL_COMMANDS, hours)
