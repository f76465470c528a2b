"""Token buckets, one by one and all of them together."""

import pytest
from gateway_stage import HandClock, rates

from openoutcry.access.rate_limits import Bucket, Buckets
from openoutcry.domain.types import TeamId
from openoutcry.scenarios.model import Rate


def test_a_bucket_holds_its_burst_and_is_refilled_with_time():
    clock = HandClock()
    bucket = Bucket(Rate(per_second=2.0, burst=3), clock)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    assert bucket.seconds_until(1) == pytest.approx(0.5)
    clock.advance(0.5)
    assert bucket.take()
    assert not bucket.take()
    clock.advance(3600)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_tokens_are_taken_all_or_none():
    bucket = Bucket(Rate(per_second=1.0, burst=5), HandClock())
    assert not bucket.take(6)
    assert bucket.take(5)


def test_a_bucket_in_debt_gives_nothing_until_that_is_paid():
    clock = HandClock()
    bucket = Bucket(Rate(per_second=1.0, burst=2), clock)
    bucket.charge(5)
    assert (bucket.seconds_until(1), bucket.standing()[1:]) == (4.0, (0, 5))
    clock.advance(4)
    assert bucket.take()


def test_what_is_given_back_does_not_overfill_a_bucket():
    bucket = Bucket(Rate(per_second=1.0, burst=2), HandClock())
    bucket.charge(-10)
    assert bucket.standing() == (2, 2, 0)


def test_addresses_are_bounded_and_the_one_idle_the_longest_is_forgotten():
    buckets = Buckets(rates(anonymous=1), HandClock(), max_addresses=2)
    assert buckets.of_address("a").take()
    assert buckets.of_address("b").take()
    assert not buckets.of_address("a").take()
    assert buckets.of_address("c").take()
    assert not buckets.of_address("a").take()
    assert buckets.of_address("b").take()


def test_a_team_has_one_bucket_of_each_kind_by_its_role():
    limits = rates(orders=1, cancels=5, reads=7)
    buckets = Buckets(limits, HandClock())
    team = TeamId(1)
    role_of = {team: "retail"}.__getitem__
    assert buckets.of_team(team, "orders", role_of) is buckets.of_team(team, "orders", role_of)
    bursts = [buckets.of_team(team, charge, role_of).burst for charge in ("orders", "cancels", "reads")]
    assert bursts == [1, 5, 7]
