"""An unusable scenario is refused with its file, the line, the key, the rule, and a value that would do."""

import pytest
from msgspec.structs import fields

from openoutcry.scenarios.loader import ScenarioError, load_scenario
from openoutcry.scenarios.model import hashed
from openoutcry.scenarios.schema.roles import RoleTable

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
    ("title", "is missing; give it: One line for people", 'title = "One instrument"', ""),
    ("name", "is refused: its form is wrong (Short name", '"small"', '"Not A Name"'),
    ("instruments[1].strike", "the keys here are symbol, tick_size, multiplier", "", "strike = 45"),
    ("instruments[1].tick_size", "not a multiple of 0.0001; the nearest", "", "tick_size = 0.00015"),
    ("instruments[1].tick_size", "must be from 0.0001", "", "tick_size = 0"),
    ("instruments[1].tick_size", "must be from 0.0001", "", "tick_size = -0.01"),
    ("instruments[1].tick_size", "must be from 0.0001", "", "tick_size = nan"),
    ("instruments[1].tick_size", "must be from 0.0001", "", "tick_size = inf"),
    ("instruments[1].tick_size", "must be from 0.0001", "", "tick_size = 1e999999"),
    ("instruments[1].tick_size", "without quotes", "", 'tick_size = "0.01"'),
    ("instruments[1].multiplier", "a whole number, 400 at most", "", "multiplier = 401"),
    ("instruments[1].multiplier", "a whole number, 1 or more", "", "multiplier = 0"),
    ("instruments[1].multiplier", "must be a whole number", "", "multiplier = 1.5"),
    ("instruments[2].symbol", "listed twice", "", '[[instruments]]\nsymbol = "SPY"'),
    ("instruments[1].symbol", "neither a spot symbol", '"SPY"', '"spy"'),
    ("instruments[1].symbol", "not a date", '"SPY"', '"SPX_PUT_4500_20240230"'),
    ("instruments", "is missing; give it", '[[instruments]]\nsymbol = "SPY"', ""),
    ("session.time_zone", "not a time zone", '"UTC"', '"Mars/Olympus"'),
    ("session.opening_phase", "is refused", "[session]", '[session]\nopening_phase = "open"'),
    ("session.date", "is refused", "[session]", '[session]\ndate = "tomorrow"'),
    ("registration", "either open = true", "open = true", ""),
    ("registration", "either open = true", "open = true", 'open = true\njoin_code = "x"'),
    ("registration.open", "must be true or false", "open = true", "open = 1"),
    ("registration.join_code", "text in quotes of 1 or more characters", "open = true", 'join_code = ""'),
    ("registration.roles[1]", "'trader' is not a role", "open = true", 'open = true\nroles = ["trader"]'),
    ("registration.default_role", "'x' is not a role", "open = true", 'open = true\ndefault_role = "x"'),
    ("rules.self_trade_prevention", "is refused", "", '[rules]\nself_trade_prevention = "maybe"'),
    ("ids.first_order", "1 or more", "", "[ids]\nfirst_order = 0"),
    ("underlyings.SPX", "no instrument has this underlying; did you mean 'SPY'?", "", "[underlyings]\nSPX = 1"),
    ("underlyings.SPY", "above 0", "", "[underlyings]\nSPY = 0"),
    ("roles", "must be a table", 'name = "small"', 'name = "small"\nroles = 3'),
    ("roles.retail", "must be a table", "", "[roles]\nretail = 3"),
    ("roles.retail.maker_fees", "did you mean 'maker_fee'?", "", "[roles.retail]\nmaker_fees = 1"),
    ("roles.retail.maker_fee", "multiple of 0.0001", "", "[roles.retail]\nmaker_fee = 0.12345"),
    ("roles.retail.maximum_order_size", "1 or more", "", "[roles.retail]\nmaximum_order_size = 0"),
    (
        "roles.retail.option_position_limit",
        "1000000 at most",
        "",
        "[roles.retail]\noption_position_limit = 1000001",
    ),
    ("roles.retail.orders_per_second", "above 0", "", "[roles.retail]\norders_per_second = 0"),
    ("roles.retail.starting_cash", "from 0", "", "[roles.retail]\nstarting_cash = -1"),
    ("roles.guest", "these keys are missing: maker_fee, option_position_limit", "", "[roles.guest]\ntaker_fee = 1"),
    ("rate_limits.reads_per_second", "above 0", "", "[rate_limits]\nreads_per_second = -1"),
    ("connections.heartbeat_seconds", "above 0", "", "[connections]\nheartbeat_seconds = 0"),
    ("connections.cors_origins[1]", "not an origin", "", '[connections]\ncors_origins = ["bots.example/x"]'),
]


@pytest.mark.parametrize(("key", "rule", "replace", "by"), REFUSED)
def test_what_is_wrong_is_named_by_file_key_and_rule(load, key, rule, replace, by):
    with pytest.raises(ScenarioError) as refusal:
        load(replace=replace, by=by) if replace else load(append=by)
    place, named, text = str(refusal.value).split(": ", 2)
    assert "small.toml" in place
    assert named == key
    assert rule in text
    assert "\n" not in text, "one mistake is told once"


def test_a_scenario_without_instruments_is_refused(tmp_path):
    path = tmp_path / "empty.toml"
    path.write_text('name = "x"\ntitle = "x"\ninstruments = []\n[registration]\nopen = true\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"instruments: .* a list of 1 or more entries"):
        load_scenario(path)


def test_what_is_no_table_of_instruments_is_told_how_to_write_one(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('name = "x"\ntitle = "x"\ninstruments = [3]\n[registration]\nopen = true\n', encoding="utf-8")
    with pytest.raises(ScenarioError) as refusal:
        load_scenario(path)
    assert str(refusal.value) == (
        f"{path}:3:16: instruments[1]: must be a table, not 3; write [[instruments]] and its keys below"
    )


def test_no_pair_of_roles_may_be_paid_for_trading_with_each_other(load):
    with pytest.raises(ScenarioError) as refusal:
        load(append="[roles.market_maker]\nmaker_fee = -0.61\n[roles.retail]\n")
    assert str(refusal.value).endswith(
        "roles.market_maker.maker_fee: market_maker as maker (-0.61) and market_maker as taker (0.30)"
        " would be paid for trading with each other; maker + taker must not be below 0 for any pair of roles:"
        " a maker fee of -0.30 or more is allowed, or leave one of the two out of [registration] roles"
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


ALL_WRONG = """\
name = "All Wrong"
tittle = "x"

[session]
time_zone = "Mars/Olympus"
opening_phase = "open"
date = 2024-01-15

[registration]
open = true
default_role = "king"

# A comment, and a list over several lines, which is one statement.
[connections]
cors_origins = [
  "https://good.example",  # ]
  "https://bad.example/path",
]

[[instruments]]
symbol = "spy"

[[instruments]]
symbol = "SPX_CALL_4500_20240112"
tick_size = 0.00015
strike = 4500

[roles.retail]
maker_fees = 1
taker_fee = 0.12345
orders_per_second = 0

[roles.guest]
maker_fee = 1
"""


def test_all_that_is_wrong_is_told_in_one_run_each_with_its_place(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(ALL_WRONG, encoding="utf-8")
    with pytest.raises(ScenarioError) as refusal:
        load_scenario(path)
    told = [line.removeprefix(f"{path}").split(": ")[:2] for line in str(refusal.value).splitlines()]
    assert [tuple(place) for place in told] == [
        (":1:1", "name"),
        (":2:1", "tittle"),
        (":5:1", "session.time_zone"),
        (":6:1", "session.opening_phase"),
        (":17:3", "connections.cors_origins[2]"),
        (":21:1", "instruments[1].symbol"),
        (":25:1", "instruments[2].tick_size"),
        (":26:1", "instruments[2].strike"),
        (":29:1", "roles.retail.maker_fees"),
        (":30:1", "roles.retail.taker_fee"),
        (":31:1", "roles.retail.orders_per_second"),
        (":33:8", "roles.guest"),
    ]


def test_several_keys_that_are_missing_at_the_top_are_named_together(tmp_path):
    path = tmp_path / "empty.toml"
    path.write_text("")
    with pytest.raises(ScenarioError) as refusal:
        load_scenario(path)
    assert str(refusal.value) == f"{path}: these keys are missing: name, title, registration, instruments"


def test_what_does_not_fit_together_is_told_in_one_run_too(load):
    with pytest.raises(ScenarioError) as refusal:
        load(
            replace="[session]",
            by="[session]\ndate = 2024-01-15",
            append="""
[[instruments]]
symbol = "SPY"
[[instruments]]
symbol = "SPX_CALL_4500_20240112"
[underlyings]
DAX = 1
[roles.retail]
maker_fee = -1
""",
        )
    keys = [line.split(": ")[1] for line in str(refusal.value).splitlines()]
    assert keys == ["instruments[2].symbol", "instruments[3].symbol", "underlyings.DAX", "roles.retail.maker_fee"]


def test_a_thousand_mistakes_are_not_all_told(load):
    with pytest.raises(ScenarioError) as refusal:
        load(append="".join(f"wrong_{number} = 1\n" for number in range(1_000)))
    lines = str(refusal.value).splitlines()
    assert len(lines) == 51
    assert lines[-1].endswith("small.toml: further mistakes: 950")


def test_what_is_shown_of_a_long_value_is_cut(load):
    with pytest.raises(ScenarioError) as refusal:
        load(append=f"{'k' * 10_000} = 1\nmultiplier = [{'1,' * 10_000}]\n")
    assert len(str(refusal.value)) < 1_000


def test_a_key_with_an_end_of_line_in_it_is_told_in_one_line(load):
    with pytest.raises(ScenarioError) as refusal:
        load(append='"a\\nb" = 1\ntick_size = """\n\n"""\n')
    assert [line.split(": ", 1)[1] for line in str(refusal.value).splitlines()] == [
        "'instruments[1].a\\nb': no such key; the keys here are symbol, tick_size, multiplier",
        "instruments[1].tick_size: must be a number, not text; write  without quotes",
    ]


@pytest.mark.parametrize(
    ("multiplier", "told"),
    [
        ("1" * 5_000, "is not TOML: "),
        (f"0x{'f' * 5_000}", "a number with too many digits is refused"),
        (f"[0x{'f' * 5_000}]", "a number with too many digits is refused"),
        (f"{'[' * 5_000}{']' * 5_000}", "nested too deeply"),
    ],
    ids=["digits", "hexadecimal digits", "a list of them", "brackets"],
)
def test_numbers_and_lists_without_measure_are_refused_in_words(load, multiplier, told):
    with pytest.raises(ScenarioError, match=told) as refusal:
        load(append=f"multiplier = {multiplier}\n")
    assert len(str(refusal.value)) < 1_000


def test_a_mark_of_byte_order_at_the_start_is_passed_over(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(MINIMAL, encoding="utf-8-sig")
    assert load_scenario(path).name == "small"


GAME = ("market_maker", "hedge_fund", "arbitrage_desk", "retail")


def test_a_table_of_a_role_of_the_game_overrides_that_role_and_leaves_the_others(load):
    scenario = load(append="[roles.retail]\ntaker_fee = 0.70\n")
    assert tuple(scenario.rulebook.roles) == scenario.registration.roles == GAME
    assert scenario.rulebook.roles["retail"].taker_fee == 7_000
    assert scenario.rulebook.roles["retail"].maker_fee == 1_000
    plain = load().rulebook.roles
    for name in GAME[:3]:
        assert scenario.rulebook.roles[name] == plain[name]


def test_registration_says_which_roles_a_team_may_choose(load):
    scenario = load(replace="open = true", by='open = true\nroles = ["retail", "hedge_fund"]')
    assert scenario.registration.roles == ("retail", "hedge_fund")
    assert tuple(scenario.rulebook.roles) == GAME


GUEST = "[roles.guest]\n" + "".join(
    f"{name} = {'true' if name.startswith('may') else 0 if 'fee' in name else 1}\n"
    for name in (field.name for field in fields(RoleTable) if field.required)
)


def test_a_role_of_another_name_stands_beside_the_game_s(load):
    scenario = load(
        append=GUEST + "[roles.market_maker]\nmaker_fee = 0\n[roles.hedge_fund]\nmaker_fee = 0\n"
        "[roles.arbitrage_desk]\nmaker_fee = 0\n"
    )
    assert scenario.registration.roles == (*GAME, "guest")


def test_a_rebate_is_no_gift_where_nobody_may_have_the_other_role(load):
    with pytest.raises(ScenarioError, match=r"leave one of the two out of \[registration\] roles"):
        load(append=GUEST)
    load(replace="open = true", by='open = true\nroles = ["guest"]\ndefault_role = "guest"', append=GUEST)


def test_what_is_not_toml_is_said_with_its_line(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text('name = "x"\ntitle\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"broken\.toml:2:6: is not TOML: Expected '=' after"):
        load_scenario(path)


def test_what_is_not_utf8_is_said_with_its_byte(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'title = "\xe9"\n')
    with pytest.raises(ScenarioError, match="not UTF-8 text: byte 9"):
        load_scenario(path)


def test_a_file_that_is_not_there_is_refused_with_the_names_that_would_do(tmp_path):
    with pytest.raises(
        ScenarioError, match=r"cannot be read: No such file.*demo, intern, intern_fast, match, orderflow"
    ):
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
    assert load(append="[roles.retail]\n").hash == plain
    assert load(append="[roles.retail]\nmaker_fee = 1\n").hash != plain


def test_the_hash_does_not_depend_on_the_order_of_roles(load):
    one = load(append="[roles.retail]\nmaker_fee = 1\n[roles.hedge_fund]\nmaker_fee = 2\n")
    other = load(append="[roles.hedge_fund]\nmaker_fee = 2\n[roles.retail]\nmaker_fee = 1\n")
    assert one.hash == other.hash == hashed(one).hash
