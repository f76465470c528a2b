"""How long what a team sends and gets is on its way: constant, log-normal, or as measured."""

import re
import statistics
from random import Random

import polars as pl
import pytest

from openoutcry.lab.lines.latency import LONGEST_MS, constant, latency_of, log_normal, measured


def journeys(model, seed="team", number=2_000):
    latency = model.of_team(Random(seed))
    return [(latency.there(), latency.back()) for _ in range(number)]


def test_half_of_a_round_trip_passes_each_way():
    assert set(journeys(constant(5))) == {(2_500, 2_500)}
    assert set(journeys(measured([3]))) == {(1_500, 1_500)}


def test_a_log_normal_one_has_its_median_and_its_spread():
    ways = [2 * way for pair in journeys(log_normal(5, 0.5)) for way in pair]
    assert statistics.median(ways) == pytest.approx(5_000, rel=0.05)
    assert statistics.fmean(way > 5_000 * 2.718281828 for way in ways) == pytest.approx(0.0228, abs=0.01)
    assert all(type(way) is int for way in ways)


def test_measured_ones_are_drawn_from_all_that_were_measured():
    assert {way for pair in journeys(measured([1, 2, 40])) for way in pair} == {500, 1_000, 20_000}


def test_each_team_draws_from_its_own_numbers():
    assert journeys(log_normal(5, 0.5)) == journeys(log_normal(5, 0.5))
    assert journeys(log_normal(5, 0.5)) != journeys(log_normal(5, 0.5), seed="another")


def test_no_round_trip_is_longer_than_the_longest():
    assert max(way for pair in journeys(log_normal(LONGEST_MS, 5)) for way in pair) == LONGEST_MS * 1_000 / 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.json", "[1, 2.5]"),
        ("object.json", '{"round_trip_ms": [1, 2.5], "of": null}'),
        ("headed.csv", "at,round_trip_ms\n10:00,1\n10:01,2.5\n"),
        ("bare.csv", "1\n2.5\n"),
        ("named.csv", "milliseconds\n1\n2.5\n"),
    ],
)
def test_round_trips_are_read_from_files(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    assert latency_of(str(tmp_path / name)) == measured([1, 2.5])


def test_round_trips_are_read_from_parquet(tmp_path):
    pl.DataFrame({"at": [1, 2, 3], "round_trip_ms": [1.0, None, 2.5]}).write_parquet(tmp_path / "trips.parquet")
    assert latency_of(str(tmp_path / "trips.parquet")) == measured([1, 2.5])


def test_the_command_line_s_words_are_understood():
    assert latency_of("5") == constant(5)
    assert latency_of("lognormal:5,0.5") == log_normal(5, 0.5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fast", "fast is no latency: it is milliseconds such as 5, lognormal:5,0.5, or a .json"),
        ("-1", "milliseconds is -1.0: it must be 0 to 10,000"),
        ("nan", "it must be 0 to 10,000"),
        ("lognormal:5", "write lognormal:MEDIAN_MS,SIGMA, such as lognormal:5,0.5"),
        ("lognormal:5,9", "sigma is 9.0: it must be 0 to 5"),
        ("{folder}/none.csv", "none.csv cannot be read: No such file"),
        ("{folder}/empty.json", "there are no round trips"),
        ("{folder}/words.json", "words.json must be a list of milliseconds"),
        ("{folder}/other.csv", "other.csv has no column round_trip_ms: it has a, b"),
        ("{folder}/words.csv", "holds something that is no number"),
        ("{folder}/long.json", "a round trip is 20000.0: it must be 0 to 10,000"),
    ],
)
def test_what_is_no_latency_is_told_in_a_sentence(tmp_path, text, told):
    files = {
        "empty.json": "[]",
        "words.json": '{"trips": [1]}',
        "other.csv": "a,b\n1,2\n",
        "words.csv": "round_trip_ms\n1\nsoon\n",
        "long.json": "[20000]",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(ValueError, match=re.escape(told)):
        latency_of(text.format(folder=tmp_path))
