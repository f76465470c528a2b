"""`openoutcry world`: the simulated market of a seed as tables and as a picture."""

import datetime as dt
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from command_line import assert_told, openoutcry
from world_stage import seed_of

from openoutcry.cli.world.chart import Band, Chart, Dot, Line, Mark, Panel, Sample
from openoutcry.cli.world.drawn import draw_session, volatilities
from openoutcry.cli.world.picture import picture
from openoutcry.cli.world.sources import source_of_seed
from openoutcry.domain.fairness import session_seed
from openoutcry.scenarios.loader import load_scenario
from openoutcry.simulation.world.drawing import draw

SVG = "{http://www.w3.org/2000/svg}"
NOW = dt.datetime(2024, 3, 14, 20, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def drawn():
    intern = load_scenario("intern")
    return draw_session(intern, intern.session, intern.market, source_of_seed(intern, "7", None, NOW))


def titles(svg):
    """What pointers are told, in order."""
    return [title.text for title in ET.fromstring(svg).iter(f"{SVG}title")]


def test_a_world_is_told_in_tables(tmp_path):
    told = openoutcry("world", "--seed", 7, "--plot", tmp_path / "out.svg")
    assert told.returncode == 0, told.stderr
    assert "seed 7" in told.stdout
    assert re.search(r"^signals +\d+ tracking_error, \d+ volatility_forecast$", told.stdout, re.MULTILINE)
    assert not re.search(r" $", told.stdout, re.MULTILINE)
    assert re.search(r"^high +\d+\.\d +\d+\.\d% +\d+ +50\.0% +\d\d\.\d%$", told.stdout, re.MULTILINE)
    assert re.search(r"^ +1 +09:42:26 +746 +Inflation falls .* jump \+0\.28%", told.stdout, re.MULTILINE)
    assert re.search(r"^digest  [0-9a-f]{64}$", told.stdout, re.MULTILINE)
    assert (tmp_path / "out.svg").read_bytes().startswith(b"<?xml")


def test_without_a_seed_the_one_that_was_drawn_is_told():
    told = openoutcry("world").stdout
    seed = re.search(r"seed (\d+)", told)[1]
    assert openoutcry("world", "--seed", seed).stdout == told


def test_a_seed_may_be_given_itself():
    """What a number stands for, in hexadecimal, is the same world."""
    told = [openoutcry("world", "--seed", seed).stdout.splitlines()[1:] for seed in (7, seed_of(7).hex())]
    assert told[0] == told[1]


@pytest.mark.parametrize("seed", ["-1", "seven", "7" * 65])
def test_what_is_no_seed_is_told(seed):
    assert_told(openoutcry("world", f"--seed={seed}"), 2, "Invalid value for --seed", "hexadecimal")


def test_a_scenario_without_a_simulated_market_has_nothing_to_show():
    assert_told(openoutcry("world", "--scenario", "seed"), 3, "seed has no simulated market: add [world]")


def test_an_unknown_scenario_is_told_with_those_that_are_there():
    assert_told(openoutcry("world", "--scenario", "nothing"), 3, "intern")


@pytest.mark.parametrize(("name", "better"), [("out.png", "out.svg"), (".", "market.svg")])
def test_a_picture_of_another_kind_is_refused(name, better):
    assert_told(openoutcry("world", "--plot", name), 2, f"a picture is drawn as SVG, so name it {better}")


def test_a_picture_that_cannot_be_written_is_told(tmp_path):
    assert_told(openoutcry("world", "--plot", tmp_path / "missing" / "out.svg"), 4, "No such file or directory")


def test_the_world_is_that_of_an_exchange_with_this_seed_and_no_teams(drawn):
    scenario = drawn.scenario
    assert drawn.world.digest == draw(scenario.market, session_seed(seed_of(7), ()), 19_800, 45_000_000, 10).digest
    assert (drawn.hours.date, drawn.clock(0)) == (dt.date(2024, 3, 14), "09:30:00")


def test_volatilities_are_those_of_theoretical_values_by_expiry(drawn):
    seconds = np.arange(0, 19_800, 1_800)
    found = volatilities(drawn, seconds)
    assert list(found) == ["20240314", "20240321", "20240328"]
    assert all(len(values) == len(seconds) and 0.1 < values.min() <= values.max() < 0.5 for values in found.values())


def test_a_picture_shows_every_item_of_news_and_every_signal(drawn):
    svg = picture(drawn)
    assert svg == picture(drawn)
    told = titles(svg)
    for item in drawn.world.news:
        headline = drawn.rules.headlines[item.headline].text
        assert sum(headline in text and drawn.clock(item.second) in text for text in told) == 5  # four panels, a number
    assert sum("volatility_forecast" in text or "tracking_error" in text for text in told) == len(drawn.world.signals)
    assert len(list(ET.fromstring(svg).iter(f"{SVG}polyline"))) == 1 + 1 + 4 + 3


def test_a_chart_keeps_the_extremes_of_a_long_line_within_its_panel():
    places = np.arange(50_000, dtype=np.float64)
    values = np.zeros(50_000)
    values[31_234], values[31_235] = 7.0, -3.0
    chart = Chart(
        title="<Title & more>",
        most=50_000,
        times=[(0, "begin")],
        panels=[Panel("one", 100, [Line("line", places, values, "#000")], [Dot(5, 0, "#111", "a dot")])],
        bands=[Band(0, 100, "#eee")],
        marks=[Mark(9, "1", "#222", "a mark")],
        legend=[Sample("band", "#eee"), Sample("mark", "#222", is_mark=True)],
    )
    svg = ET.fromstring(chart.svg())
    (line,) = svg.iter(f"{SVG}polyline")
    points = [tuple(map(float, point.split(","))) for point in line.get("points").split()]
    assert len(points) < 3_000
    assert max(down for _, down in points) - min(down for _, down in points) == pytest.approx(100 / 1.08, abs=0.2)
    assert "<Title & more>" in [text.text for text in svg.iter(f"{SVG}text")]


def test_lines_do_not_touch_the_frame():
    panel = Panel("one", 100, [Line("line", np.arange(2.0), np.array([0.013, 0.987]), "#000")])
    svg = ET.fromstring(Chart("one", 1, [], [panel], [Band(0, 1, "#eee")], [], []).svg())
    frame = next(band for band in svg.iter(f"{SVG}rect") if band.get("fill") == "#eee")
    top = float(frame.get("y"))
    (line,) = svg.iter(f"{SVG}polyline")
    downs = [float(point.split(",")[1]) for point in line.get("points").split()]
    assert top + 3 < min(downs) < max(downs) < top + float(frame.get("height")) - 3


def test_a_later_expiry_is_a_thinner_line(drawn):
    panel = list(ET.fromstring(picture(drawn)).iter(f"{SVG}polyline"))[3:6]
    widths = [float(line.get("stroke-width")) for line in panel]
    assert widths == sorted(set(widths), reverse=True)


def test_a_line_that_stays_where_it_is_can_be_drawn():
    flat = Panel("flat", 100, [Line("line", np.arange(3.0), np.full(3, 2.5), "#000")])
    svg = Chart("flat", 3, [], [flat], [], [], []).svg()
    assert b"polyline" in svg
