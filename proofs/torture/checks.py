"""Compares everything that the bots were told with the journal."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise, zip_longest
from typing import Any, Final

import msgspec

from openoutcry.bootstrap.server import IDS_SKIPPED
from openoutcry.domain.commands import AmendOrder, CancelOrder, MassCancel, ReplaceQuotes
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.reasons import CancelReason
from openoutcry.operations.own.account import rates_of
from openoutcry.protocol.stream import NewOrderAck, OrderAmended, OrderCancelled, PrivateMessage
from proofs.played_journal import words_of
from proofs.report import Report
from proofs.torture.diary import Deed, DeedTold, Diary, OrderTold
from proofs.torture.losses import Losses
from proofs.torture.truth import ORDER, Fold, Truth

COMMANDS: Final[dict[Deed, type]] = {
    "cancel": CancelOrder,
    "amend": AmendOrder,
    "mass_cancel": MassCancel,
    "quotes": ReplaceQuotes,
}

LONG_GRACE_SECONDS: Final = 60
"""Seconds within which a bot is always back."""


def check_orders(report: Report, diaries: Sequence[Diary], truth: Truth, losses: Losses) -> None:
    """Both ways: what was told is in the journal, and what is in the journal was told."""
    acknowledged = report.check("orders acknowledged are in the journal, once, with their terms")
    absent = report.check("orders refused, or never sent, are not in the journal")
    places = report.check("verdicts stand in the journal where their answers say")
    told = report.check("orders in the journal were told to their bot")
    unique = report.check("no order id was given twice")
    owners: dict[str, str] = {}
    for diary in diaries:
        told_ids: dict[str, set[str | None]] = {}
        for order in diary.orders:
            what = f"{diary.name} {order.client_order_id}"
            told_ids.setdefault(order.client_order_id, set()).add(order.order_id)
            accepted = truth.accepted.get((diary.team_id, order.client_order_id), [])
            found = [accepts.order_id for accepts in accepted]
            if order.order_id is None:
                absent.equal(what, expected=[], found=found)
            else:
                unique.equal(order.order_id, expected=what, found=owners.setdefault(order.order_id, what))
                is_lost = losses.took_order(order.order_id, order.time)
                acknowledged.equal(what, expected=[] if is_lost else [order.order_id], found=found)
                for accepts in accepted:
                    acknowledged.equal(f"{what}'s terms", expected=_terms(order), found=truth.terms(accepts.command))
            if order.sequence is not None and not losses.took(order.sequence, order.time):
                expected = (diary.team_id, "SubmitOrder", order.order_id or order.code, order.message)
                places.equal(what, expected=expected, found=words_of(truth.record(order.sequence)))
        for name in diary.never_sent:
            found = [accepts.order_id for accepts in truth.accepted.get((diary.team_id, name), [])]
            absent.equal(f"{diary.name} {name}, never sent", expected=[], found=found)
        for (team_id, name), accepted in truth.accepted.items():
            if team_id == diary.team_id:
                expected_ids = {accepts.order_id for accepts in accepted}
                told.equal(f"{diary.name} {name}", expected=expected_ids, found=told_ids.get(name))


def check_deeds(report: Report, diaries: Sequence[Diary], truth: Truth, losses: Losses) -> None:
    """Cancels, amends and quotes did what their answers say."""
    check = report.check("cancels, amends and quotes did what their answers say")
    for diary in diaries:
        stream = truth.messages[diary.team_id]
        acknowledged = {message.order_id for message in stream if isinstance(message, NewOrderAck)}
        cancelled = {message.order_id for message in stream if isinstance(message, OrderCancelled)}
        for deed in diary.deeds:
            what = f"{diary.name}'s {deed.deed} of {deed.order_id or 'all'} at {deed.sequence}"
            if deed.sequence is None:
                # It never reached the journal: it was refused before, or there was nothing to do.
                done = not deed.success or (deed.deed != "cancel" and _is_nothing(deed, acknowledged))
                check.equal(what, expected=True, found=done)
            elif losses.took(deed.sequence, deed.time):
                continue
            elif deed.success and deed.attempts > 1 and deed.deed == "cancel":
                # Found to be done already: the answer bears the place of the last attempt, which may have been refused.
                check.equal(what, expected=True, found=deed.order_id in cancelled)
            else:
                expected = (diary.team_id, COMMANDS[deed.deed].__name__, deed.code, deed.message)
                check.equal(what, expected=expected, found=words_of(truth.record(deed.sequence)))
                caused = truth.caused.get((diary.team_id, deed.sequence), [])
                done = not deed.success or _is_done(deed, caused, acknowledged)
                check.equal(f"{what}, effect", expected=True, found=done)


def check_events(report: Report, diaries: Sequence[Diary], truth: Truth, losses: Losses) -> None:
    """Handlers saw each event of the replay once and in order; where events were lost, they were told."""
    check = report.check("private events, every field: what handlers saw = replay, each once and in order")
    resets = report.check("streams were reset where they had lost events, and nowhere else")
    for diary in diaries:
        stream = truth.messages[diary.team_id]
        check.equal(f"{diary.name}'s beginning", expected=0, found=diary.passages[0].after_seq)
        for passage in diary.passages:
            is_last = passage is diary.passages[-1]
            kept = [message for message in passage.events if not losses.took_event(message)]
            begin, end = passage.after_seq, len(stream) if is_last else passage.after_seq + len(kept)
            for seq, (wanted, got) in enumerate(zip_longest(stream[begin:end], kept), start=begin + 1):
                check.equal(f"{diary.name}'s event {seq}", expected=wanted, found=got)
            has_lost = len(kept) < len(passage.events)
            resets.equal(f"{diary.name}, from {begin} on", expected=has_lost, found=not is_last)


def check_signs(report: Report, diaries: Sequence[Diary], truth: Truth, losses: Losses) -> None:
    """The signs of an unclean stop: a new epoch for bots that lost events, and ids far beyond the lost ones."""
    epochs = report.check("epochs never fall, rise where events were lost, and end with the journal's")
    for diary in diaries:
        epochs.equal(f"{diary.name}, in order", expected=sorted(diary.epochs), found=diary.epochs)
        epochs.equal(f"{diary.name}, at the end", expected=truth.end.epoch, found=diary.epochs[-1])
        for before, after in pairwise(diary.passages):
            epochs.equal(f"{diary.name}, from {after.after_seq} on", expected=True, found=after.epoch > before.epoch)
    if losses.all:
        jumps = report.check(f"order ids jump by {IDS_SKIPPED:,} or more where the journal lost its end")
        for loss in losses.all:
            place = bisect_left(truth.orders, loss.moment, key=lambda accepts: accepts.time)
            last = truth.orders[place - 1].number if place else truth.scenario.rulebook.first_order_id - 1
            for first in truth.orders[place : place + 1]:
                is_jump = first.number - last >= IDS_SKIPPED
                jumps.equal(f"from {last} to {first.number}", expected=True, found=is_jump)


def check_protection(report: Report, diaries: Sequence[Diary], truth: Truth) -> None:
    """No orders are cancelled of a team that did not ask for it, or was back within the grace."""
    check = report.check("cancel_on_disconnect spared those who did without it or were back in time")
    for diary in diaries:
        if diary.grace_seconds is None or diary.grace_seconds >= LONG_GRACE_SECONDS:
            struck = [
                message.order_id
                for message in truth.messages[diary.team_id]
                if isinstance(message, OrderCancelled) and message.reason == CancelReason.CANCEL_ON_DISCONNECT
            ]
            check.equal(diary.name, expected=[], found=struck)


def check_states(report: Report, diaries: Sequence[Diary], truth: Truth, losses: Losses) -> None:
    """A team's state, in answers and welcomes, follows from its events up to `as_of_seq`."""
    check = report.check("positions, open orders, fills told = the stream's, as of their seq")
    for diary in diaries:
        stream = truth.messages[diary.team_id]
        fold = Fold(stream)
        for state in sorted((*diary.states, *diary.last.values()), key=lambda state: state.as_of_seq):
            if losses.took_state(state.as_of_seq, state.time, stream):
                continue
            what = f"{diary.name}'s {state.source} as of {state.as_of_seq}"
            if not check.equal(what, expected=True, found=fold.go_to(state.as_of_seq)):
                break
            if state.positions is not None:
                check.equal(what, expected=fold.positions, found=state.positions)
            if state.open_orders is not None:
                check.equal(what, expected=fold.orders(), found=[_common(order) for order in state.open_orders])
            if state.fills is not None:
                check.equal(what, expected=fold.fills[: state.fills_asked], found=state.fills)


def check_end(report: Report, diaries: Sequence[Diary], truth: Truth, state_hash: str) -> None:
    """At rest, the server's state and the hash that it printed are those of the replay."""
    shown = report.check("at the end: accounts, closed orders, last event = replay")
    queries, translator = truth.venue.queries, truth.translator
    for team in queries.teams():
        diary = next(diary for diary in diaries if diary.team_id == format_team_id(team.team_id))
        rules = truth.scenario.rulebook.roles[team.role]
        rates = rates_of(truth.scenario.rate_limits, team.role)
        account = translator.account_info(queries.account(team.team_id), rules, rates)
        shown.equal(f"{diary.name}'s account", expected=msgspec.to_builtins(account), found=diary.account)
        closed = queries.closed_orders(team.team_id, limit=len(diary.closed_orders) + 1, before=None)
        expected = [msgspec.to_builtins(translator.order_info(order)) for order in closed]
        shown.equal(f"{diary.name}'s closed orders", expected=expected, found=diary.closed_orders)
        last_seqs = {state.as_of_seq for state in diary.last.values()}
        shown.equal(f"{diary.name}'s last event", expected={queries.last_seq(team.team_id)}, found=last_seqs)
    zero = report.check("positions of all teams sum to zero per instrument")
    for instrument in queries.instruments():
        held = [queries.positions(team.team_id).get(instrument.instrument_id, 0) for team in queries.teams()]
        zero.equal(instrument.instrument_id, expected=0, found=sum(held))
    report.check("state hash: the server's at its end = replay").equal(
        "state", expected=truth.venue.state_hash(), found=state_hash
    )


def _terms(order: OrderTold) -> dict[str, Any]:
    """The terms that were sent, as `Truth.terms` writes them."""
    names = ("instrument_id", "side", "quantity", "price", "time_in_force")
    return {name: order.terms[name] for name in names}


def _is_done(deed: DeedTold, caused: Sequence[PrivateMessage], acknowledged: set[str]) -> bool:
    """Whether the events that the request `caused` are those that its answer tells of."""
    cancelled = [message.order_id for message in caused if isinstance(message, OrderCancelled)]
    match deed.deed:
        case "cancel":
            return cancelled == [deed.order_id]
        case "amend":
            kept = [message.kept_priority for message in caused if isinstance(message, OrderAmended)]
            return kept == [deed.data.get("kept_priority")]
        case "mass_cancel":
            listed: list[str] = deed.data["cancelled"]
            return cancelled == listed
        case "quotes":
            sides = [result[side] for result in deed.data["results"] for side in ("bid_order_id", "ask_order_id")]
            return acknowledged.issuperset(filter(None, sides))


def _is_nothing(deed: DeedTold, acknowledged: set[str]) -> bool:
    """Whether the answer tells of a change that leaves everything as it was."""
    if deed.deed == "amend":
        return deed.data.get("kept_priority") is True
    return _is_done(deed, (), acknowledged)


def _common(order: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in order.items() if name in ORDER}
