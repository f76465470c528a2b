"""Seeds of sessions: committed to before a session, revealed after it, so that anybody can draw again what was left to
chance.
"""

from typing import final

from msgspec import Struct

from openoutcry.domain.commands.why import Why


@final
class CommitSeed(Struct, frozen=True, array_like=True, tag="commit_seed"):
    """Commit to the seed of the next session, before anybody knows who will take part.

    `commitment`: as `openoutcry.domain.fairness` makes it of the seed.
    """

    commitment: bytes


@final
class RevealSeed(Struct, frozen=True, array_like=True, tag="reveal_seed"):
    """Tell everybody the seed of the session that has ended."""

    seed: bytes


@final
class WithdrawCommitment(Struct, frozen=True, array_like=True, tag="withdraw_commitment"):
    """Give up the commitment that waits for the next session, because its seed is lost, or came from a
    number that anybody can find. Another one follows.
    """

    why: Why | None = None
