"""The recorded hour passes through a running server, and all its answers and events agree."""

import pytest

from proofs.order_flow.proof import prove_order_flow
from proofs.order_flow.rows import Amend, Cancel, Insert, read_order_flow
from proofs.real_data import ORDER_FLOW, real_data_folder

FLOW = real_data_folder() / ORDER_FLOW


def prove(rows, data_directory, *, is_whole_file):
    return prove_order_flow(
        rows,
        is_whole_file=is_whole_file,
        teams=4,
        data_directory=data_directory,
        advance=lambda: None,
        say=lambda _: None,
    )


def findings(report):
    return {check.claim: check.examples for check in report.checks if not check.holds}


def test_a_short_flow_with_every_kind_of_row_agrees(tmp_path):
    rows = [
        Insert(1, "0", "buy", 100, 3500, is_day=True),
        Insert(2, "0", "sell", 40, 3500, is_day=True),
        Amend(1, -10),
        Insert(3, "0", "sell", 60, 3499, is_day=False),
        Cancel(1),
        Insert(4, "1", "sell", 10, 3500, is_day=True),
        Insert(5, "1", "buy", 4, 3500, is_day=True),
        Amend(4, -7),
        Cancel(5),
        Insert(6, "1", "buy", 5, 3490, is_day=True),
        Amend(6, -5),
    ]
    report = prove(rows, tmp_path / "data", is_whole_file=False)
    assert report.holds, findings(report)
    # The fifth and the ninth row cancel what has traded completely; the eighth leaves less than is filled already.
    assert report.facts["refused"] == "2 CANCEL_FAILED, 1 AMEND_FAILED"
    assert report.facts["amends that leave nothing"] == "2, sent as cancels"


@pytest.mark.realdata
@pytest.mark.skipif(not FLOW.is_file(), reason=f"{ORDER_FLOW} is not on this machine")
def test_the_recorded_hour_driven_through_a_running_server_agrees(tmp_path):
    report = prove(list(read_order_flow(FLOW)), tmp_path / "data", is_whole_file=True)
    assert report.holds, findings(report)
