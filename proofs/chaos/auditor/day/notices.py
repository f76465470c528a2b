"""What everybody is told of the market: each connection hears of each thing once, it is so, and nothing is left out."""

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
WHOLE: Final = "no notice is left out"

BUSTED: Final = "busted"

Notice = tuple[int, str, str | None, str | None]
"""Sequence, kind, whom it is about, and what about it."""


def check_notices(told: list[ToldNotice], history: History, closing: Closing, findings: Findings) -> None:
    happened = [
        notice
        for record, events in history.steps
        for event in events
        if (notice := _happened(int(record.sequence), event)) is not None
    ]
    known = set(happened)
    heard: defaultdict[str, list[Notice]] = defaultdict(list)
    in_doubt: set[str] = set()
    for occasion, line, message in told:
        notice = _told(message)
        findings.check(
            notice in known or closing.may_be_lost(occasion),
            TOLD_IS_TRUE,
            f"{line} was told {message} at {occasion.time:.6f}",
        )
        findings.check(notice not in heard[line], ONCE, f"{line}: {message}")
        heard[line].append(notice)
        if closing.may_be_lost(occasion):
            in_doubt.add(line)
    _check_gaps(happened, {line: notices for line, notices in heard.items() if line not in in_doubt}, findings)


def _check_gaps(happened: list[Notice], heard: dict[str, list[Notice]], findings: Findings) -> None:
    """A connection is told the newest notice of each sort, and from then on all. What it was told in one piece at its
    end is the latter; before that, nothing of one sort may come twice. Of busted trades only readers of trades hear.
    """
    of_the_market = [notice for notice in happened if notice[1] != BUSTED]
    place = {notice: number for number, notice in enumerate(of_the_market)}
    for line, notices in heard.items():
        places = [place[notice] for notice in notices if notice in place]
        begins = len(places)
        while begins > 0 and (begins == len(places) or places[begins - 1] + 1 == places[begins]):
            begins -= 1
        sorts = [of_the_market[number][1:3] for number in places[:begins]]
        findings.check(len(sorts) == len(set(sorts)), WHOLE, f"{line}: more follows on {sorts}")


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
            return sequence, BUSTED, format_trade_id(event.trade_id), None
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
            return message.sequence, BUSTED, message.trade_id, None
        case _:
            raise AssertionError(message)
