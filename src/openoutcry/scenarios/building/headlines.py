"""The headlines that come with the package, for scenarios that name none of their own."""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from openoutcry.scenarios.schema.market import HeadlineTable


def shipped_news() -> str:
    """The text of `news.toml`: tables as a scenario file has them."""
    return (resources.files("openoutcry.scenarios") / "news.toml").read_text("utf-8")


@cache
def shipped_headlines() -> tuple[HeadlineTable, ...]:
    return msgspec.convert(tomllib.loads(shipped_news())["headlines"], tuple[HeadlineTable, ...])
