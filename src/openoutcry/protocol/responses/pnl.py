"""A team's own P&L explained."""

from msgspec import Struct


class PnlInfo(Struct, kw_only=True):
    """A P&L and its parts, in currency. In money units of 1e-4 the parts add up to it exactly."""

    pnl: float
    delta: float
    gamma: float
    theta: float
    vega: float
    edge: float
    fees: float
    settlement: float
    rest: float


class InstrumentPnlInfo(PnlInfo, kw_only=True):
    """Of one instrument in the session."""

    instrument_id: str


class HourPnlInfo(PnlInfo, kw_only=True):
    """Of one market hour of the session."""

    begins_at: str


class PnlData(Struct, kw_only=True):
    """Where the team's P&L of the session comes from; after the close, that of the last session. Parts of all
    instruments add up to the total, and so do those of all hours. Before the first session all is 0.
    """

    as_of: str | None
    session_date: str | None
    total: PnlInfo
    instruments: list[InstrumentPnlInfo]
    hours: list[HourPnlInfo]
