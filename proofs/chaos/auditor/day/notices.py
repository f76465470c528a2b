"""What everybody is told of the market: each connection hears of each thing once, and it is so."""

from collections import defaultdict
from typing import Final

from openoutcry.domain.events import (
    Announced,
    Event,
    InstrumentExpired,
    InstrumentListed,
    InstrumentSettled,
    NewsPublished,
    PhaseChanged,
    TradeBusted,
)
from openoutcry.domain.identifiers import format_trade_id
from openoutcry.protocol import stream
from openoutcry.protocol.stream import PublicMessage
from proofs.chaos.auditor.closing import TOLD_IS_TRUE, Closing
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.auditor.history import History
from proofs.chaos.auditor.told import ToldNotice

ONCE: Final = "each connection tells every notice once"

Notice = tuple[int, str, str | None, str | None]
"""Sequence, kind, whom it is about, and what about it."""


def check_notices(told: list[ToldNotice], history: History, closing: Closing, findings: Findings) -> None:
    happened = {
        notice
        for record, events in history.steps
        for event in events
        if (notice := _happened(int(record.sequence), event)) is not None
    }
    heard: defaultdict[str, set[tuple[Notice, int]]] = defaultdict(set)
    for occasion, line, message in told:
        notice = _told(message)
        findings.check(
            notice in happened or closing.may_be_lost(occasion),
            TOLD_IS_TRUE,
            f"{line} was told {message} at {occasion.time:.6f}",
        )
        again = (notice, occasion.life)
        findings.check(again not in heard[line], ONCE, f"{line}: {message}")
        heard[line].add(again)


def _happened(sequence: int, event: Event) -> Notice | None:
    match event:
        case PhaseChanged():
            return sequence, "phase", event.instrument_id, event.phase
        case NewsPublished():
            return sequence, "news", event.headline, None
        case Announced():
            return sequence, "announcement", event.text, None
        case InstrumentListed():
            return sequence, "listed", event.instrument.instrument_id, None
        case InstrumentExpired():
            return sequence, "expired", event.instrument_id, None
        case InstrumentSettled():
            return sequence, "settled", event.instrument_id, None
        case TradeBusted():
            return sequence, "busted", format_trade_id(event.trade_id), None
        case _:
            return None


def _told(message: PublicMessage) -> Notice:
    match message:
        case stream.SessionStatus():
            return message.sequence, "phase", message.instrument_id, message.phase
        case stream.News():
            return message.sequence, "news", message.headline, None
        case stream.Announcement():
            return message.sequence, "announcement", message.text, None
        case stream.InstrumentListed():
            return message.sequence, "listed", message.instrument.instrument_id, None
        case stream.InstrumentExpired():
            return message.sequence, "expired", message.instrument_id, None
        case stream.Settlement():
            return message.sequence, "settled", message.instrument_id, None
        case stream.TradeBusted():
            return message.sequence, "busted", message.trade_id, None
        case _:
            raise AssertionError(message)
