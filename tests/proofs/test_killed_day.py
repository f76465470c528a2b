"""The proof of a killed day finds what it must: another market, a start too few, a lost order, an event amiss."""

import datetime as dt

import pytest
from market_stage import half_hour
from msgspec import structs

from openoutcry.client import NewOrderAck
from openoutcry.lab.simulated_days import simulate_days
from proofs.killed_day import checks
from proofs.killed_day.journal import Replayed, replayed
from proofs.killed_day.notes import Notes, Told
from proofs.killed_day.play import KilledDay, Life, kills_of_a_day
from proofs.report import Report

DATE = dt.date(2024, 3, 14)


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """Data directories of short sessions, by seed."""
    folder = tmp_path_factory.mktemp("days")
    scenario = half_hour(folder, minutes=5)
    for seed in (7, 8):
        simulate_days(scenario, folder / str(seed), seed=seed, admin_key_hash=bytes(32), date=DATE)
    return {seed: folder / str(seed) for seed in (7, 8)}


def failed(report):
    return [check.claim for check in report.checks if not check.holds]


def test_another_market_is_found(days):
    report = Report("")
    checks.check_seconds(report, days[7], days[8])
    checks.check_phases(report, replayed(days[7]), replayed(days[8]))
    assert {"prices and marks of each market second = undisturbed", "the world that was drawn = undisturbed"} <= {
        *failed(report)
    }


def test_the_same_market_agrees_and_a_phase_that_comes_otherwise_is_found(days):
    report, live = Report(""), replayed(days[7])
    checks.check_seconds(report, days[7], days[7])
    checks.check_phases(report, live, replayed(days[7]))
    assert report.holds
    live.phases.pop()
    checks.check_phases(report, live, replayed(days[7]))
    assert failed(report) == ["phases, with their market times = undisturbed"]


def test_a_state_that_is_not_the_journal_s_is_found(days):
    report = Report("")
    checks.check_commands(report, killed(days[7], state_hash="0" * 64))
    assert failed(report) == ["state hash: openoutcry replay = the exchange's at its end"]


@pytest.mark.parametrize(("skips", "found"), [(2, []), (1, ["each start after a kill skipped ids"])])
def test_a_start_that_skipped_no_ids_is_found(tmp_path, skips, found):
    report = Report("")
    checks.check_starts(report, killed(tmp_path), Replayed(skips=skips))
    assert failed(report) == found


def test_what_bots_were_told_agrees_with_the_journal():
    assert failed(told()) == []


@pytest.mark.parametrize(
    ("change", "claim"),
    [
        ({"order_id": "ORD_9"}, "orders acknowledged are in the journal"),
        ({"quoted_ids": ("ORD_9",)}, "orders acknowledged are in the journal"),
        ({"sequence": 6}, "verdicts told stand in the journal where their answers say"),
        ({"message": "no"}, "verdicts told stand in the journal where their answers say"),
    ],
)
def test_a_verdict_that_the_journal_does_not_know_is_found(change, claim):
    assert claim in failed(told(verdict=structs.replace(VERDICT, **change)))


@pytest.mark.parametrize("heard", [[1], [1, 3], [1, 2, 2], [2, 1, 3], [1, 2, 3, 4]])
def test_an_event_that_is_lost_doubled_misplaced_or_invented_is_found(heard):
    found = failed(told(heard=heard))
    assert found == ([] if heard == [1] else ["private events heard = replay, each once and in order"])


def test_a_stream_that_was_reset_is_found():
    assert failed(told(resets=1)) == ["no stream was reset"]


@pytest.mark.parametrize("seed", range(20))
def test_kills_are_spread_over_the_day(seed):
    kills = kills_of_a_day(seed)
    assert [kill.at for kill in kills] == sorted(kill.at for kill in kills)
    assert [kill.amid_orders for kill in kills] == [False, True, False]


VERDICT = Told(sequence=5, order_id="ORD_1", quoted_ids=(), code=None, message=None)


def ack(seq):
    return NewOrderAck(
        seq=seq,
        order_id=f"ORD_{seq}",
        client_order_id=None,
        instrument_id="SPY",
        side="buy",
        price=450.0,
        quantity=1,
        remaining_quantity=1,
        time_in_force="day",
        timestamp="2024-03-14T09:30:00Z",
        sequence=4 + seq,
    )


def told(verdict=VERDICT, heard=(1, 2, 3), resets=0):
    """One bot was told of an order that is in the journal, as three events of its team are."""
    live = Replayed(words={5: ("TEAM_3", "SubmitOrder", "ORD_1", None)})
    live.told["TEAM_3"] = [ack(1), ack(2), ack(3)]
    notes = Notes("ann", "TEAM_3", verdicts=[verdict], heard=[ack(seq) for seq in heard], resets=resets)
    report = Report("")
    checks.check_told(report, [notes], live)
    return report


def killed(data, state_hash=""):
    """A day with two kills."""
    noon = dt.datetime(2024, 3, 14, 12, tzinfo=dt.UTC)
    lives = (Life(noon, noon, "continuous", seconds=1.0, under_way=0),) * 3
    return KilledDay(
        data=data, scenario="intern", seed=7, speed=60, date=DATE, lives=lives, notes=(), state_hash=state_hash
    )
