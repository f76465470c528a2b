"""The page for authors of bots has a row for every code with which something that a bot asks for can be refused."""

import re
from pathlib import Path

from openoutcry.client.bot.line import NOT_CONNECTED, OUTCOME_UNKNOWN
from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.routes import ROUTES

PAGE = (Path(__file__).parents[3] / "docs" / "writing-a-bot.md").read_text(encoding="utf-8")
TABLE = PAGE.split("\n## When something is refused\n", 1)[1].split("\n## ", 1)[0]
ROW = re.compile(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)
OF_OTHERS = {
    *("JOIN_CODE_INVALID", "DUPLICATE_TEAM_NAME", "TEAM_LIMIT", "TEAM_NOT_FOUND"),  # of who registers
    *("TRADE_NOT_FOUND", "BUST_FAILED", "SETTLEMENT_FAILED"),  # of organisers
    *("NO_SCORES", "ORDER_NOT_FOUND"),  # of who reads
    *("ROUTE_NOT_FOUND", "METHOD_NOT_ALLOWED", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"),  # of hand-made requests
}
ASKED_BY_BOTS = {
    ("POST", "/orders"),
    ("PATCH", "/orders/{order_id}"),
    ("DELETE", "/orders/{order_id}"),
    ("DELETE", "/orders"),
    ("PUT", "/quotes"),
    ("PUT", "/quotes/protection"),
    ("POST", "/quotes/protection/reset"),
}


def test_every_code_that_a_bot_may_meet_has_a_row():
    rows = [code for codes in ROW.findall(TABLE) for code in re.findall(r"[A-Z_]+", codes)]
    assert sorted(rows) == sorted({*map(str, ErrorCode), NOT_CONNECTED, OUTCOME_UNKNOWN} - OF_OTHERS)


def test_no_route_that_bots_use_refuses_with_a_code_of_others():
    routes = {(route.method, route.path): route.refuses for route in ROUTES}
    assert not {code for asked in ASKED_BY_BOTS for code in routes[asked]} & OF_OTHERS
