"""Who may register."""

from typing import Annotated

from msgspec import Meta, Struct


class RegistrationTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may register a team. Give one of `open = true` and `join_code`, or give each role a code of its own."""

    open: Annotated[bool, Meta(description="Anyone may register.")] = False
    join_code: Annotated[
        Annotated[str, Meta(min_length=1, max_length=128)] | None,
        Meta(description="What a team must show to register."),
    ] = None
    roles: Annotated[
        list[str] | None,
        Meta(description="Roles that a team may choose. Default: all, the game's and those of `[roles]`."),
    ] = None
    role_codes: Annotated[
        dict[str, Annotated[str, Meta(min_length=1, max_length=128)]],
        Meta(
            description='Join codes of roles: `role_codes = { market_maker = "..." }`. Such a role is open to holders'
            " of its own code only."
        ),
    ] = {}
    default_role: Annotated[str, Meta(description="Role of a team that chooses none.")] = "retail"
