"""Fair play is checked from a data directory alone: a fair session is found to be so, and every kind of tampering."""

import datetime as dt
import os
import subprocess
import sys
from itertools import pairwise

import pytest
from fair_stage import Play, failed, play, rewritten, short_scenario, told, verified
from msgspec import structs

from openoutcry.domain.commands import (
    AdvanceMarket,
    CancelOrder,
    CommitSeed,
    EndSession,
    ExpireInstrument,
    HaltInstrument,
    Price,
    PublishNews,
    RegisterTeam,
    ReinstateTeam,
    ReplaceQuotes,
    ResumeInstrument,
    RevealSeed,
    RotateKey,
    SettleInstrument,
    StartSession,
    SubmitOrder,
    SuspendTeam,
    TakeScenarioValues,
    Why,
    WithdrawCommitment,
)
from openoutcry.domain.fairness import commitment_of, seed_of_number
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.fairness.verification import NotDrawn
from openoutcry.simulation.world.encoding import decode, encode


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return short_scenario(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def played(tmp_path_factory, scenario):
    """A fair session with teams, an organiser's news, a restart and a crash in it."""
    return play(scenario, tmp_path_factory.mktemp("played") / "data")


@pytest.fixture
def verify(played, tmp_path_factory):
    """What is found in the session, once its journal was tampered with."""

    def verify(change):
        return verified(rewritten(played, tmp_path_factory.mktemp("tampered") / "data", change))

    return verify


def each(replace):
    """Changes the first command for which `replace` gives another one."""

    def change(records):
        changed = []
        for record in records:
            command = record.command if changed else replace(record.command)
            if command is not None and command != record.command:
                changed.append(command)
                record = structs.replace(record, command=command)  # noqa: PLW2901
            yield record
        assert changed, "nothing was there to be changed"

    return change


def left_out(is_it, count=1):
    """Leaves the first commands out that are meant."""

    def change(records):
        left = count
        for record in records:
            if left and is_it(record.command):
                left -= 1
            else:
                yield record
        assert not left, "nothing was there to be left out"

    return change


def put_in(command, before):
    """Puts a command in before the first one that is meant."""

    def change(records):
        is_in = False
        for record in records:
            if not is_in and before(record.command):
                is_in = True
                yield structs.replace(record, command=command)
            yield record
        assert is_in

    return change


def after_opening(command):
    return isinstance(command, AdvanceMarket) and command.market_time > 1_710_423_000 + 20


def with_mark(units, field):
    """Moves a number of a mark."""

    def replace(command):
        if not after_opening(command):
            return None
        first, *others = command.marks
        moved = structs.replace(first, **{field: getattr(first, field) + units})
        return structs.replace(command, marks=(moved, *others))

    return each(replace)


def is_of_flow(command):
    """Of the house or the retail flow: they were registered first."""
    return getattr(command, "team_id", None) in (1, 2) and isinstance(command, SubmitOrder | ReplaceQuotes)


# ---- what is fair ----------------------------------------------------------------------------------------------------


def test_a_fair_session_is_fair_with_restarts_and_an_organiser_s_news_in_it(played):
    report = verified(played)
    assert report.is_fair
    assert report.is_whole
    found = {finding.subject: finding for finding in report.sessions[0].findings}
    assert {name: finding.kind for name, finding in found.items()} == {
        "commitment": "sound",
        "seed": "sound",
        "world": "sound",
        "marks": "sound",
        "news": "sound",
        "settlement": "sound",
        "flow": "sound",
        "starts": "note",
        "organiser": "note",
    }
    assert "when 0 teams had registered" in found["commitment"].text
    assert "nonces of 2 teams" in found["seed"].text
    assert "started 2 times" in found["starts"].text
    assert "1 publish_news" in found["organiser"].text


def test_what_is_written_anew_and_unchanged_is_followed_as_far_as_the_journal_shows_starts(verify):
    """A journal in one piece shows no start of the exchange, so steps that a restart left out are missing there."""
    assert failed(verify(lambda records: records)) == {"flow"}


ELSEWHERE = {
    "PYTHONHASHSEED": "12345",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TZ": "Asia/Tokyo",
    "LC_ALL": "C",
    "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX",
}
"""Another process: hashes, threads, time zone, and a processor with fewer instructions for numpy to choose from."""


def test_another_process_on_another_kind_of_machine_finds_the_same(played):
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "openoutcry", "fairness", "verify", str(played)],
        env={**os.environ, **ELSEWHERE},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "fair: nothing is other than it should be" in run.stdout


def test_a_session_that_has_ended_and_whose_seed_is_kept_secret_is_found(verify):
    report = verify(left_out(lambda command: isinstance(command, RevealSeed)))
    assert failed(report) == {"seed"}


def test_a_session_that_is_under_way_cannot_be_checked_yet_and_is_told(verify):
    def change(records):
        for record in records:
            yield record
            if after_opening(record.command):
                return

    report = verify(change)
    assert report.is_fair
    assert not report.is_whole
    assert told(report, "seed").kind == "note"


def test_without_a_session_there_is_nothing_to_check_yet(verify):
    report = verify(lambda records: list(records)[:5])
    assert (report.is_fair, report.is_whole, report.sessions) == (True, False, ())


def test_without_a_simulated_market_there_is_nothing_to_check(played, scenario, tmp_path):
    (tmp_path / "data").mkdir()
    DataDirectory(tmp_path / "data").keep_scenario(structs.replace(scenario, market=None))
    with pytest.raises(NotDrawn, match="no simulated market"):
        verified(tmp_path / "data")


# ---- seeds -----------------------------------------------------------------------------------------------------------


def test_another_seed_than_the_one_committed_to_is_found(verify):
    other = seed_of_number(12)
    report = verify(each(lambda command: RevealSeed(other) if isinstance(command, RevealSeed) else None))
    assert {"commitment", "seed", "world"} <= failed(report)


def test_another_seed_with_a_commitment_that_fits_it_is_found(verify, scenario):
    """As if the organiser had chosen it afterwards, and had written the whole journal anew."""
    other = seed_of_number(12)

    def change(records):
        for record in records:
            command = record.command
            if isinstance(command, CommitSeed):
                command = CommitSeed(commitment_of(other, scenario.hash))
            elif isinstance(command, RevealSeed):
                command = RevealSeed(other)
            yield structs.replace(record, command=command)

    assert {"seed", "world"} <= failed(verify(change))


def test_another_nonce_is_found(verify):
    def replace(command):
        return structs.replace(command, nonce="another") if getattr(command, "nonce", None) else None

    assert {"seed", "world"} <= failed(verify(each(replace)))


def test_a_team_that_is_slipped_in_before_the_start_is_found(verify):
    shill = RegisterTeam("shill", "retail", b"shill" * 4, None, "chosen")
    assert {"seed", "world"} <= failed(verify(put_in(shill, lambda command: isinstance(command, StartSession))))


def test_another_end_of_the_opening_call_is_found(verify):
    def replace(command):
        if not isinstance(command, StartSession):
            return None
        call, opening, close = command.timetable
        return structs.replace(command, timetable=(call, structs.replace(opening, at=opening.at - 1), close))

    assert "seed" in failed(verify(each(replace)))


def test_a_call_that_began_when_the_scenario_no_longer_says_is_told_and_no_fault(played, scenario, tmp_path):
    """The scenario's hash does not bind it, so a later session may have another."""
    copy = rewritten(played, tmp_path / "later", lambda records: records)
    hours = structs.replace(scenario.session.hours, call=dt.time(9, 0))
    DataDirectory(copy).keep_scenario(structs.replace(scenario, session=structs.replace(scenario.session, hours=hours)))
    report = verified(copy)
    assert told(report, "seed").kind == "sound"
    assert "began at 09:29:00, and scenario.json says 09:00:00" in told(report, "call").text
    assert told(report, "call").kind == "note"


def test_a_commitment_that_was_given_up_is_told(verify):
    def change(records):
        for record in records:
            yield record
            if isinstance(record.command, CommitSeed) and record.sequence < 10:
                yield structs.replace(record, command=WithdrawCommitment())
                yield record

    report = verify(change)
    assert any(finding.subject == "withdrawn" and "no reason was given" in finding.text for finding in report.findings)


# ---- the world, marks, news ------------------------------------------------------------------------------------------


def tampered_world(played, folder, move):
    """A copy of the directory with another world in it, that the session is said to have begun with."""
    copy = folder / "tampered"
    file = next((played / "worlds").iterdir())
    world = decode(file.read_bytes())
    move(world)

    def replace(command):
        return structs.replace(command, world_digest=world.digest) if isinstance(command, StartSession) else None

    rewritten(played, copy, each(replace))
    (copy / "worlds" / file.name).write_bytes(encode(world))
    return verified(copy)


def test_a_kept_world_that_is_one_unit_off_is_told_and_fair(played, tmp_path):
    def move(world):
        world.errors[100] += 1
        world.levels[[7, 9]] -= 1

    report = tampered_world(played, tmp_path, move)
    assert "world" not in failed(report)
    assert "3 of its numbers are one unit off" in told(report, "world").text


@pytest.mark.parametrize(("name", "units"), [("index", 2), ("beliefs", 2), ("regimes", 1)])
def test_a_kept_world_that_is_further_off_is_found(played, tmp_path, name, units):
    def move(world):
        getattr(world, name)[100] += units

    report = tampered_world(played, tmp_path, move)
    assert "world" in failed(report)
    assert f"{name} at second 100" in told(report, "world").text


def test_a_lost_world_is_drawn_anew(played, tmp_path):
    copy = rewritten(played, tmp_path / "lost", lambda records: records)
    next((copy / "worlds").iterdir()).unlink()
    report = verified(copy)
    assert "world" not in failed(report)
    assert "the kept one is of no use" in told(report, "world").text


def test_a_mark_that_is_one_unit_off_is_told_and_fair(verify):
    report = verify(with_mark(1, "theta"))
    assert "marks" not in failed(report)
    assert "1 numbers are one unit off" in told(report, "marks").text


@pytest.mark.parametrize("field", ["theta", "value", "volatility", "delta", "gamma", "vega"])
def test_a_mark_that_is_two_units_off_is_found(verify, field):
    assert "marks" in failed(verify(with_mark(2, field)))


def test_a_price_of_an_underlying_that_was_moved_is_found(verify):
    def replace(command):
        if not after_opening(command):
            return None
        index, tracker = command.underlyings
        return structs.replace(command, underlyings=(structs.replace(index, price=index.price + 2), tracker))

    assert "marks" in failed(verify(each(replace)))


def test_a_market_second_that_was_left_out_is_found(verify):
    report = verify(left_out(after_opening))
    assert "market seconds are left out" in told(report, "marks").text


def test_values_of_the_cash_check_that_were_left_out_are_found(verify):
    report = verify(left_out(lambda command: isinstance(command, TakeScenarioValues), 2))
    assert "values of the cash check are missing" in told(report, "marks").text


def test_news_that_were_dropped_are_found(verify):
    def replace(command):
        return structs.replace(command, news=()) if getattr(command, "news", ()) else None

    assert "news" in failed(verify(each(replace)))


def test_a_signal_that_was_dropped_is_found(verify):
    def replace(command):
        return structs.replace(command, signals=()) if getattr(command, "signals", ()) else None

    assert "news" in failed(verify(each(replace)))


def test_another_effect_of_the_organiser_s_news_than_the_one_in_the_journal_is_found(verify):
    def replace(command):
        other = NewsEffect("low", -4_000)
        return structs.replace(command, effect=other) if isinstance(command, PublishNews) else None

    assert "marks" in failed(verify(each(replace)))


def test_a_settlement_at_another_price_is_found(verify):
    def replace(command):
        if not isinstance(command, SettleInstrument):
            return None
        return structs.replace(command, settlement_price=command.settlement_price + 1)

    assert "settlement" in failed(verify(each(replace)))


OPTION = "SPY_PUT_452_20240314"
"""The last to expire: nothing that follows tells that it is missing."""


@pytest.mark.parametrize("kinds", [(SettleInstrument,), (ExpireInstrument, SettleInstrument)])
def test_an_option_that_was_not_settled_is_found(verify, kinds):
    def is_it(command):
        return isinstance(command, kinds) and command.instrument_id == OPTION

    report = verify(left_out(is_it, len(kinds)))
    assert f"{OPTION} was not settled" in told(report, "settlement").text


def test_expiries_that_were_left_out_are_found(verify):
    def change(records):
        return [record for record in records if not isinstance(record.command, ExpireInstrument)]

    assert "did not expire" in told(verify(change), "settlement").text


def test_what_an_organiser_did_by_hand_is_told(verify):
    report = verify(put_in(HaltInstrument("SPY"), after_opening))
    assert "1 halt_instrument, 1 publish_news" in told(report, "organiser").text


def test_nothing_that_an_organiser_does_by_hand_is_a_fault_of_the_market(scenario, tmp_path):
    why = Why("Ann", "To see what happens")
    played = Play(scenario, tmp_path / "data")
    played.register("alpha", "hedge_fund", None)
    played.server.driver.start_session()
    for second, command in (
        (-10, ExpireInstrument("SPY_CALL_450_20240321", why)),
        (10, HaltInstrument(None, why)),
        (20, ResumeInstrument(None, why)),
        (30, SuspendTeam(1, why)),
        (40, ReinstateTeam(1, why)),
        (40, SuspendTeam(2, why)),
        (50, ReinstateTeam(2, why)),
        (60, SettleInstrument(OPTION, 1_000, None, why)),
        (70, EndSession(why)),
    ):
        played.trade_until(second)
        sequenced, _ = played.sequencer.perform(command)
        assert isinstance(sequenced.verdict, Accepted)
    played.close()
    report = verified(played.folder)
    assert (report.is_fair, report.is_whole) == (True, True)
    assert told(report, "organiser").text.count("1 ") == 5
    assert told(report, "organiser").text.count("2 ") == 2


def test_a_key_that_an_organiser_gave_a_team_is_told_and_one_that_it_took_is_not(verify):
    for why, tells in ((Why("Ann", "It was lost"), "1 publish_news, 1 rotate_key"), (None, ": 1 publish_news")):
        report = verify(put_in(RotateKey(3, bytes([7]) * 32, why), after_opening))
        assert told(report, "organiser").text.endswith(tells)


def test_what_an_organiser_was_refused_is_not_told(verify):
    report = verify(put_in(HaltInstrument("SPX"), after_opening))
    assert told(report, "organiser").text.endswith(": 1 publish_news")


# ---- the flow --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, scenario):
    """A session without any restart: no step may be missing."""
    played = Play(scenario, tmp_path_factory.mktemp("undisturbed") / "data")
    played.register("alpha", "hedge_fund", "a-nonce")
    played.server.driver.start_session()
    played.trade_until(1_000)
    played.close()
    return played.folder


@pytest.fixture
def flow_of(undisturbed, tmp_path):
    """What is found about the flow, once the journal was tampered with."""

    def flow_of(change):
        return told(verified(rewritten(undisturbed, tmp_path / "tampered", change)), "flow")

    return flow_of


def test_the_flow_of_a_whole_session_is_decided_again_to_the_last_command(flow_of):
    finding = flow_of(lambda records: records)
    assert finding.kind == "sound"
    assert int(finding.text.split()[0].replace(",", "")) > 200


def test_a_command_of_the_flow_that_was_altered_is_found(flow_of):
    def replace(command):
        if not (isinstance(command, ReplaceQuotes) and command.team_id == 1):
            return None
        first, *others = command.quotes
        wider = structs.replace(first, ask_quantity=first.ask_quantity + 1)
        return structs.replace(command, quotes=(wider, *others))

    assert "did not decide this" in flow_of(each(replace)).text


def test_a_command_of_the_flow_that_was_removed_is_found(flow_of):
    finding = flow_of(left_out(is_of_flow))
    assert finding.kind == "failed"
    assert "missing" in finding.text or "did not decide" in finding.text


@pytest.mark.parametrize("team", [1, 2])
def test_a_command_that_was_put_in_the_flow_s_mouth_is_found(flow_of, team):
    order = SubmitOrder(team, "SPY", "buy", 1, Price(1))
    assert "did not decide this" in flow_of(put_in(order, after_opening)).text


def test_a_cancel_in_the_flow_s_name_is_found(flow_of):
    assert "did not decide this" in flow_of(put_in(CancelOrder(2, 1), after_opening)).text


def test_commands_of_one_step_in_another_order_are_found(flow_of):
    def change(records):
        records, is_done = list(records), False
        for place, (one, other) in enumerate(pairwise(records)):
            both = one.command, other.command
            if not is_done and all(map(is_of_flow, both)) and both[0] != both[1]:
                records[place] = structs.replace(one, command=both[1])
                records[place + 1] = structs.replace(other, command=both[0])
                is_done = True
        assert is_done
        return records

    assert flow_of(change).kind == "failed"
