"""What anybody needs to check that a session was left to chance."""

from msgspec import Struct


class FairnessData(Struct, kw_only=True):
    """Fair play, of the session under way or last, and of the next one."""

    commitment: str | None
    nonces: dict[str, str]
    seed: str | None
    world_digest: str | None
    scenario_hash: str
    next_commitment: str | None
    withdrawn: int
