"""Scenarios in plain text: the rules by example, played on the real venue."""

from pathlib import Path

import pytest
from trading_script import Script, ScriptError

SCENARIOS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(scenario):
    Script().play(scenario.read_text("utf-8"))


def test_there_are_scenarios():
    assert len(SCENARIOS) > 10


GIVEN = "given SPX_CALL_4500_20240315\ngiven alice market_maker\ngiven bob retail\n"


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("alice sell 7 @ 16.00 -> nothing", "what came was: ack"),
        ("alice sell 7 @ 16.00 -> ack, fill 7 @ 16.00 taker", "what came was: ack"),
        ("alice sell 7 @ 16.00", "needs '->'"),
        ("market closes -> nothing", "must not have it"),
        ("alice sells 7 at 16.00 -> ack", "this line means nothing"),
        ("carol sell 7 @ 16.00 -> ack", "there is no team 'carol'"),
        ("alice sell 7 @ 16.00 -> ack\nbob buy 7 @ 16.00 -> ack, fill 7 @ 16.00 taker", "alice was told"),
        ("alice sell 7 @ 16.00 -> ack\nbob buy 7 @ 16.00 -> ack, fill 7 @ 16.00 maker", "what came was"),
        ("alice sell 0 @ 16.00 -> reject INVALID_QUANTITY minimum 2", "INVALID_QUANTITY quantity 0 minimum 1"),
        ("alice sell 0 @ 16.00 -> reject INVALID_PRICE", "INVALID_QUANTITY"),
        ("alice account -> position 1", "what came was: position 0"),
        ("organiser halts SPX_CALL_4600_20240315", "there is no instrument SPX_CALL_4600_20240315"),
        ("bob -> nothing\ngiven carol retail", "what is given stands before"),
        ("book -> bid 1 @ 16.00", "what came was: empty"),
    ],
)
def test_a_line_that_does_not_come_true_is_named(lines, complaint):
    with pytest.raises(ScriptError, match=complaint):
        Script().play(GIVEN + lines)
