"""Journals to test with: records that follow each other, and writers that are not left open."""

from openoutcry.domain.commands import CancelOrder
from openoutcry.domain.reasons import Accepted, ErrorCode, Reject
from openoutcry.journal.reader import JournalReader
from openoutcry.journal.records import JournalRecord
from openoutcry.journal.segment import list_segments
from openoutcry.journal.writer import JournalWriter

SCENARIO_HASH = "5" * 64


def record(sequence):
    verdict = Reject(ErrorCode.CANCEL_FAILED, "No such open order") if sequence % 3 == 0 else Accepted()
    return JournalRecord(sequence, 1_000 + sequence, CancelOrder(1, 7 * sequence), verdict)


def records(first, last):
    return [record(sequence) for sequence in range(first, last + 1)]


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


def read_all(directory):
    """The records, and where they end."""
    reader = JournalReader(directory)
    return list(reader), reader.end


def last_segment(directory):
    return list_segments(directory)[-1][1]
