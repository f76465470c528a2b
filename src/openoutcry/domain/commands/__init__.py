"""Everything that can change the venue, as frozen values. The journal stores exactly these.

Terms that the validator may refuse (`side`, `time_in_force`, `quantity`, an off-grid price) are kept as the client
wrote them, because a refusal has its place in the validator's list and in the journal.
"""

from openoutcry.domain.commands.connections import (
    ElapseTimer,
    GuardConnection,
    LoseConnection,
    SetCancelAfter,
    UnguardConnection,
)
from openoutcry.domain.commands.fairness import CommitSeed, RevealSeed, WithdrawCommitment
from openoutcry.domain.commands.instruments import (
    BustTrade,
    ExpireInstrument,
    HaltInstrument,
    ListInstrument,
    ResumeInstrument,
    SettleInstrument,
)
from openoutcry.domain.commands.notices import Announce, PublishNews
from openoutcry.domain.commands.orders import (
    AmendOrder,
    CancelOrder,
    MassCancel,
    OrderTerms,
    Price,
    SubmitOrder,
    terms_of,
)
from openoutcry.domain.commands.quotes import QuoteTerms, ReplaceQuotes, ResetQuoteProtection, SetQuoteProtection
from openoutcry.domain.commands.session import (
    AdvanceMarket,
    ContinueWork,
    EndSession,
    PhaseAt,
    PlanSession,
    SetPhase,
    SetSpeed,
    SkipIds,
    StartSession,
    TakeScenarioValues,
)
from openoutcry.domain.commands.teams import (
    NO_KEY,
    Pardon,
    RegisterTeam,
    ReinstateTeam,
    RotateKey,
    Sanction,
    SuspendTeam,
)
from openoutcry.domain.commands.why import Why

__all__ = [
    "NO_KEY",
    "AdvanceMarket",
    "AmendOrder",
    "Announce",
    "BustTrade",
    "CancelOrder",
    "Command",
    "CommitSeed",
    "ContinueWork",
    "ElapseTimer",
    "EndSession",
    "ExpireInstrument",
    "GuardConnection",
    "HaltInstrument",
    "ListInstrument",
    "LoseConnection",
    "MassCancel",
    "OrderTerms",
    "Pardon",
    "PhaseAt",
    "PlanSession",
    "Price",
    "PublishNews",
    "QuoteTerms",
    "RegisterTeam",
    "ReinstateTeam",
    "ReplaceQuotes",
    "ResetQuoteProtection",
    "ResumeInstrument",
    "RevealSeed",
    "RotateKey",
    "Sanction",
    "SetCancelAfter",
    "SetPhase",
    "SetQuoteProtection",
    "SetSpeed",
    "SettleInstrument",
    "SkipIds",
    "StartSession",
    "SubmitOrder",
    "SuspendTeam",
    "TakeScenarioValues",
    "UnguardConnection",
    "Why",
    "WithdrawCommitment",
    "terms_of",
]

Command = (
    SubmitOrder
    | CancelOrder
    | AmendOrder
    | MassCancel
    | ReplaceQuotes
    | SetQuoteProtection
    | ResetQuoteProtection
    | SetCancelAfter
    | GuardConnection
    | UnguardConnection
    | LoseConnection
    | ElapseTimer
    | RegisterTeam
    | RotateKey
    | SetPhase
    | ListInstrument
    | HaltInstrument
    | ResumeInstrument
    | ExpireInstrument
    | SettleInstrument
    | SuspendTeam
    | ReinstateTeam
    | BustTrade
    | PublishNews
    | Announce
    | Sanction
    | Pardon
    | SkipIds
    | StartSession
    | PlanSession
    | SetSpeed
    | EndSession
    | AdvanceMarket
    | TakeScenarioValues
    | ContinueWork
    | CommitSeed
    | RevealSeed
    | WithdrawCommitment
)
