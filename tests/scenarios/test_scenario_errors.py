"""A scenario that cannot be used is refused with its file, its key, the rule, and what would do."""

import pytest

from openoutcry.scenarios.loader import ScenarioError, load_scenario
from openoutcry.scenarios.model import scenario_hash

MINIMAL = """
name = "small"
title = "One instrument"

[session]
time_zone = "UTC"

[registration]
open = true

[[instruments]]
symbol = "SPY"
"""


@pytest.fixture
def load(tmp_path):
    """Loads the minimal scenario with one line exchanged, or with lines appended."""

    def load(*, replace="", by="", append=""):
        assert replace in MINIMAL
        path = tmp_path / "small.toml"
        path.write_text(MINIMAL.replace(replace, by, 1) + append, encoding="utf-8")
        return load_scenario(path)

    return load


def test_the_minimal_scenario_loads(load):
    scenario = load()
    assert [instrument.instrument_id for instrument in scenario.instruments] == ["SPY"]
    assert scenario.instruments[0].tick_size == 100
    assert scenario.session_date is None


REFUSED = [
    # key, rule, what to replace in the minimal scenario ("": append), by what
    ("tittle", "did you mean 'title'?", "title =", "tittle ="),
    ("title", "is missing", 'title = "One instrument"', ""),
    ("name", "will not do", '"small"', '"Not A Name"'),
    ("instruments[1].strike", "the keys here are symbol, tick_size, multiplier", "", "strike = 45"),
    ("instruments[1].tick_size", "not a multiple of 0.0001; the nearest", "", "tick_size = 0.00015"),
    ("instruments[1].tick_size", "must be from 0.0001", "", "tick_size = 0"),
    ("instruments[1].tick_size", "must be from 0.0001", "", "tick_size = -0.01"),
    ("instruments[1].tick_size", "must be from 0.0001", "", "tick_size = nan"),
    ("instruments[1].tick_size", "must be from 0.0001", "", "tick_size = inf"),
    ("instruments[1].tick_size", "must be from 0.0001", "", "tick_size = 1e999999"),
    ("instruments[1].tick_size", "without quotes", "", 'tick_size = "0.01"'),
    ("instruments[1].multiplier", "<= 400", "", "multiplier = 401"),
    ("instruments[1].multiplier", ">= 1", "", "multiplier = 0"),
    ("instruments[1].multiplier", "Expected `int`", "", "multiplier = 1.5"),
    ("instruments[2].symbol", "listed twice", "", '[[instruments]]\nsymbol = "SPY"'),
    ("instruments[1].symbol", "neither a spot symbol", '"SPY"', '"spy"'),
    ("instruments[1].symbol", "not a date", '"SPY"', '"SPX_PUT_4500_20240230"'),
    ("instruments", "must be given", '[[instruments]]\nsymbol = "SPY"', ""),
    ("session.time_zone", "not a time zone", '"UTC"', '"Mars/Olympus"'),
    ("session.opening_phase", "will not do", "[session]", '[session]\nopening_phase = "open"'),
    ("session.date", "will not do", "[session]", '[session]\ndate = "tomorrow"'),
    ("registration", "either open = true", "open = true", ""),
    ("registration", "either open = true", "open = true", 'open = true\njoin_code = "x"'),
    ("registration.open", "Expected `bool`", "open = true", "open = 1"),
    ("registration.join_code", ">= 1", "open = true", 'join_code = ""'),
    ("registration.roles", "'trader' is not a role", "open = true", 'open = true\nroles = ["trader"]'),
    ("registration.default_role", "'x' is not a role", "open = true", 'open = true\ndefault_role = "x"'),
    ("rules.self_trade_prevention", "will not do", "", '[rules]\nself_trade_prevention = "maybe"'),
    ("ids.first_order", ">= 1", "", "[ids]\nfirst_order = 0"),
    ("underlyings.SPX", "no instrument has this underlying; there are SPY", "", "[underlyings]\nSPX = 1"),
    ("underlyings.SPY", "above 0", "", "[underlyings]\nSPY = 0"),
    ("roles", "must be a table", 'name = "small"', 'name = "small"\nroles = 3'),
    ("roles", ">= 1", "", "[roles]"),
    ("roles.retail", "must be a table", "", "[roles]\nretail = 3"),
    ("roles.retail.maker_fees", "did you mean 'maker_fee'?", "", "[roles.retail]\nmaker_fees = 1"),
    ("roles.retail.maker_fee", "multiple of 0.0001", "", "[roles.retail]\nmaker_fee = 0.12345"),
    ("roles.retail.maximum_order_size", ">= 1", "", "[roles.retail]\nmaximum_order_size = 0"),
    (
        "roles.retail.option_position_limit",
        "<= 1000000",
        "",
        "[roles.retail]\noption_position_limit = 1000001",
    ),
    ("roles.retail.orders_per_second", "above 0", "", "[roles.retail]\norders_per_second = 0"),
    ("roles.retail.starting_cash", "from 0", "", "[roles.retail]\nstarting_cash = -1"),
    ("roles.guest.maker_fee", "is missing", "", "[roles.guest]\ntaker_fee = 1"),
    ("rate_limits.reads_per_second", "above 0", "", "[rate_limits]\nreads_per_second = -1"),
    ("connections.heartbeat_seconds", "above 0", "", "[connections]\nheartbeat_seconds = 0"),
    ("connections.cors_origins", "not an origin", "", '[connections]\ncors_origins = ["bots.example/x"]'),
]


@pytest.mark.parametrize(("key", "rule", "replace", "by"), REFUSED)
def test_what_is_wrong_is_named_by_file_key_and_rule(load, key, rule, replace, by):
    with pytest.raises(ScenarioError) as refusal:
        load(replace=replace, by=by) if replace else load(append=by)
    file, named, text = str(refusal.value).split(": ", 2)
    assert file.endswith("small.toml")
    assert named == key
    assert rule in text


def test_a_scenario_without_instruments_is_refused(tmp_path):
    path = tmp_path / "empty.toml"
    path.write_text('name = "x"\ntitle = "x"\ninstruments = []\n[registration]\nopen = true\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"instruments: .* >= 1"):
        load_scenario(path)


def test_no_pair_of_roles_may_be_paid_for_trading_with_each_other(load):
    with pytest.raises(ScenarioError) as refusal:
        load(append="[roles.market_maker]\nmaker_fee = -0.61\n[roles.retail]\n")
    assert str(refusal.value).endswith(
        "roles.market_maker.maker_fee: market_maker as maker (-0.61) and market_maker as taker (0.3)"
        " would be paid for trading with each other; maker + taker must not be below 0 for any pair of roles:"
        " a maker fee of -0.3 or more would do"
    )


def test_a_pair_of_roles_that_pays_nothing_in_sum_is_fine(load):
    load(append="[roles.market_maker]\nmaker_fee = -0.30\n[roles.retail]\n")


def test_an_option_must_not_expire_before_the_session(load):
    with pytest.raises(ScenarioError, match="expires before the session date 2024-01-15; list a later expiry"):
        load(
            replace="[session]",
            by="[session]\ndate = 2024-01-15",
            append='[[instruments]]\nsymbol = "SPX_CALL_4500_20240112"\n',
        )


def test_an_option_may_expire_on_the_day_of_the_session(load):
    load(
        replace="[session]",
        by="[session]\ndate = 2024-01-15",
        append='[[instruments]]\nsymbol = "SPX_CALL_4500_20240115"\n',
    )


def test_money_of_the_file_is_exact_to_the_last_unit(load):
    roles = load(append="[roles.retail]\nstarting_cash = 999999999999.9999\nmaker_fee = 0.0001\n").rulebook.roles
    assert roles["retail"].starting_cash == 9_999_999_999_999_999
    assert roles["retail"].maker_fee == 1


def test_only_the_roles_that_a_scenario_names_exist_in_it(load):
    scenario = load(append="[roles.retail]\n[roles.hedge_fund]\n")
    assert scenario.registration.roles == ("retail", "hedge_fund")
    assert list(scenario.rulebook.roles) == ["retail", "hedge_fund"]


def test_what_is_not_toml_is_said_with_its_line(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text('name = "x"\ntitle\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"broken\.toml: is not TOML: .*line 2"):
        load_scenario(path)


def test_what_is_not_utf8_is_said_with_its_byte(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'title = "\xe9"\n')
    with pytest.raises(ScenarioError, match="not UTF-8 text: byte 9"):
        load_scenario(path)


def test_a_file_that_is_not_there_is_refused_with_the_names_that_would_do(tmp_path):
    with pytest.raises(ScenarioError, match=r"cannot be read: No such file.*demo, match, orderflow, seed"):
        load_scenario(tmp_path / "missing.toml")


def test_an_unknown_name_is_refused_with_the_names_that_would_do():
    with pytest.raises(ScenarioError, match=r"no scenario of this name.*seed.*\./sneed\.toml"):
        load_scenario("sneed")


def test_an_endless_file_is_refused():
    with pytest.raises(ScenarioError, match="larger than a scenario file may be"):
        load_scenario("/dev/zero")


def test_the_hash_tells_rules_and_instruments_apart_and_nothing_else(load):
    plain = load().hash
    assert load(replace='"One instrument"', by='"Another title"').hash == plain
    assert load(append="[rate_limits]\nreads_burst = 7\n").hash == plain
    assert load(append="multiplier = 10\n").hash != plain
    assert load(append="[ids]\nfirst_order = 2\n").hash != plain
    assert load(append="[roles.retail]\n").hash != plain


def test_the_hash_does_not_depend_on_the_order_of_roles(load):
    one = load(append="[roles.retail]\n[roles.hedge_fund]\n")
    other = load(append="[roles.hedge_fund]\n[roles.retail]\n")
    assert one.hash == other.hash == scenario_hash(one.instruments, one.rulebook)
