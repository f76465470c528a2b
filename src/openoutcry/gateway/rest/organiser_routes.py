"""The organiser's rows of the table of routes."""

from typing import Any, Final

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.route import Route
from openoutcry.operations.organiser import (
    actions,
    fairness,
    instruments,
    notices,
    overview,
    session,
    surveillance,
    teams,
    trades,
)
from openoutcry.protocol.queries import (
    ActionsQuery,
    TeamsQuery,
)
from openoutcry.protocol.requests import (
    EXAMPLE_SYMBOL,
    AnnounceRequest,
    CreateTeamRequest,
    HaltRequest,
    NewsRequest,
    PhaseRequest,
    ReasonRequest,
    SanctionRequest,
    SessionRequest,
    SettleRequest,
    SpeedRequest,
)
from openoutcry.protocol.responses import (
    ActionsData,
    BustedData,
    FairnessData,
    InstrumentsData,
    KeyData,
    MarketData,
    PublishedData,
    RegisteredData,
    StandingData,
    SurveillanceData,
    TeamData,
    TeamsData,
)

CREATING: Final = (ErrorCode.ROLE_NOT_PERMITTED, ErrorCode.DUPLICATE_TEAM_NAME, ErrorCode.TEAM_LIMIT)
UNKNOWN_TEAM: Final = (ErrorCode.TEAM_NOT_FOUND,)
CLOSED: Final = (ErrorCode.MARKET_CLOSED,)
SANCTIONING: Final = (*UNKNOWN_TEAM, ErrorCode.ROLE_NOT_PERMITTED)
UNKNOWN_INSTRUMENT: Final = (ErrorCode.INVALID_INSTRUMENT,)
HALTING: Final = (ErrorCode.INVALID_INSTRUMENT, ErrorCode.INSTRUMENT_EXPIRED)
SETTLING: Final = (
    ErrorCode.INVALID_INSTRUMENT,
    ErrorCode.INVALID_PRICE,
    ErrorCode.SETTLEMENT_FAILED,
    ErrorCode.MARKET_CLOSED,
)
NO_SCORES: Final = (ErrorCode.NO_SCORES,)
NOT_TO_BUST: Final = (ErrorCode.TRADE_NOT_FOUND, ErrorCode.BUST_FAILED)

SETTLED: Final[dict[str, Any]] = {"instrument_id": EXAMPLE_SYMBOL, "settlement_price": 12.5}
REASON: Final[dict[str, Any]] = {"reason": "Rehearsal"}

# A row begins: method, path, access, pays, operation, takes, gives, refuses.
# fmt: off
ORGANISER_ROUTES: Final[tuple[Route, ...]] = (
    Route("POST", "/admin/phase", "organiser", None, session.set_phase, PhaseRequest, MarketData, CLOSED,
          sequenced=True, tag="Organiser", summary="Set phase", examples=({"phase": "closed"},), text="""
    Move the session to another phase that can follow the present one. Closing cancels all orders; leaving `closed`
    starts a trading session. From a call or a halt to `continuous` is by way of an auction.
    """),
    Route("POST", "/admin/halt", "organiser", None, session.halt, HaltRequest, MarketData, (*CLOSED, *HALTING),
          body_may_be_left_out=True, sequenced=True, tag="Organiser", summary="Halt trading",
          examples=({"instrument_id": None, "reason": "Rehearsal"},), text="""
    Halt one instrument, or all of them, until they are resumed. Orders stay and can be cancelled.
    """),
    Route("POST", "/admin/resume", "organiser", None, session.resume, HaltRequest, MarketData, (*CLOSED, *HALTING),
          body_may_be_left_out=True, sequenced=True, tag="Organiser", summary="Resume trading",
          examples=({"instrument_id": None, "reason": "Rehearsal"},), text="""
    End a halt. In a session of the schedule a reopening call and its auction come first, otherwise trading goes on at
    once.
    """),
    Route("POST", "/admin/session", "organiser", None, session.conduct_session, SessionRequest, MarketData, CLOSED,
          sequenced=True, tag="Organiser", summary="Start or end session",
          examples=({"action": "start"}, {"action": "start", "at": "next_minute"}, {"action": "end"}), text="""
    Start the next trading session of a scenario with a schedule, at once or at an instant of wall time, or end it.

    A start lists the session's instruments. Then market time runs from the first phase of the timetable on. Ending
    closes the market, whatever the phase; if a session is only planned, the plan is dropped.
    """),
    Route("POST", "/admin/speed", "organiser", None, session.set_speed, SpeedRequest, MarketData, CLOSED,
          sequenced=True, tag="Organiser", summary="Set speed", examples=({"speed": 10},), text="""
    Let market time go faster or slower from now on: so many market seconds pass in a second of wall time.
    """),
    Route("POST", "/admin/fairness/withdraw", "organiser", None, fairness.withdraw_commitment,
          ReasonRequest, FairnessData, (), body_may_be_left_out=True, sequenced=True, tag="Organiser",
          summary="Withdraw commitment", examples=({"reason": "The disk with the seed broke"},), text="""
    Give up the commitment that waits for the next session of a simulated market: its seed is lost, or somebody may know
    it. Another one takes its place at once; `GET /fairness` tells everybody how many were withdrawn. While a session is
    under way none waits, and this is refused.
    """),
    Route("POST", "/admin/instruments/{instrument_id}/halt", "organiser", None, instruments.halt_instrument,
          ReasonRequest, InstrumentsData, HALTING, body_may_be_left_out=True, sequenced=True, tag="Organiser",
          summary="Halt instrument", examples=(REASON,), text="""
    Stop trading in one instrument. Its orders stay and can be cancelled.
    """),
    Route("POST", "/admin/instruments/{instrument_id}/resume", "organiser", None, instruments.resume_instrument,
          ReasonRequest, InstrumentsData, HALTING, body_may_be_left_out=True, sequenced=True, tag="Organiser",
          summary="Resume instrument", examples=(REASON,), text="""
    Let a halted instrument trade again.
    """),
    Route("POST", "/admin/settle", "organiser", None, instruments.settle_instrument, SettleRequest, InstrumentsData,
          SETTLING, sequenced=True, tag="Organiser", summary="Settle instrument", examples=(SETTLED,), text="""
    Pay out every position in an instrument at a price. The instrument expires by it, unless it has expired already.

    Its orders are cancelled, its holders are told their new position, and readers of `market` the `settlement`.
    """),
    Route("POST", "/admin/trades/{trade_id}/bust", "organiser", None, trades.bust_trade,
          ReasonRequest, BustedData, NOT_TO_BUST, body_may_be_left_out=True, sequenced=True, tag="Organiser",
          summary="Bust trade", examples=({"reason": "Price far from the market"},), text="""
    Undo a trade. Positions, money and fees of both sides are as if it had never been; orders stay as it left them.

    Both teams are told `trade_busted` and their new position, readers of `trades` the former. A trade can be busted
    until its instrument is settled, as long as both teams' fills are kept.
    """),
    Route("POST", "/admin/teams", "organiser", None, teams.create_team, CreateTeamRequest, RegisteredData, CREATING,
          sequenced=True, tag="Organiser", summary="Create team", examples=({"team_name": "Alpha", "role": "retail"},),
          text="""
    Register a team for any owner, in any role but those of the exchange's own teams. The exchange
    makes its key, which is shown once.
    """),
    Route("POST", "/admin/teams/{team_id}/suspend", "organiser", None, teams.suspend_team,
          ReasonRequest, TeamData, UNKNOWN_TEAM, body_may_be_left_out=True, sequenced=True, tag="Organiser",
          summary="Suspend team", examples=(REASON,), text="""
    Cancel all of a team's orders and refuse its commands until it is reinstated.
    """),
    Route("POST", "/admin/teams/{team_id}/reinstate", "organiser", None, teams.reinstate_team,
          ReasonRequest, TeamData, UNKNOWN_TEAM, body_may_be_left_out=True, sequenced=True, tag="Organiser",
          summary="Reinstate team", examples=(REASON,), text="""
    Let a suspended team trade again.
    """),
    Route("POST", "/admin/teams/{team_id}/sanction", "organiser", None, teams.sanction_team,
          SanctionRequest, StandingData, SANCTIONING, sequenced=True, tag="Organiser",
          summary="Sanction team", examples=({"level": 1, "reason": "Rehearsal"},), text="""
    Put a team on the ladder of sanctions: 1 warned, 2 points off, 3 reduce-only, for the time that the scenario says.
    """),
    Route("POST", "/admin/teams/{team_id}/pardon", "organiser", None, teams.pardon_team,
          ReasonRequest, StandingData, SANCTIONING, body_may_be_left_out=True, sequenced=True, tag="Organiser",
          summary="Pardon team", examples=(REASON,), text="""
    Take a team off the ladder of sanctions.
    """),
    Route("POST", "/admin/teams/{team_id}/rotate-key", "organiser", None, teams.rotate_team_key,
          ReasonRequest, KeyData, UNKNOWN_TEAM, body_may_be_left_out=True, sequenced=True, tag="Organiser",
          summary="Rotate team's key", examples=(REASON,), text="""
    A new key for a team that lost its own. The old key is no longer valid.
    """),
    Route("POST", "/admin/news", "organiser", None, notices.publish_news, NewsRequest, PublishedData, CLOSED,
          sequenced=True, tag="Organiser", summary="Publish news",
          examples=({"headline": "Central bank leaves rates unchanged"},
                    {"headline": "Central bank raises rates", "regime": "high", "jump_percent": -0.5}), text="""
    Tell everybody a headline, on the channel `market` and in `GET /news`.

    With `regime` or `jump_percent` the simulated market changes in the next market second, while a session is under
    way. Teams see prices move, and are told no more than the headline and its odds. Without these no price moves.
    """),
    Route("POST", "/admin/announce", "organiser", None, notices.announce, AnnounceRequest, None, (),
          sequenced=True, tag="Organiser", summary="Announce", examples=({"text": "Lunch is served"},), text="""
    Tell everybody something that is not part of the market, on the channel `market`.
    """),
    Route("GET", "/admin/actions", "organiser", None, actions.list_actions, None, ActionsData, (),
          asks=ActionsQuery, tag="Organiser", summary="List actions", text="""
    What organisers did, oldest first: when, who, why, and what became of it.

    `after` and `limit` page it. Refused commands are among them; requests that never became a command are not.
    """),
    Route("GET", "/admin/surveillance", "organiser", None, surveillance.list_findings, None, SurveillanceData,
          NO_SCORES, tag="Organiser", summary="List findings", text="""
    What surveillance has found in the session: value given away, round trips, pairs that trade with nobody else, too
    many messages, layering, bursts. Each finding names its teams, its trades and the places of its commands in the
    journal. `exclusions` are the trades that leave the score. `NO_SCORES` if the scenario is not scored.
    """),
    Route("GET", "/admin/teams", "organiser", None, overview.list_teams, None, TeamsData, (),
          asks=TeamsQuery, tag="Organiser", summary="List teams", text="""
    Teams in the order of their registration, with what an organiser watches: whether they are connected, what they
    enter and are refused, positions, equity, use of limits, sanctions. `after` and `limit` page them.
    """),
)
# fmt: on
