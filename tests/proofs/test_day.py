"""The recorded hour agrees as a trading day, and the proof finds an exchange that is wrong."""

import pytest

from proofs.day import play
from proofs.day.naive import NaiveBook, NaiveOrder
from proofs.day.proof import prove_day
from proofs.order_flow.rows import Amend, Cancel, Insert, read_timed_order_flow
from proofs.real_data import ORDER_FLOW, real_data_folder

FLOW = real_data_folder() / ORDER_FLOW

SHORT = [
    (0.0, Insert(1, "0", "buy", 100, 3500, is_day=True)),
    (1.0, Insert(2, "0", "sell", 40, 3498, is_day=True)),
    (2.0, Insert(3, "0", "buy", 5, 3510, is_day=False)),
    (3.0, Amend(1, -10)),
    (4.0, Insert(4, "0", "sell", 30, 3499, is_day=True)),
    (5.0, Insert(5, "1", "sell", 7, 3600, is_day=True)),
    (650.0, Insert(6, "0", "sell", 10, 3490, is_day=False)),
    (651.0, Cancel(5)),
    (1_900.0, Insert(7, "0", "buy", 1, 3500, is_day=True)),
    (1_901.0, Cancel(1)),
    (2_150.0, Insert(8, "0", "buy", 4, 3497, is_day=True)),
    (2_151.0, Insert(9, "0", "sell", 3, 3495, is_day=True)),
    (2_500.0, Insert(10, "0", "sell", 1, 3497, is_day=True)),
]


def prove(rows, data):
    return prove_day(rows, data, lambda _: None)


def findings(report):
    return {check.claim: check.examples for check in report.checks if not check.holds}


def test_a_short_day_with_every_kind_of_row_agrees(tmp_path):
    report = prove(SHORT, tmp_path / "data")
    assert report.holds, findings(report)
    assert report.facts["refused"] == "1 INSTRUMENT_HALTED, 1 INVALID_TIME_IN_FORCE"
    assert report.facts["auctions"] == "FLOW0 70 lots at 3500; FLOW0 3 lots at 3497; FLOW1 nothing"


def test_an_uncross_at_another_price_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(NaiveBook, "auction", lambda _: (3499, 70))
    assert "auctions, price and volume: journal = every price tried" in findings(prove(SHORT, tmp_path / "data"))


def test_a_trade_that_only_one_of_them_makes_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(NaiveOrder, "reaches", lambda *_: False)
    found = findings(prove(SHORT, tmp_path / "data"))
    assert "continuous trades, price and quantity in order: journal = naive exchange" in found
    assert "positions of every team: exchange = naive exchange; they sum to zero" in found


def test_a_halt_that_never_comes_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(play, "HALT_AT", 5_000)
    assert "each instrument went through its phases in order, and closed on time" in findings(
        prove(SHORT, tmp_path / "data")
    )


@pytest.mark.realdata
@pytest.mark.skipif(not FLOW.is_file(), reason=f"{ORDER_FLOW} is not on this machine")
def test_the_recorded_hour_agrees_as_a_day(tmp_path):
    report = prove(list(read_timed_order_flow(FLOW)), tmp_path / "data")
    assert report.holds, findings(report)
