"""Fair play: a commitment before each session, the seed after it."""

from typing import Any, Final

from openoutcry.domain.commands import CommitSeed, RevealSeed, WithdrawCommitment
from openoutcry.domain.fairness import SEED_BYTES
from openoutcry.domain.reasons import ErrorCode, Reject, Verdict
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState


def judge_commitment(state: VenueState, command: CommitSeed) -> Verdict:
    """Nobody may choose among seeds once one is committed to."""
    if state.fairness.next_commitment is not None:
        return Reject(ErrorCode.MALFORMED_REQUEST, "The seed of the next session is committed to already")
    if len(command.commitment) != SEED_BYTES:
        return Reject(ErrorCode.MALFORMED_REQUEST, f"A commitment has {SEED_BYTES} bytes")
    return ACCEPTED


def commit_seed(state: VenueState, outcome: Outcome, command: CommitSeed) -> None:  # noqa: ARG001
    state.fairness.commit(command.commitment)


def judge_withdrawal(state: VenueState, command: WithdrawCommitment) -> Verdict:  # noqa: ARG001 - a judge
    if state.fairness.next_commitment is None:
        return Reject(ErrorCode.MALFORMED_REQUEST, "There is no commitment that waits for a session")
    return ACCEPTED


def withdraw_commitment(state: VenueState, outcome: Outcome, command: WithdrawCommitment) -> None:  # noqa: ARG001
    state.fairness.withdraw()


def judge_revelation(state: VenueState, command: RevealSeed) -> Verdict:
    """Nobody may know the seed while the session runs. Whether it is the one committed to, is for others to check."""
    fairness = state.fairness
    if fairness.commitment is None:
        return Reject(ErrorCode.MALFORMED_REQUEST, "No session has begun whose seed was committed to")
    if state.day.is_running:
        return Reject(ErrorCode.MARKET_CLOSED, "The seed of a session is revealed after its end")
    if fairness.seed is not None:
        return Reject(ErrorCode.MALFORMED_REQUEST, "The seed of the last session is revealed already")
    if len(command.seed) != SEED_BYTES:
        return Reject(ErrorCode.MALFORMED_REQUEST, f"A seed has {SEED_BYTES} bytes")
    return ACCEPTED


def reveal_seed(state: VenueState, outcome: Outcome, command: RevealSeed) -> None:  # noqa: ARG001
    state.fairness.seed = command.seed


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(CommitSeed, judge_commitment, commit_seed),
    Handler(WithdrawCommitment, judge_withdrawal, withdraw_commitment),
    Handler(RevealSeed, judge_revelation, reveal_seed),
)
