"""The proof by killing finds its errors: a campaign with a single error does not pass."""

import copy

import msgspec
import pytest

from openoutcry.protocol.stream import ExecutionReport
from proofs.report import Report
from proofs.server_process import ServerProcess, reserved_port
from proofs.torture.campaign import SCENARIO, Campaign, new_chance
from proofs.torture.diary import Passage
from proofs.torture.losses import Loss, Losses
from proofs.torture.proof import carry_out, judge
from proofs.torture.truth import Truth

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A campaign that is right, what is true of it, and the state hash of its server."""
    data = tmp_path_factory.mktemp("torture") / "data"
    report = Report("")
    with reserved_port() as port, ServerProcess(SCENARIO, data, port, "os") as server:
        campaign = Campaign(server, new_chance(1), 400, server.kill)
        assert carry_out(report, campaign, server, 1, lambda: None), report.checks[0].examples
    return campaign.diaries, Truth(data), campaign.state_hash


@pytest.fixture
def diaries(recorded):
    """To be tampered with. Who heard the most comes first: a bot that waits long for its server hears little."""
    return sorted(copy.deepcopy(recorded[0]), key=lambda diary: len(diary.passages[0].events), reverse=True)


@pytest.fixture
def failed_claims(recorded, diaries):
    def failed_claims():
        report = Report("")
        judge(report, diaries, recorded[2], recorded[1], Losses())
        return " / ".join(check.claim for check in report.checks if not check.holds)

    return failed_claims


def first(items, condition):
    return next((place, item) for place, item in enumerate(items) if condition(item))


def test_a_campaign_that_is_right_passes(failed_claims):
    assert failed_claims() == ""


def test_an_acknowledged_order_that_is_not_in_the_journal_is_found(failed_claims, diaries):
    place, order = first(diaries[0].orders, lambda order: order.order_id is not None)
    diaries[0].orders[place] = replace(order, terms=order.terms | {"client_order_id": "another"})
    claims = failed_claims()
    assert "orders acknowledged are in the journal" in claims
    assert "orders in the journal were told" in claims


def test_an_order_in_the_journal_with_other_terms_is_found(failed_claims, diaries):
    place, order = first(diaries[0].orders, lambda order: order.order_id is not None)
    diaries[0].orders[place] = replace(order, terms=order.terms | {"quantity": 99})
    assert "orders acknowledged are in the journal" in failed_claims()


def test_an_order_that_acted_though_its_bot_was_told_no_is_found(failed_claims, diaries):
    place, order = first(diaries[0].orders, lambda order: order.order_id is not None)
    diaries[0].orders[place] = replace(order, order_id=None, code="INVALID_PRICE")
    assert "orders refused, or never sent" in failed_claims()


def test_an_order_that_acted_though_nothing_was_sent_is_found(failed_claims, diaries):
    _, order = first(diaries[0].orders, lambda order: order.order_id is not None)
    diaries[0].never_sent.append(order.client_order_id)
    assert "orders refused, or never sent" in failed_claims()


def test_an_id_given_twice_is_found(failed_claims, diaries):
    mine, other = (first(diary.orders, lambda order: order.order_id is not None) for diary in diaries[:2])
    diaries[0].orders[mine[0]] = replace(mine[1], order_id=other[1].order_id)
    assert "no order id was given twice" in failed_claims()


def test_a_verdict_with_another_text_is_found(failed_claims, diaries):
    diary = next(diary for diary in diaries if any(order.code for order in diary.orders))
    place, order = first(diary.orders, lambda order: order.code and order.sequence)
    diary.orders[place] = replace(order, message="no")
    assert "verdicts stand in the journal" in failed_claims()


def test_a_cancel_that_did_not_happen_is_found(failed_claims, diaries):
    def is_refused_cancel(deed):
        return deed.deed == "cancel" and deed.code and deed.sequence

    diary = next(diary for diary in diaries if any(map(is_refused_cancel, diary.deeds)))
    place, deed = first(diary.deeds, is_refused_cancel)
    diary.deeds[place] = replace(deed, success=True, code=None, message=None)
    assert "cancels, amends and quotes" in failed_claims()


def test_an_event_that_no_handler_saw_is_found(failed_claims, diaries):
    del diaries[0].passages[0].events[5]
    assert "private events" in failed_claims()


def test_the_last_event_that_no_handler_saw_is_found(failed_claims, diaries):
    del diaries[0].passages[0].events[-1]
    assert "private events" in failed_claims()


def test_an_event_seen_twice_is_found(failed_claims, diaries):
    events = diaries[0].passages[0].events
    events.insert(5, events[5])
    assert "private events" in failed_claims()


def test_events_in_another_order_are_found(failed_claims, diaries):
    events = diaries[0].passages[0].events
    events[5], events[6] = events[6], events[5]
    assert "private events" in failed_claims()


def test_a_fill_at_another_price_is_found(failed_claims, diaries):
    events = diaries[0].passages[0].events
    place, event = first(events, lambda event: isinstance(event, ExecutionReport))
    events[place] = replace(event, price=event.price + 0.01)
    assert "private events" in failed_claims()


def test_a_stream_that_was_reset_without_need_is_found(failed_claims, diaries):
    passages, epoch = diaries[0].passages, diaries[0].epochs[-1]
    later = passages[0].events[10:]
    del passages[0].events[10:]
    passages.append(Passage(10, epoch, later))
    claims = failed_claims()
    assert "streams were reset" in claims
    assert "private events" not in claims


@pytest.mark.parametrize("part", ["positions", "open_orders", "fills"])
def test_a_state_that_is_not_the_streams_is_found(failed_claims, diaries, part):
    diary, source = diaries[0], "orders" if part == "open_orders" else part
    told = getattr(diary.last[source], part)
    told.clear() if told else told.append({})
    assert "positions, open orders, fills told" in failed_claims()


def test_a_state_said_to_be_of_another_moment_is_found(failed_claims, diaries):
    diary = diaries[0]
    diary.last["fills"] = replace(diary.last["fills"], as_of_seq=1)
    assert "positions, open orders, fills told" in failed_claims()


def test_an_account_that_differs_at_the_end_is_found(failed_claims, diaries):
    diaries[0].account["cash"] += 0.01
    assert "at the end" in failed_claims()


def test_an_epoch_that_falls_is_found(failed_claims, diaries):
    diaries[0].epochs.append(1)
    assert "epochs never fall" in failed_claims()


def test_another_state_hash_is_found(recorded, diaries):
    report = Report("")
    judge(report, diaries, "0" * 64, recorded[1], Losses())
    assert [check.claim for check in report.checks if not check.holds] == [
        "state hash: the server's at its end = replay"
    ]


def test_ids_that_do_not_jump_where_the_journal_lost_its_end_are_found(recorded, diaries):
    _, truth, state_hash = recorded
    report, middle = Report(""), truth.orders[len(truth.orders) // 2]
    # Said to be a loss of power that took nothing: only what must come after one is missing.
    loss = Loss(moment=middle.time, kept_sequence=truth.end.last_sequence, kept_order_id=truth.orders[-1].number)
    judge(report, diaries, state_hash, truth, Losses([loss]))
    assert [check.claim for check in report.checks if not check.holds] == [
        "order ids jump by 1,000,000 or more where the journal lost its end"
    ]
