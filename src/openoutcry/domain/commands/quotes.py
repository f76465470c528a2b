"""Two-sided quotes, and their protection."""

from typing import final

from msgspec import Struct

from openoutcry.domain.commands.orders import Price
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.types import InstrumentId, TeamId


class QuoteTerms(Struct, frozen=True, array_like=True):
    """A two-sided quote as asked for. Price None: no quote on that side; with a quantity, the side is refused."""

    instrument_id: InstrumentId
    bid_price: Price | None = None
    bid_quantity: int = 0
    ask_price: Price | None = None
    ask_quantity: int = 0


@final
class ReplaceQuotes(Struct, frozen=True, array_like=True, tag="replace_quotes"):
    """Replace the team's quotes in the named instruments, each instrument at once."""

    team_id: TeamId
    quotes: tuple[QuoteTerms, ...]


@final
class SetQuoteProtection(Struct, frozen=True, array_like=True, tag="set_quote_protection"):
    """Protect the quotes of one group by these settings, in place of those before; `group` None: of every group."""

    team_id: TeamId
    group: str | None
    settings: ProtectionSettings


@final
class ResetQuoteProtection(Struct, frozen=True, array_like=True, tag="reset_quote_protection"):
    """End the freeze of a group's quotes and forget what was counted; `group` None: of every group."""

    team_id: TeamId
    group: str | None = None
