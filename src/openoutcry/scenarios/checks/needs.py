"""Tables that do nothing without another one."""

from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct

from openoutcry.scenarios.building.game import DUTIES
from openoutcry.scenarios.reading import Problem
from openoutcry.scenarios.schema.pricing import PricingTable
from openoutcry.scenarios.schema.roles import RoleTable
from openoutcry.scenarios.schema.session import MatchingTable, ScheduleTable

NEEDS: Final = (
    ("calls", "schedule"),
    ("breaker", "schedule"),
    ("breaker", "pricing"),
    ("settlement", "schedule"),
    ("settlement", "pricing"),
    ("pricing", "schedule"),
    ("bands", "pricing"),
    ("cash", "pricing"),
    ("sanctions", "schedule"),
    ("world", "schedule"),
    ("world", "pricing"),
    ("headlines", "world"),
    ("signals", "world"),
    ("house", "world"),
    ("retail_flow", "world"),
    ("scoring", "schedule"),
    ("scoring", "pricing"),
    ("leaderboard", "scoring"),
    ("surveillance", "scoring"),
)
"""Each table with one that it needs."""

_WHY: Final = {
    "schedule": "market time runs only on one",
    "pricing": "theoretical values and prices of underlyings come from there",
    "world": "news, signals and the chances of those who trade for the exchange are drawn with it",
    "scoring": "matches are followed only by it",
}


def check(table: str, needed: str) -> Callable[[Struct | None, Struct | None], Iterable[Problem]]:
    """The check that `table` does not stand without `needed`."""

    def in_need(given: Struct | None, other: Struct | None) -> Iterable[Problem]:
        if given is not None and other is None:
            yield Problem(table, f"needs [{needed}]: {_WHY[needed]}; add [{needed}], or leave [{table}] out")

    return in_need


def duties_need_marks(roles: dict[str, RoleTable], pricing: PricingTable | None) -> Iterable[Problem]:
    if pricing is not None:
        return
    for name, role in roles.items():
        for duty in DUTIES.values():
            if getattr(role, duty) is not None:
                yield Problem(
                    f"roles.{name}.{duty}",
                    f"is measured on theoretical values, and there is no [pricing]; add [pricing], or leave {duty} out",
                )


def batches_need_market_time(matching: MatchingTable, schedule: ScheduleTable | None) -> Iterable[Problem]:
    if matching.mode == "batch" and schedule is None:
        yield Problem(
            "matching.mode",
            "'batch' needs [schedule]: market time runs only on one; add [schedule], or match 'continuous'",
        )
    if matching.mode == "continuous" and matching.batch_interval_seconds != MatchingTable().batch_interval_seconds:
        yield Problem(
            "matching.batch_interval_seconds",
            "does nothing while mode = 'continuous'; add mode = 'batch', or leave it out",
        )
