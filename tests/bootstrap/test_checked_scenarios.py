"""What the check of a scenario file lets pass, an exchange can run: from the first call to the last settlement."""

from decimal import Decimal
from typing import Literal, get_args, get_origin

import pytest
from day_stage import DayStage
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from msgspec import Meta
from msgspec.structs import fields

from openoutcry.scenarios.loader import ScenarioError, load_scenario
from openoutcry.scenarios.rules import DecimalRange
from openoutcry.scenarios.schema.annotations import inner_type, is_table, item_type
from openoutcry.scenarios.schema.file import ScenarioFile
from openoutcry.scenarios.schema.roles import RoleTable
from openoutcry.scenarios.schema.session import CallsTable

SHORT = {
    "calls": {"opening_random_seconds": 0, "reopening_seconds": 2, "reopening_random_seconds": 1},
    "breaker": {"quiet_seconds": 0, "window_seconds": 2, "halt_seconds": 1},
    "settlement": {"fixings": 2, "interval_seconds": 1},
}
"""What fits into a day of a few seconds."""

OF_THE_DAY = ("breaker", "matching", "chain", "settlement", "pricing", "bands", "cash", "sanctions", "protection")
DUTIES = ("quote_coverage", "portfolio_delta", "spx_spy_balance")
MOST_SECONDS = 60


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("checked") / "checked.toml"


def values(annotation):
    """Values that a key may have by itself, as TOML; None for keys of other kinds than numbers and choices."""
    extras = getattr(annotation, "__metadata__", ())
    kind, item = inner_type(annotation), item_type(annotation)
    if item is not None and not is_table(item):
        return st.lists(values(item), min_size=1, max_size=4).map(lambda items: f"[{', '.join(items)}]")
    if get_origin(kind) is Literal:
        return st.sampled_from([f'"{choice}"' for choice in get_args(kind)])
    for extra in extras:
        if isinstance(extra, DecimalRange):
            edges = Decimal(extra.least), Decimal(extra.most)
            return (st.sampled_from(edges) | st.decimals(*edges, places=extra.decimals)).map(str)
    metas = [extra for extra in extras if isinstance(extra, Meta)]
    bounds = [bound for meta in metas for bound in (meta.ge, meta.le) if bound is not None]
    if kind is int and len(bounds) == 2:
        return (st.sampled_from(bounds) | st.integers(*bounds)).map(str)
    return None


@st.composite
def tables(draw, header, struct):
    """A table with few keys, so that most files have no contradiction."""
    keys = dict(SHORT.get(header, {}))
    for field in fields(struct):
        of_key = values(field.type)
        if of_key is not None and draw(st.integers(0, 9)) == 0:
            keys[field.name] = draw(of_key)
    return "\n".join([f"[{header}]", *(f"{key} = {value}" for key, value in keys.items())])


@st.composite
def files(draw):
    """A file with a day of a few seconds, any of the day's rules, and any numbers in them."""
    opening, close = draw(st.integers(0, 4)), draw(st.integers(5, 12))
    parts = [
        'name = "checked"\ntitle = "x"\n[registration]\nopen = true\n[session]\ndate = 2024-03-14\ncalendar = "nyse"',
        f"[schedule]\ncall = 09:00:00\nopening = 09:00:{opening:02}\nclose = 09:00:{close:02}",
        f"[underlyings]\nSPX = {draw(st.sampled_from(['4500', '1000000', '123.45']))}",
        draw(tables("calls", CallsTable)),
    ]
    possible = [(field.name, field) for field in fields(ScenarioFile) if field.name in OF_THE_DAY]
    possible += [(f"roles.market_maker.{field.name}", field) for field in fields(RoleTable) if field.name in DUTIES]
    parts.extend(draw(tables(header, inner_type(field.type))) for header, field in possible if draw(st.integers(0, 5)))
    if "[chain]" not in "\n".join(parts):
        parts.append('[[instruments]]\nsymbol = "SPX_CALL_4500_20240314"\n[[instruments]]\nsymbol = "SPY"')
    return "\n".join(parts) + "\n"


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(files())
def test_a_day_of_any_scenario_without_mistakes_runs_to_its_end(path, text):
    path.write_text(text, encoding="utf-8")
    try:
        scenario = load_scenario(path)
    except ScenarioError:
        event("refused")
        return
    event("runs")
    stage = DayStage(scenario, seed=1)
    stage.driver.start_session()
    stage.pass_seconds(MOST_SECONDS)
    assert stage.exchange.sequencer.stopped_reason is None
    assert stage.queries.day().is_running is False
    stage.exchange.close()
