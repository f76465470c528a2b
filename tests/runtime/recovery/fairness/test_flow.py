"""Commands of the house and the retail flow that were tampered with are found."""

from itertools import pairwise

import pytest
from fair_stage import Play, rewritten, told, verified
from msgspec import structs
from tampering import after_opening, each, is_of_flow, left_out, put_in

from openoutcry.domain.commands import (
    CancelOrder,
    Price,
    ReplaceQuotes,
    SubmitOrder,
)
from openoutcry.runtime.sequencing.unavailable import Unavailable


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, scenario):
    """A session without any restart: no step may be missing."""
    played = Play(scenario, tmp_path_factory.mktemp("undisturbed") / "data")
    played.register("alpha", "hedge_fund", "a-nonce")
    played.server.driver.start_session()
    played.trade_until(1_000)
    played.close()
    return played.folder


@pytest.fixture
def flow_of(undisturbed, tmp_path):
    """What is found about the flow, once the journal was tampered with."""

    def flow_of(change):
        return told(verified(rewritten(undisturbed, tmp_path / "tampered", change)), "flow")

    return flow_of


def test_the_flow_of_a_whole_session_is_decided_again_to_the_last_command(flow_of):
    finding = flow_of(lambda records: records)
    assert finding.kind == "sound"
    assert int(finding.text.split()[0].replace(",", "")) > 200


def test_a_command_of_the_flow_that_was_altered_is_found(flow_of):
    def replace(command):
        if not (isinstance(command, ReplaceQuotes) and command.team_id == 1):
            return None
        first, *others = command.quotes
        wider = structs.replace(first, ask_quantity=first.ask_quantity + 1)
        return structs.replace(command, quotes=(wider, *others))

    assert "did not decide this" in flow_of(each(replace)).text


def test_a_command_of_the_flow_that_was_removed_is_found(flow_of):
    finding = flow_of(left_out(is_of_flow))
    assert finding.kind == "failed"
    assert "missing" in finding.text or "did not decide" in finding.text


@pytest.mark.parametrize("team", [1, 2])
def test_a_command_that_was_put_in_the_flow_s_mouth_is_found(flow_of, team):
    order = SubmitOrder(team, "SPY", "buy", 1, Price(1))
    assert "did not decide this" in flow_of(put_in(order, after_opening)).text


def test_a_cancel_in_the_flow_s_name_is_found(flow_of):
    assert "did not decide this" in flow_of(put_in(CancelOrder(2, 1), after_opening)).text


def test_commands_of_one_step_in_another_order_are_found(flow_of):
    def change(records):
        records, is_done = list(records), False
        for place, (one, other) in enumerate(pairwise(records)):
            both = one.command, other.command
            if not is_done and all(map(is_of_flow, both)) and both[0] != both[1]:
                records[place] = structs.replace(one, command=both[1])
                records[place + 1] = structs.replace(other, command=both[0])
                is_done = True
        assert is_done
        return records

    assert flow_of(change).kind == "failed"


BETWEEN = SubmitOrder(3, "SPY", "buy", 1, Price(1))


def in_the_middle(records):
    """The place of the first quotes of the house before which it has taken what crosses them."""
    return next(
        place
        for place, (one, other) in enumerate(pairwise(records), start=1)
        if (
            isinstance(one.command, SubmitOrder)
            and one.command.team_id == 1
            and isinstance(other.command, ReplaceQuotes)
        )
    )


@pytest.mark.interpreted
def test_a_step_in_whose_middle_the_journal_took_nothing_is_fair_and_told(scenario, tmp_path):
    played = Play(scenario, tmp_path / "data")
    played.register("alpha", "hedge_fund", "a-nonce")
    played.server.driver.start_session()
    perform, decided, left = played.sequencer.perform, played.server.driver._seconds._decided, [0]
    refused = []

    def refuse(command):
        before, left[0] = left[0], len(decided)
        if not refused and 0 < len(decided) < before:
            refused.append(command)
            raise Unavailable("the disk is full")
        return perform(command)

    played.sequencer.perform = refuse
    while not refused:
        played.time.leap()
    played.sequencer.submit(BETWEEN)
    played.trade_until(1_000)
    played.close()

    report = verified(played.folder)
    assert refused
    assert report.is_fair
    assert told(report, "flow").kind == "sound"
    assert told(report, "pauses").kind == "note"
    assert "1 command " in told(report, "pauses").text


def test_what_came_in_the_middle_of_a_step_is_told_and_the_rest_of_the_step_still_has_to_come(undisturbed, tmp_path):
    def between(records):
        records = list(records)
        place = in_the_middle(records)
        records.insert(place, structs.replace(records[place], command=BETWEEN))
        return records

    def instead(records):
        records = between(records)
        place = next(place for place, record in enumerate(records) if record.command == BETWEEN)
        del records[place + 1]
        return records

    found = verified(rewritten(undisturbed, tmp_path / "between", between))
    assert (told(found, "flow").kind, told(found, "pauses").kind) == ("sound", "note")
    found = verified(rewritten(undisturbed, tmp_path / "instead", instead))
    assert told(found, "flow").kind == "failed"
    assert "did not decide" in told(found, "flow").text or "missing" in told(found, "flow").text
