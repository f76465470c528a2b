"""Checks that what a scenario scores can be measured in it."""

from collections.abc import Iterable, Mapping

from openoutcry.scenarios.listing import one_of
from openoutcry.scenarios.reading import Problem
from openoutcry.scenarios.schema.market import SignalsTable, WorldTable
from openoutcry.scenarios.schema.roles import RoleTable
from openoutcry.scenarios.schema.scoring import MAX_BOARDS, LeaderboardTable, ScoringTable


def roles_that_exist(scoring: ScoringTable | None, roles: Mapping[str, RoleTable]) -> Iterable[Problem]:
    for name in () if scoring is None else scoring.roles:
        if name not in roles:
            yield Problem(f"scoring.roles.{name}", f"there is no such role; {one_of(name, roles)}")


def formulas_that_measure_something(
    scoring: ScoringTable | None,
    roles: Mapping[str, RoleTable],
    world: WorldTable | None,
    signals: SignalsTable | None,
) -> Iterable[Problem]:
    """Of those that the file chooses: most of a formula's points must not be out of reach."""
    tracking = None if signals is None else signals.tracking_error
    for name, table in {} if scoring is None else scoring.roles.items():
        role, path = roles.get(name), f"scoring.roles.{name}.formula"
        if table.formula == "market_maker" and role is not None and role.quote_coverage is None:
            yield Problem(
                path,
                f"'market_maker' gives points for coverage, which is measured only as a duty; add"
                f" [roles.{name}.quote_coverage], or take another formula",
            )
        if table.formula == "hedge_fund" and world is None:
            yield Problem(
                path,
                "'hedge_fund' gives points for P&L after changes of regime, and without [world] there are none; add"
                " [world], or take another formula",
            )
        if table.formula == "arbitrage_desk" and (tracking is None or tracking.role != name):
            yield Problem(
                path,
                f"'arbitrage_desk' gives points for responses to the signal tracking_error, which {name} is not told;"
                f' add [signals.tracking_error] with role = "{name}", or take another formula',
            )


def boards_kept_back(leaderboard: LeaderboardTable | None) -> Iterable[Problem]:
    if leaderboard is not None and leaderboard.delay_seconds > (most := MAX_BOARDS * leaderboard.interval_seconds):
        yield Problem(
            "leaderboard.delay_seconds",
            f"{leaderboard.delay_seconds} is more than {MAX_BOARDS} times interval_seconds; {most} or less would do, or"
            " a longer interval",
        )
