"""`openoutcry admin WHAT` against a server in another process."""

import csv
import os
import stat

import pytest
from command_line import assert_told, openoutcry, register, request
from journals import read_all
from served_exchange import ServedExchange

from openoutcry.domain.commands import RegisterTeam

CALL = "SPX_CALL_4500_20240315"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    with ServedExchange(tmp_path_factory.mktemp("served") / "data") as exchange:
        yield exchange


def admin(exchange, *words, key=None, **options):
    key_file = exchange.data / "admin.key" if key is None else key
    return openoutcry("admin", *words, "--url", exchange.url, "--key-file", key_file, **options)


def done(exchange, *words):
    """What a command said that succeeded."""
    result = admin(exchange, *words, "--by", "Ann Öst", "--reason", "Rehearsal")
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def market(exchange):
    return request(exchange, "GET", "/market")["data"]


def last_action(exchange):
    key = {"X-Admin-Key": (exchange.data / "admin.key").read_text().strip()}
    return request(exchange, "GET", "/admin/actions?limit=1000", **key)["data"]["actions"][-1]


def test_phases_and_halts(exchange):
    assert done(exchange, "halt", CALL) == f"{CALL} halted\n"
    assert market(exchange)["halted"] == [CALL]
    assert done(exchange, "resume", CALL) == f"{CALL} resumed, phase continuous\n"
    assert market(exchange)["halted"] == []
    assert done(exchange, "halt") == "all instruments halted\n"
    assert market(exchange)["phase"] == "halted"
    assert done(exchange, "resume") == "all instruments resumed, phase continuous\n"
    assert done(exchange, "phase", "closed").startswith("phase closed")
    assert done(exchange, "phase", "continuous").startswith("phase continuous")
    action = last_action(exchange)
    assert (action["action"], action["by"], action["reason"]) == ("set_phase", "Ann Öst", "Rehearsal")


def test_news_and_announcements(exchange):
    assert done(exchange, "news", "Rates stay", "--category", "central bank", "--odds", "10/20/70").startswith("NEWS_")
    [*_, news] = request(exchange, "GET", "/news")["data"]["news"]
    assert (news["headline"], news["category"], news["odds"]["no_effect"]) == ("Rates stay", "central bank", 70)
    assert done(exchange, "announce", "Lunch is served") == "announced\n"
    assert last_action(exchange)["terms"] == {"text": "Lunch is served"}


def test_news_that_would_move_prices_need_a_simulated_market(exchange):
    result = admin(exchange, "news", "Banks in trouble", "--regime", "high", "--jump-percent", "-0.8")
    assert_told(result, 8, "MALFORMED_REQUEST", "no simulated market")


def test_a_team_is_suspended_reinstated_and_given_a_new_key(exchange, tmp_path):
    own = register(exchange, "keyless")
    team_id = request(exchange, "GET", "/account", **own)["data"]["account"]["team_id"]
    assert done(exchange, "suspend", team_id) == f"{team_id} (keyless) suspended\n"
    assert request(exchange, "GET", "/account", **own)["data"]["account"]["suspended"]
    assert done(exchange, "reinstate", team_id) == f"{team_id} (keyless) reinstated\n"

    to = tmp_path / "new.key"
    said = done(exchange, "rotate-key", team_id, "--to", to)
    key = to.read_text().strip()
    assert key not in said
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert request(exchange, "GET", "/account", **own)["error"]["code"] == "UNAUTHENTICATED"
    assert request(exchange, "GET", "/account", **{"X-API-Key": key})["success"]

    result = admin(exchange, "rotate-key", team_id, "--to", to)
    assert_told(result, 2, "exists already")
    assert request(exchange, "GET", "/account", **{"X-API-Key": key})["success"]


def test_a_trade_is_busted(exchange):
    buyer, seller = register(exchange, "buyer"), register(exchange, "seller")
    for key, side in ((buyer, "buy"), (seller, "sell")):
        order = {"instrument_id": CALL, "side": side, "quantity": 2, "price": 10.0}
        assert request(exchange, "POST", "/orders", order, **key)["success"]
    [fill] = request(exchange, "GET", "/fills", **buyer)["data"]["fills"]
    assert done(exchange, "bust", fill["trade_id"]) == f"{fill['trade_id']} busted: 2 {CALL} @ 10.0\n"
    assert request(exchange, "GET", "/positions", **buyer)["data"]["positions"] == {CALL: 0}


def test_an_instrument_is_settled(exchange):
    put = "SPX_PUT_4500_20240315"
    assert_told(admin(exchange, "settle", put, "1.001"), 8, "INVALID_PRICE")
    assert done(exchange, "settle", put, "12.5", "--underlying", "4487.5") == f"{put} settled at 12.5\n"
    assert last_action(exchange)["terms"]["instrument_id"] == put


def test_actions_are_listed_oldest_first(exchange):
    done(exchange, "announce", "Welcome")
    assert admin(exchange, "halt", "NOPE").returncode == 8
    listed = admin(exchange, "actions").stdout.splitlines()
    assert "announce text=Welcome  by Ann Öst: Rehearsal" in listed[-2]
    assert listed[-1].endswith("halt_instrument instrument_id=NOPE  REFUSED INVALID_INSTRUMENT")
    sequences = [int(line.split()[0]) for line in listed]
    assert sequences == sorted(sequences)
    after = admin(exchange, "actions", "--after", sequences[-2]).stdout.splitlines()
    assert after == listed[-1:]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["halt", "NOPE"], 8, "INVALID_INSTRUMENT: There is no instrument 'NOPE'"),
        (["phase", "lunch"], 8, "MALFORMED_REQUEST: phase must be"),
        (["suspend", "TEAM_999"], 8, "TEAM_NOT_FOUND"),
        (["bust", "TRD_999"], 8, "TRADE_NOT_FOUND"),
        (["suspend", "../phase"], 8, "ROUTE_NOT_FOUND"),
        (["announce", "two\nlines"], 8, "MALFORMED_REQUEST: text"),
        (["announce", "x", "--by", "two  spaces"], 8, "X-Admin-Name"),
        (["news", "x", "--odds", "50/50"], 2, "three percentages"),
        (["announce", "x", "--by", "two\nlines"], 2, "not one line of visible characters"),
        (["announce", "x\udcff"], 2, "not text in UTF-8"),
        (["suspend", "x\udcff"], 2, "not text in UTF-8"),
        (["speed", "nan"], 2, "nan is not a finite number"),
        (["settle", CALL, "inf"], 2, "inf is not a finite number"),
        (["bust"], 2, "Missing argument"),
    ],
)
def test_a_refusal_is_a_sentence_and_an_exit_code(exchange, words, code, told):
    result = admin(exchange, *words)
    assert_told(result, code, told)


@pytest.mark.parametrize("words", [["session", "start"], ["session", "end"], ["speed", "2"]])
def test_without_a_schedule_there_is_no_session_to_conduct(exchange, words):
    assert_told(admin(exchange, *words), 8, "MARKET_CLOSED", "no schedule")


def test_a_session_is_started_sped_up_and_ended_and_a_team_sanctioned(tmp_path):
    with ServedExchange(tmp_path / "data", scenario="intern") as exchange:
        assert done(exchange, "session", "start", "--at", "next_minute").startswith("the session starts at 20")
        assert done(exchange, "session", "end").startswith("phase closed")
        assert "started; phase pre_open, market time " in done(exchange, "session", "start")
        assert done(exchange, "speed", "2.5") == "speed 2.5\n"
        source = write(tmp_path / "teams.csv", "Alpha,market_maker,Ann")
        create(exchange, source, tmp_path / "keys.csv")
        team_id = (tmp_path / "keys.csv").read_text().splitlines()[1].partition(",")[0]
        assert done(exchange, "sanction", team_id, "3") == f"{team_id} is at level 3, reduce-only\n"
        assert "reduce-only" in teams(exchange)
        assert "(the exchange's)" in teams(exchange)
        assert done(exchange, "pardon", team_id) == f"{team_id} is at level 0\n"
        assert_told(admin(exchange, "sanction", team_id, "4"), 8, "MALFORMED_REQUEST")
        assert done(exchange, "session", "end").startswith("phase closed, market time ")
        listed = admin(exchange, "actions").stdout
        assert "set_speed speed=2.5  by Ann Öst: Rehearsal" in listed


def test_a_key_is_needed_and_must_be_the_organiser_s(exchange, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "OPENOUTCRY_ADMIN_KEY"}
    result = openoutcry("admin", "announce", "x", "--url", exchange.url, env=environment)
    assert_told(result, 2, "OPENOUTCRY_ADMIN_KEY is not set", "--key-file")
    wrong, empty = tmp_path / "wrong.key", tmp_path / "empty.key"
    wrong.write_text("a-guess-that-is-wrong\n")
    empty.write_text("\n")
    assert_told(admin(exchange, "announce", "x", key=wrong), 8, "UNAUTHENTICATED")
    assert_told(admin(exchange, "announce", "x", key=empty), 2, "is empty")
    assert_told(admin(exchange, "announce", "x", key=tmp_path / "none.key"), 4, "none.key")
    key = (exchange.data / "admin.key").read_text().strip()
    with_key = {**environment, "OPENOUTCRY_ADMIN_KEY": key, "OPENOUTCRY_URL": exchange.url}
    assert openoutcry("admin", "announce", "By the environment", env=with_key).stdout == "announced\n"


def test_nobody_at_the_address(tmp_path):
    key = tmp_path / "a.key"
    key.write_text("a-key-of-some-exchange")
    result = openoutcry("admin", "announce", "x", "--url", "http://127.0.0.1:1", "--key-file", key)
    assert_told(result, 5, "cannot connect to http://127.0.0.1:1")
    result = openoutcry("admin", "announce", "x", "--url", "127.0.0.1", "--key-file", key)
    assert_told(result, 2, "must look like")


# ---- teams of a file ---------------------------------------------------------------------------------------------


def teams(exchange):
    result = admin(exchange, "teams")
    assert result.returncode == 0, result.stderr
    return result.stdout


def write(path, *lines):
    path.write_text("".join(f"{line}\n" for line in ("team_name,role,owner", *lines)), encoding="utf-8")
    return path


def create(exchange, source, keys):
    return admin(exchange, "teams", "create", "--from", source, "--keys", keys)


def test_teams_of_a_file_are_created_and_their_keys_kept(exchange, tmp_path):
    source = write(
        tmp_path / "teams.csv", "Alpha,market_maker,Ann", '"Beta, the second",retail,', "Gämma,hedge_fund,Ann"
    )
    keys = tmp_path / "keys.csv"

    result = create(exchange, source, keys)

    assert result.stdout == f"created 3 of 3 teams; the keys are in {keys}\n"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    with keys.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["team_name"], row["role"]) for row in rows] == [
        ("Alpha", "market_maker"),
        ("Beta, the second", "retail"),
        ("Gämma", "hedge_fund"),
    ]
    for row in rows:
        assert row["api_key"] not in result.stdout + result.stderr
        account = request(exchange, "GET", "/account", **{"X-API-Key": row["api_key"]})["data"]["account"]
        assert (account["team_id"], account["role"]) == (row["team_id"], row["role"])

    # Again: nothing is created, and no file made.
    again = tmp_path / "again.csv"
    assert create(exchange, source, again).stdout == "created 0 of 3 teams, because all are there\n"
    assert not again.exists()

    # With one more: that one alone.
    write(source, "Alpha,market_maker,Ann", "Delta,retail,Ann")
    assert create(exchange, source, again).stdout.startswith("created 1 of 2 teams;")
    assert [line.split(",")[1] for line in again.read_text().splitlines()] == ["team_name", "Delta"]
    assert_told(create(exchange, write(source, "Epsilon,retail,"), keys), 2, f"{keys} exists already")


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (["Zeta,retail,", "Eta,king,"], [":3: role: 'king' is none of "]),
        (["Zeta,retail,", "Zeta,retail,"], [":3: team_name: 'Zeta' stands in line 2 already"]),
        (["Zeta,retail,", "zeta,retail,"], [":3: team_name: 'zeta' looks like 'Zeta'"]),
        (["Zeta,retail,Zoe", "Eta,retail,zoe"], [":3: owner: 'zoe' looks like 'Zoe'"]),
        (["Zeta,retail", ",retail,"], [":2: 2 values in place of 3", ":3: team_name: ''"]),
        (["two  spaces,retail,", f"{'x' * 65},retail,"], [":2: team_name: 'two  spaces'", ":3: team_name: 'xxx"]),
        (["resident,hedge_fund,"], [":2: 'resident' is TEAM_", "already, as retail of nobody else"]),
        ([], ["there is no team in it"]),
    ],
)
def test_a_file_with_a_fault_creates_nothing(exchange, tmp_path, lines, faults):
    if "resident" not in teams(exchange):
        register(exchange, "resident")
    [heading, *_] = teams(exchange).splitlines()
    result = create(exchange, write(tmp_path / "teams.csv", *lines), tmp_path / "keys.csv")
    assert_told(result, 2, *faults)
    assert teams(exchange).splitlines()[0] == heading, "as many teams as before"
    assert not (tmp_path / "keys.csv").exists()


def test_nonces_of_a_file_are_the_teams_own(exchange, tmp_path):
    source = tmp_path / "teams.csv"
    source.write_text("nonce,team_name,role,owner\n2f7c,Theta,retail,\n,Iota,retail,\n", encoding="utf-8")
    assert create(exchange, source, tmp_path / "keys.csv").stdout.startswith("created 2 of 2 teams;")
    nonces = {record.command.team_name: record.command.nonce for record in registrations(exchange)}
    assert (nonces["Theta"], nonces["Iota"]) == ("2f7c", None)

    source.write_text("team_name,role,owner,nonce\nKappa,retail,,two words\n", encoding="utf-8")
    faults = ":2: nonce: 'two words' has not 1 to 64 characters of ASCII without spaces"
    assert_told(create(exchange, source, tmp_path / "others.csv"), 2, faults)
    assert "Kappa" not in teams(exchange)


def registrations(exchange):
    records, _ = read_all(exchange.data / "journal")
    return [record for record in records if isinstance(record.command, RegisterTeam)]


def test_a_file_without_its_columns_is_told_of(exchange, tmp_path):
    source = tmp_path / "teams.csv"
    for text in ("name,role\n", "team_name;role;owner\n", "", "\x00\xff"):
        source.write_text(text, encoding="latin-1")
        result = create(exchange, source, tmp_path / "keys.csv")
        assert_told(result, 2, str(source))
    assert_told(create(exchange, tmp_path / "none.csv", tmp_path / "keys.csv"), 4, "none.csv")
