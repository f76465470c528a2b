"""When the leaderboard shows what: standings of full intervals after the delay, and at the end the result."""

import pytest
from msgspec import structs
from scoring_stage import OPENING, Match, match_scenario, scores_of

from openoutcry.domain.events import DutyJudged, PositionUpdated, TradeBusted
from openoutcry.domain.scoring.rules import BoardRules
from openoutcry.domain.types import InstrumentId, MarketTime, Money, TeamId, Ticks, TradeId
from openoutcry.scoring.board import Board
from openoutcry.scoring.match.session import Session

CHANGE = TradeBusted(TradeId(1), InstrumentId("SPY"), Ticks(1), 1, None)
"""An event that can change a result; what it says is of no interest to the board."""
PAID = PositionUpdated(TeamId(1), 1, InstrumentId("SPY"), 0, Money(0), Money(0), Money(0), Money(0))
"""One that can do so until all is settled."""


class Day:
    """A board, and a session from 110 to 1000 after a call from 40 on."""

    def __init__(self, **rules):
        self.settled = True
        self.board = Board(BoardRules(**rules), lambda: ([], []), lambda: self.settled)
        self.session = Session(number=1, opening_at=MarketTime(110), close_at=MarketTime(1000), is_running=True)
        self.follow(40)

    def follow(self, second, events=()):
        self.session.market_time = MarketTime(second)
        self.board.follow(self.session, events)

    def shown(self, *seconds):
        """What is shown after each of these: the instant, or None."""
        found = []
        for second in seconds:
            self.follow(second)
            found.append(None if self.board.shown is None else self.board.shown.as_of)
        return found

    def close(self, second, events=(CHANGE,)):
        self.session.is_running = False
        self.follow(second, events)


def test_standings_of_full_intervals_are_shown_when_they_are_as_old_as_the_delay():
    day = Day(interval_seconds=60, delay_seconds=90, frozen_seconds=0)
    assert day.shown(109, 110, 120, 180, 209) == [None] * 5
    assert day.shown(210, 240, 269, 270, 271, 300) == [120, 120, 120, 180, 180, 180]
    assert day.board.number == 2


def test_without_a_delay_they_are_shown_at_once():
    day = Day(interval_seconds=60, delay_seconds=0, frozen_seconds=0)
    assert day.shown(60, 110, 119, 120, 179, 180, 240) == [None, None, None, 120, 120, 180, 240]


def test_seconds_that_were_left_out_leave_out_what_would_have_been_noted_in_them():
    day = Day(interval_seconds=60, delay_seconds=60, frozen_seconds=0)
    assert day.shown(120, 190, 400, 401, 460, 461) == [None, 120, 190, 190, 400, 400]


def test_in_the_frozen_time_nothing_newer_is_shown_and_the_last_says_so():
    day = Day(interval_seconds=60, delay_seconds=60, frozen_seconds=280)
    assert day.shown(*range(120, 720)) == [None] * 60 + [at for at in range(120, 660, 60) for _ in range(60)]
    assert not day.board.shown.is_frozen
    number = day.board.number
    assert day.shown(720) == [660]
    assert day.board.shown.is_frozen
    assert day.board.number == number + 1
    assert day.shown(*range(721, 1000)) == [660] * 279
    assert day.board.number == number + 1


def test_the_freeze_is_told_even_if_nothing_new_is_due():
    day = Day(interval_seconds=60, delay_seconds=0, frozen_seconds=295)
    assert day.shown(*range(120, 705))[-1] == 660
    number = day.board.number
    assert day.shown(705) == [660]
    assert (day.board.shown.is_frozen, day.board.number) == (True, number + 1)


def test_a_session_shorter_than_the_freeze_shows_only_its_result():
    day = Day(interval_seconds=60, delay_seconds=0, frozen_seconds=2_000)
    assert day.shown(*range(100, 1_000)) == [None] * 900
    day.close(1_000)
    assert (day.board.shown.as_of, day.board.shown.is_final) == (1_000, True)


def test_the_result_is_shown_at_the_close_and_again_once_all_is_settled():
    day = Day()
    day.settled = False
    day.close(1_000)
    assert (day.board.shown.as_of, day.board.shown.is_final, day.board.number) == (1_000, False, 1)
    day.follow(1_000, [CHANGE])
    day.follow(1_000, [object()])
    assert day.board.number == 1
    day.settled = True
    day.follow(1_000, [CHANGE])
    assert (day.board.shown.is_final, day.board.number) == (True, 2)


def test_a_result_that_changes_is_shown_anew():
    day = Day()
    day.close(1_000)
    day.follow(1_000, [])
    day.follow(1_000, [object()])
    assert day.board.number == 1
    day.follow(1_000, [CHANGE])
    assert (day.board.shown.is_final, day.board.number) == (True, 2)


def test_so_is_one_of_which_a_sanction_takes_points():
    day = Day()
    day.close(1_000)
    day.follow(1_000, [DutyJudged(TeamId(1), 1, None, "met", None, None, None, 2, 0)])
    assert day.board.number == 2


def test_trades_after_the_result_show_nothing_anew():
    """An organiser may open the market by hand between two sessions."""
    day = Day()
    day.close(1_000)
    day.follow(1_000, [PAID])
    assert day.board.number == 1


def test_what_is_paid_out_last_shows_the_result_anew():
    day = Day()
    day.settled = False
    day.close(1_000)
    day.settled = True
    day.follow(1_000, [PAID])
    assert (day.board.shown.is_final, day.board.number) == (True, 2)


def test_the_next_session_begins_with_the_result_of_the_last():
    day = Day(interval_seconds=60, delay_seconds=60, frozen_seconds=300)
    day.shown(*range(100, 500))
    day.close(500)
    day.session = structs.replace(day.session, number=2, is_running=True)
    assert day.shown(40, 120, 179) == [500, 500, 500]
    assert day.board.shown.is_final
    assert day.shown(180) == [120]
    assert (day.board.shown.session, day.board.shown.is_final) == (2, False)


RULES = BoardRules(interval_seconds=60, delay_seconds=120, frozen_seconds=180)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return match_scenario(tmp_path_factory.mktemp("board"), minutes=10, board=RULES)


@pytest.fixture(scope="module")
def match(scenario):
    match = Match(scenario)
    match.trade_until()
    yield match
    match.close()


def test_a_played_match_shows_what_was_true_at_each_instant(scenario, match):
    """Every board has the entries that a fold has that stops at its instant."""
    scores, instants, then = scores_of(scenario), [], {}
    for sequenced, events in match.tape:
        scores.apply(sequenced, events)
        then.setdefault(scores.match.session.market_time, scores.entries())
        if len(instants) < scores.board.number:
            shown = scores.board.shown
            instants.append((shown.as_of - OPENING, shown.is_frozen, shown.is_final))
            if not shown.is_final:
                assert list(shown.entries) == then[shown.as_of]
    assert instants == [
        *((60 * minute, minute == 5, False) for minute in range(6)),
        (600, False, False),
        (600, False, True),
    ]
    assert list(scores.board.shown.entries) == scores.entries()


def test_one_that_goes_on_from_a_capture_shows_the_same(scenario, match):
    whole, stopped = scores_of(scenario), scores_of(scenario)
    for number, (sequenced, events) in enumerate(match.tape):
        whole.apply(sequenced, events)
        stopped.apply(sequenced, events)
        if number % (len(match.tape) // 50) == 0:
            state = stopped.capture()
            stopped = scores_of(scenario)
            stopped.restore(memoryview(state))
        assert (stopped.board.number, stopped.board.shown) == (whole.board.number, whole.board.shown)
    assert stopped.capture() == whole.capture()
