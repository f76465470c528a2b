"""Ids as they are written on the wire: `ORD_7`, `TRD_7`, `TEAM_7`, `NEWS_7`."""

from typing import Final

from openoutcry.domain.types import NewsId, OrderId, TeamId, TradeId

NO_ID: Final = 0
"""The result for an unreadable id. Counters start at 1, so it names nothing."""


def format_order_id(order_id: OrderId) -> str:
    return f"ORD_{order_id}"


def format_trade_id(trade_id: TradeId) -> str:
    return f"TRD_{trade_id}"


def format_team_id(team_id: TeamId) -> str:
    return f"TEAM_{team_id}"


def format_news_id(news_id: NewsId) -> str:
    return f"NEWS_{news_id}"


def parse_order_id(text: str) -> OrderId:
    """The order id written as `text`; `NO_ID` if `text` is not the canonical form of one."""
    return OrderId(_parse("ORD_", text))


def parse_trade_id(text: str) -> TradeId:
    """The trade id written as `text`; `NO_ID` if `text` is not the canonical form of one."""
    return TradeId(_parse("TRD_", text))


def parse_team_id(text: str) -> TeamId:
    """The team id written as `text`; `NO_ID` if `text` is not the canonical form of one."""
    return TeamId(_parse("TEAM_", text))


def parse_news_id(text: str) -> NewsId:
    """The news id written as `text`; `NO_ID` if `text` is not the canonical form of one."""
    return NewsId(_parse("NEWS_", text))


def _parse(prefix: str, text: str) -> int:
    digits = text.removeprefix(prefix)
    if len(digits) == len(text) or not 0 < len(digits) <= 18 or not (digits.isascii() and digits.isdigit()):
        return NO_ID
    return NO_ID if digits[0] == "0" else int(digits)
