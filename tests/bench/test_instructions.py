"""A count covers what its name says, and counting works if valgrind is installed."""

import shutil
import subprocess
import sys

import msgspec
import pytest

from openoutcry.bench.failures import MeasurementFailed
from openoutcry.bench.instructions import order_lane, venue
from openoutcry.bench.instructions.callgrind import count_instructions, read_totals
from openoutcry.bench.instructions.commands import FIRST_ORDER_ID, KINDS, SCENARIO, market
from openoutcry.domain.events import OrderAcknowledged, OrderAmended, OrderCancelled, OrderExecuted
from openoutcry.domain.reasons import Accepted
from openoutcry.venue.venue import Venue

COMMANDS = 12
OF_ORDERS = {OrderAcknowledged, OrderExecuted, OrderCancelled, OrderAmended}
TOLD = {
    "an order that rests": {OrderAcknowledged: 1},
    "an order that trades": {OrderAcknowledged: 1, OrderExecuted: 2},
    "a cancel": {OrderCancelled: 1},
    "an amendment": {OrderAmended: 1},
    "quotes in 10 instruments": {OrderCancelled: 20, OrderAcknowledged: 20},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_command_that_is_counted_does_what_its_kind_says(kind):
    scene = Venue(SCENARIO.rulebook, SCENARIO.instruments)

    def perform(command):
        assert isinstance(scene.validate(command), Accepted), command
        return scene.execute(1, 1, command)

    prepared, alike = KINDS[kind](COMMANDS)
    for command in [*market(), *prepared]:
        perform(command)
    for command in alike:
        types = [type(event) for event in perform(command)]
        assert {each: types.count(each) for each in set(types) & OF_ORDERS} == TOLD[kind]


def test_the_market_before_ends_where_the_orders_that_are_counted_begin():
    scene = Venue(SCENARIO.rulebook, SCENARIO.instruments)
    for command in market():
        scene.execute(1, 1, command)
    assert scene.validate(KINDS["an order that rests"](1)[1][0]) == Accepted(FIRST_ORDER_ID)


@pytest.mark.parametrize("part", [venue, order_lane])
def test_every_kind_is_run_and_accepted(part):
    assert list(part.count_each_kind(COMMANDS)) == list(part.KINDS)


def test_totals_are_read_in_the_order_of_the_marks(tmp_path):
    for number in (1, 2, 10):
        (tmp_path / f"count.{number}").write_text(f"part: {number}\nfn=(0)\n0 5\n\ntotals: {number}000\n")
    (tmp_path / "count").write_text("totals: 77\n")
    assert read_totals(tmp_path / "count") == [1_000, 2_000, 10_000]


def test_without_valgrind_it_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MeasurementFailed, match="apt install valgrind"):
        count_instructions("venue", COMMANDS)


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
def test_figures_are_kept_and_put_beside_later_ones(tmp_path):
    kept = tmp_path / "kept.json"

    def count(*options):
        program = [sys.executable, "-m", "openoutcry.bench.instructions", "--only", "venue", "--commands", "5"]
        return subprocess.run([*program, *options], capture_output=True, text=True, check=True, timeout=300).stdout

    count("--json", str(kept))
    told = count("--beside", str(kept))

    figures = msgspec.json.decode(kept.read_bytes())["instructions"]["venue"]
    assert list(figures) == list(KINDS)
    assert all(figure > 1_000 for figure in figures.values())
    assert "ratio" in told
