"""Fair play: the seed of each session is committed to before it and revealed after it.

It keeps nothing: what is due is asked of the venue and of the files of seeds, so that a restart goes on where the
exchange was, with the seed that is committed to.
"""

from typing import Final

import structlog

from openoutcry.domain.commands import CommitSeed, RevealSeed, Why, WithdrawCommitment
from openoutcry.domain.fairness import commitment_of, random_word, session_seed
from openoutcry.domain.reasons import Accepted
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.session.market import WITHOUT_IT
from openoutcry.runtime.session.seeds import NumberedSeeds

_log: Final = structlog.get_logger()

_WAY_OUT: Final = (
    "Put the file back from a copy, or give the commitment up, which everybody is told:"
    " openoutcry admin withdraw-commitment"
)
_FROM_NUMBER: Final = Why(None, "Its seed came from a number (--seed): anybody can find it by trying numbers")


class FairPlay:
    """Of a scenario whose market is simulated. Methods raise `Unavailable` if a seed cannot be kept or read."""

    def __init__(self, scenario_hash: str, seeds: NumberedSeeds, sequencer: Sequencer) -> None:
        self._scenario_hash = scenario_hash
        self._seeds = seeds
        self._sequencer = sequencer
        self._queries = sequencer.queries
        self._told_lost: int | None = None
        """The seed of which the log has told that it is lost."""

    @property
    def is_due(self) -> bool:
        """Whether there is something for `catch_up` to do."""
        fairness = self._queries.fairness()
        hides_seed = fairness.commitment is not None and fairness.seed is None and fairness.number != self._told_lost
        return not self._queries.day().is_running and (hides_seed or fairness.next_commitment is None)

    def catch_up(self) -> None:
        """Reveal the seed of the last session, and commit to that of the next, unless this is done or a session runs.

        A seed that is lost is not revealed; the log tells. Where seeds are to come from chance, a commitment that waits
        with a seed from a number is withdrawn for another.
        """
        while (command := self._due()) is not None:
            if type(command) is WithdrawCommitment:
                _log.warning(
                    "the next session's seed came from a number (--seed), and anybody can find it by trying numbers:"
                    " its commitment is withdrawn, and another one made with a seed from chance",
                    file=self._seeds.where(self._queries.fairness().next_number),
                )
            verdict = self._sequencer.perform(command)[0].verdict
            assert isinstance(verdict, Accepted), f"fair play was refused: {verdict}"  # noqa: S101

    def seed_of_session(self) -> bytes:
        """What the session under way is drawn from."""
        fairness = self._queries.fairness()
        assert fairness.commitment is not None, "a session begins with a commitment"  # noqa: S101
        seed = self._find(fairness.number, fairness.commitment)
        if seed is None:
            raise Unavailable(
                f"the seed of the session under way is lost: {self._seeds.where(fairness.number)} does not hold it."
                f" {WITHOUT_IT}"
            )
        return session_seed(seed, self._queries.nonces()[: fairness.teams])

    def seed_of_next(self) -> bytes:
        """What the next session would be drawn from if it began now, with the teams that are registered."""
        fairness = self._queries.fairness()
        if fairness.next_commitment is None:
            raise Unavailable("no seed is committed to yet")
        seed = self._find(fairness.next_number, fairness.next_commitment)
        if seed is None:
            raise Unavailable(
                f"the seed of the next session is lost: {self._seeds.where(fairness.next_number)} does not hold what"
                f" was committed to. {_WAY_OUT}"
            )
        return session_seed(seed, self._queries.nonces())

    def word_of_next(self, date: str) -> int:
        """64 bits for the venue's own draws in the next session, of this ISO date.

        0 while a session is under way: the next one has no seed yet, and the venue refuses its start whatever is drawn.
        """
        if self._queries.day().is_running:
            return 0
        return random_word(self.seed_of_next(), date)

    def _due(self) -> CommitSeed | RevealSeed | WithdrawCommitment | None:
        if self._queries.day().is_running:
            return None
        fairness = self._queries.fairness()
        if fairness.commitment is not None and fairness.seed is None:
            seed = self._find(fairness.number, fairness.commitment)
            if seed is not None:
                return RevealSeed(seed)
            self._tell_lost(fairness.number)
        if fairness.next_commitment is None:
            return CommitSeed(commitment_of(self._seeds.seed_of(fairness.next_number), self._scenario_hash))
        if self._seeds.number is None and self._seeds.is_from_number(fairness.next_number):
            return WithdrawCommitment(_FROM_NUMBER)
        return None

    def _find(self, number: int, commitment: bytes) -> bytes | None:
        """The seed of this number, if it is the one that was committed to."""
        seed = self._seeds.find(number)
        return seed if seed is not None and commitment_of(seed, self._scenario_hash) == commitment else None

    def _tell_lost(self, number: int) -> None:
        if self._told_lost != number:
            self._told_lost = number
            _log.error(
                "the seed of the last session is lost, and cannot be revealed: put the file back from a copy",
                file=self._seeds.where(number),
            )
