"""From the tables of a file to the rules by which matches are scored."""

from collections.abc import Mapping

from openoutcry.domain.scoring.rules import GAME_ROLES, BoardRules, RoleScoring, ScoringRules
from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.scenarios.schema.file import ScenarioFile
from openoutcry.scenarios.schema.scoring import LeaderboardTable, RoleScoringTable
from openoutcry.scenarios.schema.surveillance import SurveillanceTable
from openoutcry.scenarios.units import rules_of


def scoring_rules(file: ScenarioFile) -> ScoringRules | None:
    if file.scoring is None:
        return None
    return rules_of(
        ScoringRules,
        file.scoring,
        roles=GAME_ROLES | _roles(file.scoring.roles),
        board=_board(file.leaderboard),
        surveillance=rules_of(SurveillanceRules, file.surveillance or SurveillanceTable()),
    )


def _roles(tables: Mapping[str, RoleScoringTable]) -> dict[str, RoleScoring]:
    """Those that the file names, each with the game's numbers, or those of an unnamed role, behind keys left out."""
    roles = {}
    for name, table in tables.items():
        known = GAME_ROLES.get(name, RoleScoring())
        roles[name] = RoleScoring(
            formula=table.formula or known.formula,
            contracts_per_hour=(
                known.contracts_per_hour if table.contracts_per_hour is None else table.contracts_per_hour
            ),
        )
    return roles


def _board(table: LeaderboardTable | None) -> BoardRules:
    return BoardRules(shown=False) if table is None else rules_of(BoardRules, table)
