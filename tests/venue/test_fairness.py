"""Fair play in the venue: what is committed to and revealed, and when."""

import pytest
from core_stage import Stage

from openoutcry.domain import commands
from openoutcry.domain.commands import PhaseAt
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.venue import Venue

COMMITMENT, SEED, OTHER = (bytes([number]) * 32 for number in (1, 2, 3))
DIGEST = "0a" * 32


def start(day=0, **terms):
    instants = 100 + day * 86_400, 9_000 + day * 86_400
    timetable = PhaseAt("continuous", instants[0], instants[0]), PhaseAt("closed", instants[1], instants[1])
    return commands.StartSession(f"2024-01-{15 + day}", 0, timetable, 1_000, 7, **terms)


@pytest.fixture
def stage():
    return Stage("ann", "bob", opening_phase="closed")


def test_where_no_seed_was_ever_committed_to_sessions_start_as_they_always_did(stage):
    stage.do(start())
    assert stage.queries.fairness().commitment is None
    stage.do(commands.EndSession())
    stage.do(start(1))
    assert stage.refuse(commands.RevealSeed(SEED)).message == "No session has begun whose seed was committed to"


def test_the_commitment_that_waits_becomes_that_of_the_session(stage):
    stage.do(commands.CommitSeed(COMMITMENT))
    waiting = stage.queries.fairness()
    assert (waiting.next_commitment, waiting.next_number, waiting.commitment) == (COMMITMENT, 1, None)

    stage.do(start(world_digest=DIGEST))

    running = stage.queries.fairness()
    assert (running.next_commitment, running.next_number) == (None, 2)
    assert (running.commitment, running.number, running.world_digest) == (COMMITMENT, 1, DIGEST)


def test_a_second_commitment_is_refused_while_one_waits(stage):
    stage.do(commands.CommitSeed(COMMITMENT))
    assert "already" in stage.refuse(commands.CommitSeed(OTHER)).message
    assert stage.queries.fairness().next_commitment == COMMITMENT


def test_a_given_up_commitment_is_counted_and_another_may_follow(stage):
    assert "no commitment that waits" in stage.refuse(commands.WithdrawCommitment()).message
    stage.do(commands.CommitSeed(COMMITMENT))
    stage.do(commands.WithdrawCommitment(commands.Why("Ann", "Lost")))
    stage.do(commands.CommitSeed(OTHER))

    fairness = stage.queries.fairness()
    assert (fairness.next_commitment, fairness.next_number, fairness.withdrawn) == (OTHER, 2, 1)


def test_once_seeds_are_committed_to_no_session_starts_without_a_commitment(stage):
    stage.do(commands.CommitSeed(COMMITMENT))
    stage.do(commands.WithdrawCommitment())
    assert stage.refuse(start()).message.startswith("No seed is committed to")
    stage.do(commands.CommitSeed(OTHER))
    stage.do(start())
    stage.do(commands.EndSession())
    assert stage.refuse(start(1)).message.startswith("No seed is committed to")


def test_the_seed_is_revealed_once_and_only_after_the_session(stage):
    stage.do(commands.CommitSeed(COMMITMENT))
    assert "No session has begun" in stage.refuse(commands.RevealSeed(SEED)).message
    stage.do(start())
    assert stage.refuse(commands.RevealSeed(SEED)).message == "The seed of a session is revealed after its end"
    stage.do(commands.EndSession())
    assert stage.refuse(commands.RevealSeed(SEED[:31])).message == "A seed has 32 bytes"
    stage.do(commands.RevealSeed(SEED))

    assert stage.queries.fairness().seed == SEED
    assert "already" in stage.refuse(commands.RevealSeed(OTHER)).message


def test_the_next_session_forgets_the_last_ones_seed(stage):
    stage.do(commands.CommitSeed(COMMITMENT))
    stage.do(start(world_digest=DIGEST))
    stage.do(commands.EndSession())
    stage.do(commands.RevealSeed(SEED))
    stage.do(commands.CommitSeed(OTHER))
    stage.do(start(1))

    fairness = stage.queries.fairness()
    assert (fairness.commitment, fairness.number, fairness.seed, fairness.world_digest) == (OTHER, 2, None, None)


def test_a_session_without_its_seed_revealed_lets_the_next_one_start(stage):
    """The file may be lost: that nobody can check the last session must not keep the next one from being played."""
    stage.do(commands.CommitSeed(COMMITMENT))
    stage.do(start())
    stage.do(commands.EndSession())
    stage.do(commands.CommitSeed(OTHER))
    stage.do(start(1))
    assert stage.queries.fairness().number == 2


@pytest.mark.parametrize("commitment", [b"", bytes(31), bytes(33)])
def test_a_commitment_has_the_length_of_a_hash(stage, commitment):
    assert stage.refuse(commands.CommitSeed(commitment)).message == "A commitment has 32 bytes"


@pytest.mark.parametrize("digest", ["", "0a" * 31, "0A" * 32, "0a" * 32 + "\n"])
def test_the_digest_of_a_world_is_a_hash(stage, digest):
    assert stage.refuse(start(world_digest=digest)).message == "The digest of a world is a SHA-256 in hexadecimal"


def test_each_of_them_changes_the_live_hash_and_comes_back_from_a_snapshot(stage):
    hashes = []
    for command in (
        commands.CommitSeed(COMMITMENT),
        commands.WithdrawCommitment(),
        commands.CommitSeed(OTHER),
        start(world_digest=DIGEST),
        commands.EndSession(),
        commands.RevealSeed(SEED),
    ):
        stage.do(command)
        hashes.append(stage.venue.live_hash())
        restored = Venue(stage.venue._state.rulebook, snapshot=decode(encode(stage.venue.snapshot())))
        assert restored.queries.fairness() == stage.queries.fairness()
        assert restored.live_hash() == hashes[-1]
    assert len(set(hashes)) == 6
