"""`openoutcry scenario new` and `check`: a file to begin with, and what a sound file makes."""

import datetime as dt
import re

import pytest
from command_line import openoutcry
from msgspec.structs import replace

from openoutcry.cli.scenario.summary import summary
from openoutcry.scenarios.loader import load_scenario, shipped_scenarios

COMMENTED = re.compile(r"^# (?=[a-z_]+ = |\[)", re.MULTILINE)
"""Before what is a key or a header once it is no comment."""

TOLD = """\
intern: {0.title}
session      2024-03-28 (Thursday)
hours        call 09:00:00, opening between 09:29:30 and 09:30:00, close 15:00:00 in America/New_York; 360 minutes at \
speed 1; an organiser starts it
expiry       2024-03-28: 7 strikes on SPX from 4390 to 4610, 7 strikes on SPY from 439 to 461
expiry       2024-04-04: 7 strikes on SPX from 4160 to 4840, 7 strikes on SPY from 416 to 484
expiry       2024-04-11: 7 strikes on SPX from 4160 to 4840, 7 strikes on SPY from 416 to 484
underlyings  SPX 4500, SPY 450
market       volatility low 10, medium 20, high 50 points, at the start medium; 20 headlines
market       signal volatility_forecast for hedge_fund
market       signal tracking_error for arbitrage_desk
market       for the exchange itself trade: the house, retail flow
roles                       maker taker option total spot order open per second burst     cash
             market_maker   -0.25   0.3    100  4000 2000   200  400        100   200 20000000
             hedge_fund      -0.1   0.5    150   500 5000   300  200         50   100 20000000
             arbitrage_desk  -0.1   0.5    100   300 5000   200  200         75   150 20000000
             retail           0.1   0.6     50    50    0   100   20         10    20  1000000
duties       market_maker: quote_coverage
duties       hedge_fund: portfolio_delta
duties       arbitrage_desk: spx_spy_balance
matching     continuous; self-trade prevention expire_taker
rules on     schedule, breaker, chain, settlement, pricing, bands, cash, sanctions, world, signals, house, retail_flow
rules off    none
registration open for market_maker, hedge_fund, arbitrage_desk, retail
hash         {0.hash}"""


@pytest.mark.parametrize("source", shipped_scenarios())
def test_a_new_file_is_the_scenario_that_it_begins_with_under_its_own_name(source, tmp_path):
    made = openoutcry("scenario", "new", "mine", "--from", source, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "openoutcry scenario check mine.toml" in made.stdout
    assert load_scenario(tmp_path / "mine.toml") == replace(load_scenario(source), name="mine")


@pytest.mark.parametrize("source", ["intern", "demo"])
def test_keys_of_a_new_file_that_are_no_comments_any_more_have_their_defaults(source, tmp_path):
    openoutcry("scenario", "new", "mine", "--from", source, cwd=tmp_path)
    path = tmp_path / "mine.toml"
    text = path.read_text(encoding="utf-8")
    of_the_day = (
        r"(?ms)^# (\[(schedule|calls|chain|settlement|pricing|breaker|bands|cash|sanctions|world|world\.\w+|house"
        r"|signals\.\w+|retail_flow|scoring|scoring\.\w+|leaderboard|surveillance)\]|\[\[headlines\]\])\n.*?(?=^#?\n|\Z)"
    )
    path.write_text(COMMENTED.sub("", re.sub(of_the_day, "", text)), encoding="utf-8")
    assert load_scenario(path) == replace(load_scenario(source), name="mine")


def test_every_number_of_the_game_stands_in_a_new_file_of_the_default_game(tmp_path):
    openoutcry("scenario", "new", "mine", cwd=tmp_path)
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    for line in (
        "# speed = 1 ",
        "# move_percent = 1.25 ",
        "# strikes_percent = [-7.5, -5, -2.5, 0, 2.5, 5, 7.5]\n",
        "# batch_interval_seconds = 1 ",
        "# total_option_exposure = 4000 ",
        "# least_move_percent = 10 ",
        "# jump_percent = 0.5 ",
        "# volatility_points = 50 ",
        "# rearmed_percent = 33.3333 ",
        "# orders_per_minute = 36 ",
        '# text = "Inflation falls to its lowest in three years"\n',
    ):
        assert f"\n{line}" in text


def test_a_new_file_replaces_no_file(tmp_path):
    (tmp_path / "mine.toml").write_text("mine", encoding="utf-8")
    refused = openoutcry("scenario", "new", "mine", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("openoutcry: mine.toml is there already")
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["Mine", "../mine", "", "mine.toml"])
def test_a_new_file_has_the_name_of_a_scenario(name, tmp_path):
    refused = openoutcry("scenario", "new", name, cwd=tmp_path)
    assert refused.returncode == 1
    assert "is no name of a scenario. Short name: small letters" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_begins_with_no_file_that_is_wrong(tmp_path):
    (tmp_path / "wrong.toml").write_text('name = "wrong"\n', encoding="utf-8")
    refused = openoutcry("scenario", "new", "mine", "--from", "wrong.toml", cwd=tmp_path)
    assert refused.returncode == 3
    assert "wrong.toml: these keys are missing: title" in refused.stderr


def test_a_sound_file_is_told_by_its_session_instruments_roles_and_rules():
    intern = replace(load_scenario("intern"), session_date="2024-03-28")
    told = summary(intern, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert "\n".join(line for line in told if not line.startswith("instruments")) == TOLD.format(intern)


def test_a_session_without_a_date_is_told_for_the_next_day_on_which_the_calendar_trades():
    intern = load_scenario("intern")
    # Half past two in the morning of Saturday in London, Friday evening in New York; Good Friday.
    told = list(summary(intern, dt.datetime(2024, 3, 30, 2, 30, tzinfo=dt.UTC)))
    assert told[1] == "session      2024-04-01 (Monday), if it starts today"


def test_a_scenario_without_a_schedule_is_told_as_one():
    told = list(summary(load_scenario("seed"), dt.datetime(2024, 3, 30, tzinfo=dt.UTC)))
    assert told[2] == "hours        none: continuous from the start, until an organiser changes it"
    assert "rules on     none" in told


def test_codes_of_roles_are_told_by_role_and_never_shown():
    seed = load_scenario("seed")
    registration = replace(seed.registration, role_codes={"retail": "secret"})
    told = "\n".join(summary(replace(seed, registration=registration), dt.datetime(2024, 3, 30, tzinfo=dt.UTC)))
    assert "open for market_maker, hedge_fund, arbitrage_desk; by a code of its own for retail" in told
    assert "secret" not in told
