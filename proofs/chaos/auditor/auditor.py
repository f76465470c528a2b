"""Records requests and messages while the simulation runs, and checks what can be checked at once."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec

from openoutcry.client import Disconnected, Event, StreamReset
from openoutcry.client.events import private_seq
from openoutcry.client.http.transport import Answer
from openoutcry.protocol.stream import (
    Announcement,
    ClientMessage,
    InstrumentExpired,
    InstrumentListed,
    News,
    PrivateMessage,
    ServerMessage,
    SessionStatus,
    Settlement,
    Trade,
    TradeBusted,
    Welcome,
)
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.auditor.lines import LineReader
from proofs.chaos.auditor.told import Occasion, ToldAnswer, ToldCrossed, ToldEvent, ToldNotice, ToldState, ToldTrade
from proofs.chaos.parties.observer import Request
from proofs.chaos.trace import Trace

DELIVERY = "a bot is told every event once and in order"
GIVEN_UP = "a connection whose client is gone is given up"
NAME_OF_THE_EXCHANGE = re.compile(r'"request_id":"req_[0-9a-f]{16}"')
"""In an answer: the exchange drew it for a request without an id, from the process's chance and not from the seed."""
QUERIES_OF_STATE = ("/positions", "/orders", "/account", "/fills")


class Auditor:
    """An `Observer`. What it keeps is for the end, when `closing` knows what was true."""

    def __init__(self, findings: Findings, trace: Trace, now: Callable[[], float]) -> None:
        self.findings = findings
        self.answers: list[ToldAnswer] = []
        self.events: list[ToldEvent] = []
        self.states: list[ToldState] = []
        self.trades: list[ToldTrade] = []
        self.notices: list[ToldNotice] = []
        self.crossed: list[ToldCrossed] = []
        """Books that were crossed, as they are in calls."""
        self.delivered_to: defaultdict[str, dict[int, Event]] = defaultdict(dict)
        """By bot and seq, since its stream last began anew."""
        self.began_after: dict[str, int | None] = {}
        self.settlements: defaultdict[str, dict[str, list[str | None]]] = defaultdict(dict)
        """By bot and client order id: each order id that its client told it, None for a refusal."""
        self.resets = 0
        self.lockouts = 0
        """Bots whose key opened nothing any more, though they had every answer with a new one."""
        self._may_have_lost_their_keys: set[str] = set()
        self._trace = trace
        self._now = now
        self._lines: dict[str, LineReader] = {}

    # ---- on the wire

    def answered(self, request: Request, answer: Answer, life: int) -> None:
        text = NAME_OF_THE_EXCHANGE.sub('"request_id":"req_"', answer.body.decode())
        self._trace.note(request.client, f"{request.method} {request.path} {answer.status} {text}")
        body = msgspec.json.decode(answer.body)
        error, data = body["error"], body["data"] or {}
        code = None if error is None else error["code"]
        sequence = answer.headers.get("x-sequence")
        occasion = Occasion(self._now(), life)
        told = ToldAnswer(
            occasion=occasion,
            request=request,
            status=answer.status,
            order_id=body["order_id"],
            code=code,
            data=data,
            sequence=None if sequence is None else int(sequence),
            timestamp=body["timestamp"],
        )
        self.answers.append(told)
        self.findings.check(code != "INTERNAL_ERROR", "the exchange makes no mistakes", str(told))
        self.findings.equal("a refusal is no success", str(told), expected=code is None, told=answer.status == 200)
        if told.success and request.method == "GET" and request.path in QUERIES_OF_STATE:
            self._state_told(occasion, request.client, request.path, data)

    def opened(self, line: str, life: int, query: str) -> None:
        self._trace.note(line, f"opens, in life {life}, {query}")
        self._lines[line] = LineReader(line, query, self.findings, lambda *crossed: self._crossed(life, *crossed))

    def said(self, line: str, message: ClientMessage) -> None:
        self._trace.note(line, f"said {message}")
        self._lines[line].said(message)

    def heard(self, line: str, life: int, text: str) -> None:
        self._trace.note(line, text)
        try:
            message: ServerMessage = msgspec.json.decode(text, type=ServerMessage)
        except msgspec.MsgspecError as error:
            self.findings.add("what is told can be read", f"{line}: {error}: {text!r}")
            return
        self._lines[line].read(message)
        occasion, bot = Occasion(self._now(), life), line.partition("/")[0]
        match message:
            case TradeBusted(seq=0):
                self.notices.append(ToldNotice(occasion, line, message))
            case SessionStatus() | News() | Announcement() | InstrumentListed() | InstrumentExpired() | Settlement():
                self.notices.append(ToldNotice(occasion, line, message))
            case _ if isinstance(message, PrivateMessage):
                self.events.append(ToldEvent(occasion, bot, message))
            case Welcome(next_seq=int(next_seq)):
                told: dict[str, Any] = msgspec.json.decode(text)
                self._state_told(occasion, bot, "welcome", {**told, "as_of_seq": next_seq - 1})
            case Trade():
                self.trades.append(ToldTrade(occasion, message))
            case _:
                pass

    def _crossed(self, life: int, line: str, instrument_id: str, sequence: int) -> None:
        self.crossed.append(ToldCrossed(Occasion(self._now(), life), line, instrument_id, sequence))

    def _state_told(self, occasion: Occasion, bot: str, source: str, data: dict[str, Any]) -> None:
        self.states.append(
            ToldState(
                occasion,
                bot,
                source,
                data["as_of_seq"],
                positions=data.get("positions"),
                open_orders=data.get("orders"),
                account=data.get("account"),
                fills=data.get("fills"),
            )
        )

    def expected_to_be_given_up(self, line: str, is_given_up: bool) -> None:
        self.findings.check(is_given_up, GIVEN_UP, f"{line} still stands")

    # ---- from the client to its bot

    def begins(self, bot: str, after_seq: int | None) -> None:
        self._trace.note(bot, f"begins after {after_seq}")
        self._begin_after(bot, after_seq)

    def delivered(self, bot: str, event: Event) -> None:
        if isinstance(event, StreamReset):
            self.resets += 1
            self._trace.note(bot, f"is told that events up to {event.after_seq} may be void")
            self.delivered_to[bot].clear()
            self.began_after[bot] = (event.welcome.next_seq or 1) - 1
        elif isinstance(event, Welcome) and self.began_after[bot] is None:
            self.began_after[bot] = (event.next_seq or 1) - 1
        elif not isinstance(event, Disconnected) and (seq := private_seq(event)) is not None:
            events = self.delivered_to[bot]
            last = next(reversed(events), self.began_after[bot])
            self.findings.equal(DELIVERY, bot, expected=None if last is None else last + 1, told=seq)
            events[seq] = event

    def _begin_after(self, bot: str, after_seq: int | None) -> None:
        events = self.delivered_to[bot]
        for seq in [seq for seq in events if after_seq is None or seq > after_seq]:
            del events[seq]
        if not events:
            self.began_after[bot] = after_seq

    def may_have_lost_its_key(self, bot: str) -> None:
        self._trace.note(bot, "may have lost its key")
        self._may_have_lost_their_keys.add(bot)

    def has_its_key(self, bot: str) -> None:
        self._may_have_lost_their_keys.discard(bot)

    def locked_out(self, bot: str) -> None:
        self._trace.note(bot, "is locked out")
        if bot not in self._may_have_lost_their_keys:
            self.lockouts += 1

    def settled(self, bot: str, client_order_id: str, order_id: str | None) -> None:
        self._trace.note(bot, f"{client_order_id} is {order_id or 'refused'}")
        self.settlements[bot].setdefault(client_order_id, []).append(order_id)
