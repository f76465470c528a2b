"""Events wait until their command is synced."""

import pytest

from openoutcry.domain.commands import MassCancel
from openoutcry.domain.events import PhaseChanged
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.runtime.sequencing.release import DurableRelease


def executed(sequence):
    return Sequenced(sequence, 1_000, MassCancel(1), Accepted()), [
        PhaseChanged("continuous", "closed", None, "organiser", 1)
    ]


def test_events_wait_until_their_command_is_synced_and_keep_their_order():
    published = []
    release = DurableRelease(lambda *executed: published.append(executed), 0)
    for sequence in (1, 3, 4):
        release.deliver(*executed(sequence))
    assert (published, release.held) == ([], 3)

    release.synced(3)
    assert published == [executed(1), executed(3)]
    release.synced(4)
    assert published[2:] == [executed(4)]


def test_events_of_a_command_that_is_synced_already_pass_at_once():
    published = []
    release = DurableRelease(lambda *executed: published.append(executed), 0)
    release.synced(5)

    release.deliver(*executed(5))

    assert published == [executed(5)]


def test_nothing_is_published_after_events_that_could_not_be():
    published = []

    def publish(sequenced, _events):
        if sequenced.sequence == 2:
            raise ZeroDivisionError
        published.append(sequenced.sequence)

    release = DurableRelease(publish, 0)
    for sequence in (1, 2, 3, 4):
        release.deliver(*executed(sequence))
    with pytest.raises(ZeroDivisionError):
        release.synced(3)
    release.synced(4)
    assert published == [1]
