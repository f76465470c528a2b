"""The most teams and client order ids that a venue holds. Tests give a venue other values."""

from typing import Final

from msgspec import Struct

from openoutcry.domain.types import MAX_CLIENT_ORDER_IDS, MAX_TEAMS


class VenueLimits(Struct, frozen=True, kw_only=True):
    """Verdicts depend on these limits. They are not stored on the disk, so every replay uses the defaults."""

    max_teams: int = MAX_TEAMS
    """Teams that can register; the next one is refused."""
    max_client_order_ids: int = MAX_CLIENT_ORDER_IDS
    """Client order ids of one team that are remembered at once; an order with a further new id is refused."""


DEFAULT_LIMITS: Final = VenueLimits()
