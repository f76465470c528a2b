"""Which projections a scenario has. The server and the process that builds its snapshots both ask here, or no snapshot
would do for the next start.
"""

from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.runtime.actions import Actions
from openoutcry.runtime.notices import Notices
from openoutcry.runtime.projections import ALL_COMMANDS, Projection
from openoutcry.runtime.underlying_prices import UnderlyingPrices
from openoutcry.scenarios.model import Scenario


def projections_of(scenario: Scenario) -> tuple[Projection, ...]:
    """New ones. Every scenario has the lists of what its organisers did, and of what everybody was told; one with
    pricing has the history of its underlyings, and one that is scored has the scores.
    """
    projections: list[Projection] = [Actions(), Notices()]
    if scenario.pricing is not None:
        projections.append(UnderlyingPrices())
    if scenario.scoring is not None:
        projections.append(_scores(scenario, scenario.scoring))
    return tuple(projections)


def _scores(scenario: Scenario, rules: ScoringRules) -> Projection:
    from openoutcry.scoring.scores import Scores  # noqa: PLC0415 - numpy takes long, and most scenarios don't need it

    first_regime = None if scenario.market is None else scenario.market.world.start
    return Scores(scenario.rulebook, scenario.instruments, rules, first_regime, ALL_COMMANDS)
