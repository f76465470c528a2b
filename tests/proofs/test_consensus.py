"""The venue gives the reports on which the benchmark's engines agree, and the proof notices other reports."""

import hashlib
import lzma
from array import array

import pytest

from proofs.consensus.proof import ReportStream, prove_consensus
from proofs.consensus.workload import CANCEL, MODIFY, NEW, WORKLOADS, Agreed, Message, read_workload
from proofs.real_data import CONSENSUS, real_data_folder

BUY, SELL = 0, 1

MESSAGES = [
    Message(NEW, SELL, 0, 5, 1, 100),
    Message(NEW, SELL, 0, 4, 2, 100),
    Message(NEW, BUY, 0, 3, 3, 101),
    Message(MODIFY, 0, 0, 1, 1, 100),  # 2 are open: fewer keep their place
    Message(NEW, BUY, 1, 9, 4, 100),
    Message(NEW, BUY, 0, 2, 5, 99),
    Message(NEW, SELL, 0, 1, 6, 105),
    Message(MODIFY, 0, 0, 2, 6, 99),  # crosses, and trades before it is reported
    Message(CANCEL, 0, 0, 0, 6, 0),  # filled
    Message(MODIFY, 0, 0, 7, 77, 100),  # never entered
    Message(NEW, BUY, 0, 8, 7, 98),
    Message(CANCEL, 0, 0, 0, 7, 0),
]

REPORTS = """\
0,0,1,1,100,5
0,1,1,2,100,4
0,2,0,3,101,3
1,2,100,3,1,3
3,3,1,1,100,1
0,4,0,4,100,9
1,4,100,1,1,4
1,4,100,4,2,4
2,4,0,4,100
0,5,0,5,99,2
0,6,1,6,105,1
1,7,99,2,5,6
3,7,1,6,99,2
4,8,6
5,9,77
0,10,0,7,98,8
2,11,0,7,98"""

AGREED = Agreed("", 4, hashlib.sha256(REPORTS.encode()).hexdigest())


def prove(messages, agreed=AGREED):
    return prove_consensus("small", messages, agreed, advance=lambda: None)


def test_each_kind_of_report_is_written_as_the_benchmark_writes_it():
    assert prove(MESSAGES).holds


@pytest.mark.parametrize("place", range(len(MESSAGES)))
def test_a_message_that_is_left_out_shows(place):
    assert not prove(MESSAGES[:place] + MESSAGES[place + 1 :]).holds


def test_a_message_of_no_known_kind_is_named():
    with pytest.raises(ValueError, match="message 0: kind 3 is not new, cancel or modify"):
        ReportStream().play(Message(3, BUY, 0, 1, 1, 1))


def test_a_workload_is_read_as_it_was_written(tmp_path):
    columns = [array(code, column) for code, column in zip("BBBIIi", zip(*MESSAGES, strict=True), strict=True)]
    path = tmp_path / "small.columns.xz"
    path.write_bytes(lzma.compress(b"".join(column.tobytes() for column in columns)))
    assert read_workload(path) == MESSAGES


def test_a_file_that_is_cut_short_is_refused(tmp_path):
    path = tmp_path / "small.columns.xz"
    path.write_bytes(lzma.compress(bytes(16)))
    with pytest.raises(ValueError, match="16 bytes are not six columns of one length"):
        read_workload(path)


@pytest.mark.realdata
@pytest.mark.skipif(not (real_data_folder() / CONSENSUS).is_dir(), reason=f"{CONSENSUS} is not on this machine")
def test_the_reports_are_those_on_which_the_engines_agree():
    agreed = WORKLOADS["normal"]
    report = prove(read_workload(real_data_folder() / CONSENSUS / agreed.file), agreed)
    assert report.holds, [check.examples for check in report.checks]
