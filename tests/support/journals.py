"""Journals to test with: records that follow each other, and writers that are not left open."""

import queue

from openoutcry.domain.commands import CancelOrder
from openoutcry.domain.reasons import Accepted, ErrorCode, Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.reader import JournalReader
from openoutcry.journal.segment import list_segments
from openoutcry.journal.writer import JournalWriter

SCENARIO_HASH = "5" * 64


def record(sequence):
    verdict = Reject(ErrorCode.CANCEL_FAILED, "No such open order") if sequence % 3 == 0 else Accepted()
    return Sequenced(sequence, 1_000 + sequence, CancelOrder(1, 7 * sequence), verdict)


def records(first, last):
    return [record(sequence) for sequence in range(first, last + 1)]


class SyncsAtOnce:
    """A journal's helper beside a disk that is always done before the next append."""

    def __init__(self, work, interval_seconds):
        self.wake = work

    def stop(self):
        pass


class SyncsWhenTold:
    """A journal's helper that does a round of its work at each call of `work`."""

    def __init__(self, work, interval_seconds):
        self.work = work

    def wake(self):
        pass

    def stop(self):
        pass


class Changes:
    """What the helper thread tells; `until` waits for it to tell a thing."""

    def __init__(self):
        self._told = queue.Queue()

    def __call__(self, synced_sequence, failure):
        self._told.put((synced_sequence, failure))

    def until(self, condition):
        while True:
            told = self._told.get(timeout=30)
            if condition(*told):
                return told


def go_on(directory, **options):
    """A writer after whatever is in `directory`."""
    directory.mkdir(exist_ok=True)
    _, end = read_all(directory)
    return JournalWriter(directory, end, scenario_hash=SCENARIO_HASH, **options)


def write_journal(directory, *sessions, clean=True, **options):
    """One segment for every list of records."""
    for session in sessions:
        writer = go_on(directory, **options)
        for each in session:
            writer.append(each)
        writer.close(clean=clean or session is not sessions[-1])


def killed_changing_segments(directory, last):
    """A journal of records up to `last`: the first segment is full, the next one's name is still provisional.

    How many records the first one holds.
    """
    writer = go_on(directory, segment_bytes=300, start_helper=SyncsWhenTold)
    for each in records(1, last):
        writer.append(each)
    writer.close(clean=False)
    first = next(JournalReader(directory).segments())
    return sum(1 for _ in first)


def read_all(directory):
    """The records, and where they end."""
    reader = JournalReader(directory)
    return list(reader), reader.end


def last_segment(directory):
    return list_segments(directory)[-1][1]
