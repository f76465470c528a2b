"""What an organiser gets wrong between keys is found at the check, by its place, with what would do."""

import pytest

from openoutcry.scenarios.loader import ScenarioError, load_scenario

DAY = """\
name = "day"
title = "A day of the game"

[session]
date = 2024-03-14
calendar = "nyse"

[schedule]

[registration]
open = true

[underlyings]
SPX = 4500

[chain]

[pricing]

[breaker]

[settlement]

[bands]

[cash]

[sanctions]

[protection]

[roles.market_maker.quote_coverage]

[roles.hedge_fund.portfolio_delta]

[roles.arbitrage_desk.spx_spy_balance]
"""

LISTED = '[[instruments]]\nsymbol = "SPX_CALL_4500_20240315"\n[[instruments]]\nsymbol = "SPY"\n'


@pytest.fixture
def problems(tmp_path):
    """What is told of the day's file with some text exchanged: place, key and text of each problem."""

    def problems(*exchanged):
        text = DAY
        for old, new in exchanged:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "day.toml"
        path.write_text(text, encoding="utf-8")
        try:
            load_scenario(path)
        except ScenarioError as error:
            return [line.removeprefix(f"{path}:").split(": ", 2) for line in str(error).splitlines()]
        return []

    return problems


def test_the_day_itself_is_right(problems):
    assert problems() == []


CONTRADICTIONS = [
    # what is exchanged, place and key of the problem, its text
    ("[schedule]", "[schedule]\nclose = 09:00:00", "9:1", "schedule.close", "is not after the opening, 09:30:00"),
    ("[schedule]", "[schedule]\nopening = 08:00:00", "9:1", "schedule.opening", "start of the call, 09:00:00"),
    ("[schedule]", "[schedule]\nhalf_day_close = 09:30:00", "9:1", "schedule.half_day_close", "not after the opening"),
    ("[schedule]", "[schedule]\nclose = 09:30:30.5", "9:1", "schedule.close", "a whole second; write 09:30:30"),
    ("[schedule]", '[schedule]\nclose = "15:00:00"', "9:1", "schedule.close", "without quotes, such as 09:30:00"),
    ("[schedule]", '[schedule]\nclose = "15:00"', "9:1", "schedule.close", "it must be a time, such as 09:30:00"),
    ("[schedule]", "[schedule]\nspeed = 0", "9:1", "schedule.speed", "1 or more"),
    ("[schedule]", '[schedule]\nstart = "hands"', "9:1", "schedule.start", "did you mean 'hand'?"),
    ("[schedule]", "[calls]\nopening_random_seconds = 30\n[schedule]\nopening = 09:00:10", "9:1", None, "10 or less"),
    ("[schedule]", "[schedule]\n[calls]\nreopening_random_seconds = 121", "10:1", None, "120 or less would do"),
    (
        "2024-03-14",
        "2024-03-29",
        "5:1",
        "session.date",
        "(Friday) is no trading day of the calendar 'nyse'; the nearest",
    ),
    ("2024-03-14", "2024-03-16", "5:1", "session.date", "are 2024-03-15 and 2024-03-18"),
    ("2024-03-14", "1066-10-14", "5:1", "session.date", "it must be from 1970-01-02 to 2099-12-31"),
    ("2024-03-14", '"2024-03-14"', "5:1", "session.date", "write it without quotes"),
    ('"nyse"', '"NYSE"', "6:1", "session.calendar", "did you mean 'nyse'?"),
    ('"nyse"', '"nyse"\ntime_zone = "America/NewYork"', "7:1", "session.time_zone", "did you mean 'America/New_York'?"),
    ('"nyse"', '"nyse"\nspeed = 10', "7:1", "session.speed", "no such key; it is a key of [schedule]"),
    ('"nyse"', '"nyse"\nbands = 10', "7:1", "session.bands", "no such key; [bands] is a table of its own"),
    ('"nyse"', '"nyse"\nopening_phase = "closed"', "7:1", "session.opening_phase", "nothing beside [schedule]"),
    ("SPX = 4500", "SPX = 4500\nSPY = 4500", "15:1", "underlyings.SPY", "not near SPX / 10 = 450"),
    ("SPX = 4500", "SPX = 4500\nDAX = 450", "15:1", "underlyings.DAX", "use one of SPX, SPY"),
    ("SPX = 4500", "SPX = 0.0001", "13:2", "underlyings.SPY", "0.00001 is too low to be priced; 0.0001 or more"),
    ("[chain]", "[index]\ntracker = 'SPX'\n[chain]", "17:1", "index.tracker", "SPX is the index itself"),
    ("[chain]", "[chain]\nstrike_step = 0.25", "17:1", "chain.strike_step", "the nearest is 0.2"),
    ("[chain]", "[chain]\ntick_size = 0.3", "16:2", "chain.strike_step", "the nearest is 9"),
    (
        "[chain]",
        "[chain]\n[[chain.expiries]]\ndays = 0\nstrikes_percent = [0, 0.1]",
        "19:23",
        "chain.expiries[1].strikes_percent[2]",
        "0.1 % from 4500 is the strike 4500, as is 0 %",
    ),
    (
        "[chain]",
        (
            "[chain]\n[[chain.expiries]]\ndays = 7\nstrikes_percent = [0]\n[[chain.expiries]]\ndays = 7\n"
            "strikes_percent = [1]"
        ),
        "21:1",
        "chain.expiries[2].days",
        "an expiry in 7 days already",
    ),
    ("[chain]", "[chain]\nexpiries = []", "17:1", "chain.expiries", "1 or more"),
    ("[chain]", '[[instruments]]\nsymbol = "SPY"\n[chain]', "17:1", "instruments[1].symbol", "comes with the [chain]"),
    (
        "[chain]",
        '[[instruments]]\nsymbol = "SPX_PUT_4500_20240321"\n[chain]',
        "17:1",
        "instruments[1].symbol",
        "comes with the [chain]",
    ),
    (
        "[chain]",
        '[[instruments]]\nsymbol = "SPX_PUT_4500_20240329"\n[chain]',
        "17:1",
        "instruments[1].symbol",
        "expires on a Friday that is no trading day of the calendar 'nyse'; the last one before is 20240328",
    ),
    (
        "[chain]",
        '[[instruments]]\nsymbol = "SPX_PUT_4512.5_20240328"\ntick_size = 1\n[chain]',
        "17:1",
        "instruments[1].symbol",
        "no multiple of its tick_size 1; the nearest is 4512",
    ),
    ("[breaker]", "[breaker]\nunderlying = 'SPXX'", "21:1", "breaker.underlying", "did you mean 'SPX'?"),
    ("[breaker]", "[breaker]\nquiet_seconds = 19800", "21:1", "breaker.quiet_seconds", "less than 19800 would do"),
    ("[settlement]", "[settlement]\nfixings = 1261", "23:1", "settlement.fixings", "1260 or fewer would do"),
    ("[settlement]", "[settlement]\ninterval = 5", "23:1", "settlement.interval", "did you mean 'interval_seconds'?"),
    ("[bands]", "[matching]\nmode = 'batch'\nbatch_interval_seconds = 0\n[bands]", "26:1", None, "1 or more"),
    ("[bands]", "[matching]\nmode = 'batch'\nbatch_interval_seconds = 12601\n[bands]", "26:1", None, "12600 or less"),
    ("[bands]", "[matching]\nbatch_interval_seconds = 2\n[bands]", "25:1", None, "add mode = 'batch'"),
    ("[bands]", "[matching]\nmode = 'bacth'\n[bands]", "25:1", "matching.mode", "did you mean 'batch'?"),
    ("[bands]", "[bands]\nspot_percent = 100.1", "25:1", "bands.spot_percent", "it must be from 0 to 100"),
    ("[bands]", "[bands]\nvolatility_points = 0.0001", "25:1", "bands.volatility_points", "not a multiple of 0.001"),
    ("[bands]", "[band]", "24:2", "band", "did you mean 'bands'?"),
    ("[cash]", "[cash]\nspot_moves_percent = [-100]", "27:23", "cash.spot_moves_percent[1]", "from -99 to 1000"),
    (
        "[roles.market_maker.quote_coverage]",
        "[roles.market_maker.quote_coverage]\nminimum_quantity = 201",
        "33:1",
        "roles.market_maker.quote_coverage.minimum_quantity",
        "200 or less would do",
    ),
    (
        "[roles.market_maker.quote_coverage]",
        "[roles.market_maker.quote_coverage]\nsample_seconds = 301",
        "33:1",
        "roles.market_maker.quote_coverage.sample_seconds",
        "is longer than window_seconds (300); 300 or less would do",
    ),
    (
        "[roles.market_maker.quote_coverage]",
        "[roles.hedge_fund.quote_coverage]",
        "32:19",
        "roles.hedge_fund.quote_coverage",
        "set may_rest_both_sides = true",
    ),
    (
        "[roles.market_maker.quote_coverage]",
        "[roles.market_marker.quote_coverage]",
        "32:8",
        "roles.market_marker",
        "did you mean 'market_maker'?",
    ),
    (
        "[roles.market_maker.quote_coverage]",
        "[roles.market_maker.coverage]",
        "32:21",
        "roles.market_maker.coverage",
        "did you mean 'quote_coverage'?",
    ),
    ("open = true", "open = true\nroles = ['retial']", "12:10", "registration.roles[1]", "did you mean 'retail'?"),
    ("open = true", "role_codes = { retail = 'x' }", "11:1", "registration.role_codes", "register as market_maker"),
    ("open = true", "open = true\nrole_codes = { king = 'x' }", "12:16", None, "is no role that a team may choose"),
    (
        "open = true",
        "open = true\nrole_codes = { retail = 'x', hedge_fund = 'x' }",
        "12:30",
        "registration.role_codes.hedge_fund",
        "is also the code of retail; a code opens one role",
    ),
    ("open = true", "join_code = 'x'\nrole_codes = { retail = 'x' }", "12:16", None, "is also the code of everybody"),
]


@pytest.mark.parametrize(("old", "new", "place", "key", "text"), CONTRADICTIONS)
def test_a_contradiction_is_told_by_place_and_key_with_what_would_do(problems, old, new, place, key, text):
    told = problems((old, new))
    assert [found for found in told if found[0] == place and key in (None, found[1]) and text in found[2]], told


def test_an_ending_on_a_half_day_must_come_after_the_opening_too(problems):
    assert (
        problems(("[schedule]", "[schedule]\nopening = 13:00:00\ncall = 12:00:00"))[0][1] == "schedule.half_day_close"
    )


@pytest.mark.parametrize(
    ("table", "needed", "others"),
    [
        ("breaker", "schedule", ["pricing", "settlement", "sanctions"]),
        ("settlement", "schedule", ["pricing", "breaker", "sanctions"]),
        ("pricing", "schedule", ["breaker", "settlement", "sanctions"]),
        ("sanctions", "schedule", ["breaker", "settlement", "pricing"]),
        ("bands", "pricing", ["breaker", "settlement", "cash"]),
        ("cash", "pricing", ["breaker", "settlement", "bands"]),
        ("breaker", "pricing", ["cash", "settlement", "bands"]),
        ("settlement", "pricing", ["cash", "breaker", "bands"]),
    ],
)
def test_a_table_that_does_nothing_alone_says_what_it_needs(problems, table, needed, others):
    told = {key: text for _, key, text in problems((f"[{needed}]\n", ""))}
    assert f"needs [{needed}]: " in told[table]
    assert f"add [{needed}], or leave [{table}] out" in told[table]
    assert set(others) <= told.keys()


def test_duties_need_theoretical_values(problems):
    keys = [key for _, key, _ in problems(("[pricing]\n", ""))]
    assert keys[-3:] == [
        "roles.market_maker.quote_coverage",
        "roles.hedge_fund.portfolio_delta",
        "roles.arbitrage_desk.spx_spy_balance",
    ]


def test_a_chain_needs_the_price_that_its_strikes_stand_around(problems):
    told = problems(("SPX = 4500", ""), ("[pricing]\n", ""))
    text = (
        "its strikes stand around the starting price of the index, which is missing; add SPX to [underlyings],"
        " such as SPX = 4500"
    )
    assert ["16:2", "chain", text] in told


def test_pricing_needs_a_price_to_start_at(problems):
    told = problems(("[chain]\n", LISTED), ("SPX = 4500", ""))
    assert told == [["13:2", "underlyings", "has no price of SPX, at which pricing starts; add one: SPX = 4500"]]


def test_a_balance_needs_instruments_of_both_underlyings(problems):
    one_alone = '[[instruments]]\nsymbol = "SPX_CALL_4500_20240315"\n'
    assert problems(("[chain]\n", LISTED)) == []
    told = problems(("[chain]\n", one_alone))
    assert [key for _, key, _ in told] == ["roles.arbitrage_desk.spx_spy_balance"]


def test_hours_are_in_order_on_the_night_when_clocks_change_too(problems):
    at_night = (
        "[schedule]\ncall = 01:59:00\nopening = 02:30:00\nclose = 03:10:00\n[calls]\nopening_random_seconds = 0\n"
    )
    few = ("[settlement]", "[settlement]\nfixings = 1"), ("[breaker]", "[breaker]\nquiet_seconds = 0")
    sunday = ('"nyse"', '"none"'), ("[schedule]\n", at_night), *few
    assert problems(*sunday, ("2024-03-14", "2024-03-09")) == []
    (told,) = problems(*sunday, ("2024-03-14", "2024-03-10"))
    assert told[1] == "session.date"
    assert told[2].startswith("clocks in America/New_York change within the hours of the session on 2024-03-10")


def test_batches_need_market_time(tmp_path):
    path = tmp_path / "batch.toml"
    path.write_text(
        'name = "x"\ntitle = "x"\n[registration]\nopen = true\n[[instruments]]\nsymbol = "SPY"\n'
        '[matching]\nmode = "batch"\n'
    )
    with pytest.raises(ScenarioError, match=r":8:1: matching\.mode: 'batch' needs \[schedule\]"):
        load_scenario(path)


def test_a_session_lists_a_thousand_instruments_at_most(problems):
    strikes = ", ".join(str(number / 4) for number in range(-100, 150))
    text = f"[chain]\nstrike_step = 0.1\n[[chain.expiries]]\ndays = 0\nstrikes_percent = [{strikes}]\n"
    # 1 + 4 * 250, which is also more than a list of strikes may have
    assert any(
        "1001 instruments" in text or "200 entries at most" in text for _, _, text in problems(("[chain]\n", text))
    )


def test_every_role_may_have_a_code_of_its_own_and_nobody_else_comes_in(problems):
    codes = "role_codes = { market_maker = 'a', hedge_fund = 'b', arbitrage_desk = 'c', retail = 'd' }"
    assert problems(("open = true", codes)) == []
