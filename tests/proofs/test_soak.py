"""A short soak passes, and the proof finds its errors: notes with a single error do not pass."""

import asyncio
import shutil
from random import Random

import pytest

from proofs.report import Report
from proofs.soak.audit import Audit
from proofs.soak.notes import VerdictNote, events_path, noted_teams, read_events, read_verdicts, verdicts_path
from proofs.soak.observer import Sample
from proofs.soak.proof import carry_out, judge, prove_by_soaking
from proofs.soak.trends import growth, latency_drift, work_drift

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def soaked(tmp_path_factory):
    """The data directory of a soaked server, and what came of it."""
    data = tmp_path_factory.mktemp("soak") / "data"
    chance = Random(1)
    soak = asyncio.run(carry_out(data, seconds=8.0, teams=20, orders_per_second=150.0, chance=chance))
    return data, soak


@pytest.fixture
def notes(soaked, tmp_path):
    """The bots' notes, to be tampered with."""
    return shutil.copytree(soaked[1].notes, tmp_path / "notes")


@pytest.fixture
def failed_claims(soaked, notes):
    def failed_claims():
        report = Report("")
        Audit(report, soaked[0], notes).carry_out(soaked[1].state_hash)
        return [check.claim for check in report.checks if not check.holds]

    return failed_claims


@pytest.fixture
def lines(notes):
    """The events of one bot, and a function that writes others in their place."""
    path = events_path(notes, noted_teams(notes)[0])
    lines = path.read_bytes().splitlines(keepends=True)
    return lines, lambda changed: path.write_bytes(b"".join(changed))


LOST = "private events of the journal were heard, none is lost"
TOO_OFTEN = "none was heard twice, out of order, or beyond the journal"
FIELDS = "every field of theirs is the replay's"


def test_a_short_soak_with_every_kind_of_trouble_loses_nothing(soaked):
    data, soak = soaked
    report = Report("")
    judge(report, data, soak)
    assert {check.claim: check.examples for check in report.checks if not check.holds} == {}
    for trouble in ("cuts", "stalls", "slow_spells", "deaths", "sleepers"):
        assert sum(getattr(totals, trouble) for totals in soak.totals) > 0, trouble


def test_an_event_that_was_not_heard_is_found(failed_claims, lines):
    heard, rewrite = lines
    rewrite(heard[:5] + heard[6:])
    assert failed_claims() == [LOST]


def test_the_last_event_that_was_not_heard_is_found(failed_claims, lines):
    heard, rewrite = lines
    rewrite(heard[:-1])
    assert failed_claims() == [LOST]


def test_an_event_heard_twice_is_found(failed_claims, lines):
    heard, rewrite = lines
    rewrite(heard[:6] + heard[5:])
    assert failed_claims() == [TOO_OFTEN]


def test_events_out_of_order_are_found(failed_claims, lines):
    heard, rewrite = lines
    rewrite([*heard[:5], heard[6], heard[5], *heard[7:]])
    assert TOO_OFTEN in failed_claims()


def test_an_event_that_never_was_is_found(failed_claims, lines, notes):
    heard, rewrite = lines
    beyond = len(heard) + 1
    rewrite([*heard, heard[-1].replace(f'"seq":{len(heard)},'.encode(), f'"seq":{beyond},'.encode())])
    assert [event.seq for event in read_events(notes, noted_teams(notes)[0])][-2:] == [beyond - 1, beyond]
    assert failed_claims() == [TOO_OFTEN]


def test_an_event_with_another_field_is_found(failed_claims, lines):
    heard, rewrite = lines
    rewrite([heard[0].replace(b'"timestamp":"20', b'"timestamp":"19'), *heard[1:]])
    assert failed_claims() == [FIELDS]


def test_notes_of_a_team_that_the_journal_does_not_know_are_found(failed_claims, notes):
    for path in (events_path, verdicts_path):
        shutil.copy(path(notes, noted_teams(notes)[0]), path(notes, "stranger"))
    assert failed_claims() == [TOO_OFTEN]


def test_an_acknowledged_order_that_is_not_in_the_journal_is_found(failed_claims, notes):
    name = noted_teams(notes)[0]
    path = verdicts_path(notes, name)
    verdicts = path.read_bytes()
    record = len(verdicts) // len(list(read_verdicts(notes, name)))
    path.write_bytes(verdicts + verdicts[-record:])
    assert failed_claims() == ["orders acknowledged are in the journal"]


def test_an_order_in_the_journal_that_was_never_acknowledged_is_found(failed_claims, notes):
    path = verdicts_path(notes, noted_teams(notes)[0])
    path.write_bytes(b"")
    assert failed_claims() == ["orders in the journal were acknowledged under the same id"]


def test_another_state_hash_is_found(soaked):
    report = Report("")
    Audit(report, soaked[0], soaked[1].notes).carry_out("0" * 64)
    assert [check.claim for check in report.checks if not check.holds] == [
        "state hash: the server's at its end = replay"
    ]


def test_a_bot_that_did_not_hear_the_end_is_told_of(soaked):
    data, soak = soaked
    report = Report("")
    soak.totals[0].unheard.append("team-3")
    judge(report, data, soak)
    soak.totals[0].unheard.clear()
    assert not report.holds


def waves(*, per_minute, per_order):
    """Ten minutes under a load that rises and falls, with memory that grows so."""
    orders_at_ms, samples, orders = [], [], 0
    for second in range(600):
        per_second = 160 if second // 50 % 2 else 40
        orders_at_ms += [second * 1000 + 1000 * place // per_second for place in range(per_second)]
        samples.append(Sample(float(second), int(50e6 + per_minute * second / 60 + per_order * orders), 0.0, 0.0, {}))
        orders += per_second
    return samples, orders_at_ms


def test_growth_with_the_time_is_told_from_growth_with_the_orders():
    found = growth(*waves(per_minute=3 * MEGABYTE, per_order=500))
    assert found.per_minute == pytest.approx(3 * MEGABYTE, rel=0.02)
    assert found.per_order == pytest.approx(500, rel=0.02)
    assert found.together_per_minute == pytest.approx(3 * MEGABYTE + 500 * 6000, rel=0.1)


def test_memory_that_grows_with_the_orders_alone_does_not_grow_with_the_time():
    found = growth(*waves(per_minute=0, per_order=500))
    assert abs(found.per_minute) < 0.02 * MEGABYTE


def test_latency_that_drifts_is_measured_from_the_first_third_to_the_last():
    notes = [VerdictNote(place * 10, 200 if place < 1500 else 300, 1) for place in range(3000)]
    assert latency_drift(notes, 50.0).ratio == pytest.approx(1.5)
    assert latency_drift(notes, 99.0).ratio == pytest.approx(1.5)


def test_work_for_an_order_that_grows_is_measured_however_many_there_are():
    notes = [VerdictNote(at * 1000, 200, 1) for at in range(600) for _ in range(20 if at < 300 else 10)]
    spent = [0.005 * at if at < 300 else 1.5 + 0.005 * (at - 300) for at in range(600)]
    samples = [Sample(float(at), 0, spent[at], 0.0, {}) for at in range(600)]
    assert work_drift(samples, notes).first_us == pytest.approx(250)
    assert work_drift(samples, notes).ratio == pytest.approx(2)


def test_a_soak_that_cannot_be_carried_out_does_not_pass(tmp_path):
    report = prove_by_soaking(
        tmp_path / "data",
        seconds=8.0,
        teams=20,
        orders_per_second=150.0,
        chance=Random(1),
        options=("--segment-bytes", "1"),
    )
    assert [check.claim for check in report.checks if not check.holds] == ["the soak came to its end"]
