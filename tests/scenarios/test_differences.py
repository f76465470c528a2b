"""Two scenarios that differ are told apart by the keys of the file."""

import pytest

from openoutcry.scenarios.differences import told_differences
from openoutcry.scenarios.loader import load_scenario, scenario_text


@pytest.fixture
def edited(tmp_path):
    """The default game with some text exchanged."""

    def edited(*exchanged):
        text = scenario_text("intern")
        for old, new in exchanged:
            assert f"\n{old}" in text
            text = text.replace(f"\n{old}", f"\n{new}", 1)
        path = tmp_path / "edited.toml"
        path.write_text(text, encoding="utf-8")
        return load_scenario(path)

    return edited


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[breaker]", "[breaker]\nmove_percent = 2.5", "breaker.move_percent was 1.25 and is 2.5 now"),
        ("[breaker]", "[breaker]\nhalt_seconds = 60", "breaker.halt_seconds was 180 and is 60 now"),
        ("[breaker]", "", "[breaker] is gone"),
        ("[breaker]", "[breaker]\n[calls]\nreopening_seconds = 60", "calls.reopening_seconds was 120 and is 60 now"),
        ("[bands]", "[bands]\nvolatility_points = 2", "bands.volatility_points was 3 and is 2 now"),
        (
            "[cash]",
            "[cash]\nspot_moves_percent = [-8, 0.5]",
            "cash.spot_moves_percent was [-8, -4, 0, 4, 8] and is [-8, 0.5] now",
        ),
        ("[chain]", "[chain]\nstrike_step = 5", "chain.strike_step was 10 and is 5 now"),
        (
            "[chain]",
            "[chain]\n[[chain.expiries]]\ndays = 1\nstrikes_percent = [0.5]",
            "and is [{days = 1, strikes_percent = [0.5]}] now",
        ),
        (
            "[chain]",
            "[matching]\nmode = 'batch'\nbatch_interval_seconds = 5\n[chain]",
            "matching.mode was continuous and is batch now; matching.batch_interval_seconds was none and is 5 now",
        ),
        ("[chain]", "[protection]\nleast_move_percent = 20\n[chain]", "[protection] is new"),
        (
            "[chain]",
            "[index]\nratio = 100\n[chain]",
            "index.ratio was 10 and is 100 now; underlyings.SPY was 450 and is 45 now",
        ),
        (
            "[roles.hedge_fund.portfolio_delta]",
            "[roles.hedge_fund.portfolio_delta]\nlimit = 60",
            "roles.hedge_fund.portfolio_delta.limit was 50 and is 60 now",
        ),
        ("[roles.hedge_fund.portfolio_delta]", "", "[roles.hedge_fund.portfolio_delta] is gone"),
    ],
)
def test_a_difference_in_the_rules_of_the_day_is_told_by_its_key(edited, old, new, told):
    differences = told_differences(load_scenario("intern"), edited((old, new)))
    assert told in differences
    assert differences.endswith(told)


def test_what_a_journal_does_not_depend_on_is_no_difference(edited):
    later = edited(("[schedule]", "[schedule]\nspeed = 10"), ("[pricing]", "[pricing]\n"))
    assert told_differences(load_scenario("intern"), later) == ""
    assert later.hash == load_scenario("intern").hash


def test_a_scenario_that_has_a_day_now_is_told_by_its_new_tables(edited):
    told = told_differences(edited(*((f"[{table}]", "") for table in ("settlement", "bands", "cash"))), edited())
    assert told == "[settlement] is new; [bands] is new; [cash] is new"
