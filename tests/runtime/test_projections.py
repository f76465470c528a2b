"""Projections get the same events, are kept in snapshots, and are dropped if they raise. Others are not affected."""

import pytest
import structlog

from openoutcry.domain.commands import MassCancel, SetPhase
from openoutcry.domain.events import TeamSuspended
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.runtime.projections import ALL_COMMANDS, Captured, NotRestored, Projections


class Seen:
    """The sequences that it was given, and how many events with each."""

    def __init__(self, name="seen", *, shape="list", commands=ALL_COMMANDS, fails_at=None, fails_to_capture=False):
        self.name = name
        self.commands = commands
        self.shape = shape
        self.seen = []
        self._fails_at = fails_at
        self._fails_to_capture = fails_to_capture

    def apply(self, sequenced, events):
        if sequenced.sequence == self._fails_at:
            raise ZeroDivisionError("no market, no mean")
        self.seen.append((sequenced.sequence, len(events)))

    def capture(self):
        if self._fails_to_capture:
            raise RecursionError("too deep")
        return repr(self.seen).encode()

    def restore(self, state):
        self.seen = eval(bytes(state))


def feed(projections, first, last):
    for sequence in range(first, last + 1):
        events = [TeamSuspended(1)] if sequence % 2 else []
        projections.apply(Sequenced(sequence, 1_000, MassCancel(1), Accepted()), events)


def test_each_is_given_every_command_with_its_events():
    one, other = Seen("one"), Seen("other")
    feed(Projections([one, other]), 1, 3)
    assert one.seen == other.seen == [(1, 1), (2, 0), (3, 1)]


def test_each_is_given_only_commands_of_its_kinds():
    some, none = Seen("some", commands=frozenset({MassCancel})), Seen("none", commands=frozenset({SetPhase}))
    projections = Projections([some, none])
    feed(projections, 1, 2)
    assert (some.seen, none.seen) == ([(1, 1), (2, 0)], [])
    assert projections.commands == {MassCancel, SetPhase}


def test_one_that_raises_is_dropped_and_the_others_go_on():
    one, broken, other = Seen("one"), Seen("broken", fails_at=2), Seen("other")
    projections = Projections([one, broken, other])
    with structlog.testing.capture_logs() as log:
        feed(projections, 1, 4)
    assert projections.failed == {"broken": 2}
    assert broken.seen == [(1, 1)]
    assert one.seen == other.seen == [(1, 1), (2, 0), (3, 1), (4, 0)]
    assert [(entry["projection"], entry["sequence"]) for entry in log] == [("broken", 2)]


def test_what_is_captured_is_gone_on_from():
    before = Projections([Seen()])
    feed(before, 1, 3)
    seen = Seen()
    after = Projections([seen])

    after.restore(before.capture(3))
    feed(after, 4, 5)

    feed(before, 4, 5)
    assert seen.seen[-1] == (5, 1)
    assert after.capture(5) == before.capture(5)


def test_what_was_dropped_stays_so():
    before = Projections([Seen("broken", fails_at=2), Seen("sound")])
    feed(before, 1, 3)
    captured = before.capture(3)
    assert captured[0] == Captured("broken", "list", 2, b"")

    mended = Seen("broken")
    after = Projections([mended, Seen("sound")])
    after.restore(captured)
    feed(after, 4, 5)

    assert after.failed == {"broken": 2}
    assert mended.seen == []
    assert after.capture(5)[0] == captured[0]


def test_one_that_cannot_be_captured_is_dropped_there():
    projections = Projections([Seen("deep", fails_to_capture=True), Seen("sound")])
    feed(projections, 1, 2)
    deep, sound = projections.capture(2)
    assert deep == Captured("deep", "list", 2, b"")
    assert sound.failed_at is None
    assert projections.failed == {"deep": 2}


@pytest.mark.parametrize(
    ("captured", "reason"),
    [
        ([], "nothing of the projection 'seen'"),
        ([Captured("other", "list", None, b"[]")], "nothing of the projection 'seen'"),
        ([Captured("seen", "set", None, b"[]")], "'seen' in another shape"),
        ([Captured("seen", "set", 7, b"")], "'seen' in another shape"),
        ([Captured("seen", "list", None, b"[")], "'seen' cannot be read .SyntaxError"),
    ],
    ids=["none", "another's", "another shape", "another shape that failed", "no sense"],
)
def test_without_what_each_needs_nothing_is_gone_on_from(captured, reason):
    with pytest.raises(NotRestored, match=reason):
        Projections([Seen()]).restore(captured)


def test_captures_that_belong_to_none_do_not_matter():
    Projections([]).restore([Captured("of another version", "list", None, b"[]")])


def test_two_of_one_name_are_a_bug():
    with pytest.raises(AssertionError, match="two projections of one name"):
        Projections([Seen(), Seen()])
