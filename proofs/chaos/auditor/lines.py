"""One connection of the stream, message by message: nothing skipped, nothing twice, nothing out of order."""

from typing import Final
from urllib.parse import parse_qs

from openoutcry.protocol.stream import (
    Ack,
    BookSnapshot,
    BookUpdate,
    ClientMessage,
    Heartbeat,
    PrivateMessage,
    Resume,
    ServerMessage,
    StreamError,
    TradeBusted,
    Welcome,
)
from openoutcry.protocol.stream_errors import StreamErrorCode
from proofs.chaos.auditor.books import BookReader, Crossed
from proofs.chaos.auditor.findings import Findings

CLAIM: Final = "each connection tells every event once and in order"

EXPECTED_ERRORS: Final = frozenset(
    {
        StreamErrorCode.RESUME_AHEAD,
        StreamErrorCode.CONNECTION_LIMIT,
        StreamErrorCode.SERVICE_UNAVAILABLE,
        StreamErrorCode.PROCESSING_TIMEOUT,
        StreamErrorCode.UNAUTHENTICATED,
    }
)
"""Close codes that are allowed when machine and network fail, or keys are replaced."""


class LineReader:
    """`read` every message in the order in which it came."""

    def __init__(self, line: str, query: str, findings: Findings, crossed: Crossed) -> None:
        self._line = line
        self._findings = findings
        self._crossed = crossed
        given = parse_qs(query.removeprefix("?")).get("after_seq")
        self._after_seq = None if given is None else int(given[0])
        self._next_seq: int | None = None
        self._resumes: list[int] = []
        self._books: dict[str, BookReader] = {}

    def said(self, message: ClientMessage) -> None:
        if isinstance(message, Resume):
            self._resumes.append(message.after_seq)

    def read(self, message: ServerMessage) -> None:
        match message:
            case TradeBusted(seq=0):
                pass  # the public one
            case _ if isinstance(message, PrivateMessage):
                self._read_private(message)
            case Welcome():
                self._read_welcome(message)
            case Heartbeat(seq=int(seq)) if self._next_seq is not None:
                self._findings.equal(CLAIM, f"{self._line} heartbeat", expected=self._next_seq - 1, told=seq)
            case Ack(op="resume"):
                self._next_seq = self._resumes.pop(0) + 1
            case StreamError(op="resume"):
                self._resumes.pop(0)
                self._check_error(message)
            case StreamError():
                self._check_error(message)
            case BookSnapshot() | BookUpdate():
                fresh = BookReader(self._line, self._findings, self._crossed)
                self._books.setdefault(message.instrument_id, fresh).read(message)
            case _:
                pass

    def _read_private(self, event: PrivateMessage) -> None:
        self._findings.equal(CLAIM, f"{self._line} {event.type}", expected=self._next_seq, told=event.seq)
        self._next_seq = event.seq + 1

    def _read_welcome(self, welcome: Welcome) -> None:
        if welcome.next_seq is None:
            return
        ahead = self._after_seq is not None and self._after_seq >= welcome.next_seq
        self._next_seq = welcome.next_seq if self._after_seq is None or ahead else self._after_seq + 1

    def _check_error(self, error: StreamError) -> None:
        self._findings.check(error.code in EXPECTED_ERRORS, "nothing fails without a reason", f"{self._line}: {error}")
