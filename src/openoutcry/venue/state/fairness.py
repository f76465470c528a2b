"""The part of the venue's state that shows fair play: commitments to seeds, and what a session was drawn from."""


class Fairness:
    """Of the next session, and of the one under way or last."""

    __slots__ = (
        "commitment",
        "made",
        "next_commitment",
        "number",
        "seed",
        "teams",
        "withdrawn",
        "world_digest",
    )

    def __init__(self) -> None:
        self.made = 0
        """Commitments ever made. The one that waits has this number."""
        self.withdrawn = 0
        """How many of them were given up."""
        self.next_commitment: bytes | None = None
        """The one that waits for the next session."""
        self.number = 0
        """Of the session's commitment; 0: it has none."""
        self.commitment: bytes | None = None
        """The session's."""
        self.teams = 0
        """How many teams were registered when the session began: their nonces are in its seed."""
        self.world_digest: str | None = None
        """SHA-256, in hexadecimal, of the session's world."""
        self.seed: bytes | None = None
        """The session's, once it is revealed."""

    @property
    def is_promised(self) -> bool:
        """Whether seeds are committed to here: then no session begins without a commitment."""
        return self.made > 0

    def commit(self, commitment: bytes) -> None:
        self.made += 1
        self.next_commitment = commitment

    def withdraw(self) -> None:
        self.withdrawn += 1
        self.next_commitment = None

    def begin_session(self, teams: int, world_digest: str | None) -> None:
        """The commitment that waits becomes the session's."""
        self.commitment = self.next_commitment
        self.number = 0 if self.commitment is None else self.made
        self.next_commitment = None
        self.seed = None
        self.teams = teams
        self.world_digest = world_digest
