"""Messages of channels about the market as a whole: session, notices, instruments, marks."""

from typing import ClassVar, Literal

from openoutcry.domain.day.phases import Phase, PhaseReason
from openoutcry.protocol.responses import InstrumentInfo, NoVolatility, OddsInfo
from openoutcry.protocol.stream.message import Message


class SessionStatus(Message, kw_only=True, tag="session_status"):
    """The session is in another phase, or (with `instrument_id`) one instrument is.

    `next_at`: the earliest instant of `next_phase`; both are null if an organiser decides. `market_time` is null
    before the first session.
    """

    type: ClassVar[Literal["session_status"]] = "session_status"
    phase: Phase
    previous_phase: Phase
    instrument_id: str | None
    halted: bool
    reason: PhaseReason
    trading_session: int
    market_time: str | None
    next_phase: Phase | None
    next_at: str | None
    timestamp: str
    sequence: int


class InstrumentListed(Message, kw_only=True, tag="instrument_listed"):
    """An instrument can be traded from now on."""

    type: ClassVar[Literal["instrument_listed"]] = "instrument_listed"
    instrument: InstrumentInfo
    timestamp: str
    sequence: int


class News(Message, kw_only=True, tag="news"):
    """A headline. Its effect on prices, if it has any, is not told."""

    type: ClassVar[Literal["news"]] = "news"
    news_id: str
    headline: str
    category: str
    odds: OddsInfo
    market_time: str
    timestamp: str
    sequence: int


class Announcement(Message, kw_only=True, tag="announcement"):
    """An organiser's words to everybody."""

    type: ClassVar[Literal["announcement"]] = "announcement"
    text: str
    market_time: str
    timestamp: str
    sequence: int


class InstrumentExpired(Message, kw_only=True, tag="instrument_expired"):
    """An instrument has expired: orders in it are cancelled, and no more are taken."""

    type: ClassVar[Literal["instrument_expired"]] = "instrument_expired"
    instrument_id: str
    timestamp: str
    sequence: int


class Settlement(Message, kw_only=True, tag="settlement"):
    """An instrument is settled: positions in it are paid out at this price."""

    type: ClassVar[Literal["settlement"]] = "settlement"
    instrument_id: str
    settlement_price: float
    underlying_price: float | None
    market_time: str
    timestamp: str
    sequence: int


class UnderlyingPrice(Message, kw_only=True, tag="underlying_price"):
    """The price of an underlying: of the index, or the fair value of a tradable one. It is no price of the book."""

    type: ClassVar[Literal["underlying_price"]] = "underlying_price"
    symbol: str
    price: float
    market_time: str
    timestamp: str


class Greeks(Message, kw_only=True, tag="greeks"):
    """An option's theoretical value and how it moves, per unit and not per contract.

    `implied_volatility` is that of the theoretical value; null at the very end of an option, when it has none, and then
    `implied_volatility_reason` says why.
    """

    type: ClassVar[Literal["greeks"]] = "greeks"
    instrument_id: str
    theoretical: float
    implied_volatility: float | None
    implied_volatility_reason: NoVolatility | None
    delta: float
    gamma: float
    vega: float
    theta: float
    underlying_price: float
    market_time: str
    timestamp: str
