"""Moments: market time within a session, a sequence for exactness."""

from openoutcry.playback.moments import BEGINNING, Moments


def test_time_never_goes_back_within_a_session(playback):
    moments = [playback.moments.after(sequence) for sequence in range(1, playback.moments.last.sequence + 1)]
    assert [moment.sequence for moment in moments] == list(range(1, len(moments) + 1))
    keys = [(moment.session, moment.ms) for moment in moments]
    assert keys == sorted(keys)
    assert {moment.session for moment in moments} == {0, 1, 2}


def test_an_instant_is_after_the_last_command_that_is_not_later(playback):
    moments = playback.moments
    for instant in (0, 999, 1_000, 77_500, 10**12):
        moment = moments.at(1, instant)
        assert moment.session == 1
        assert moment.ms <= instant
        following = moments.after(moment.sequence + 1)
        assert following.session == 2 or following.ms > instant


def test_what_is_out_of_reach_is_the_nearest_there_is(playback):
    moments = playback.moments
    assert moments.at(99, 0) == moments.last
    assert moments.after(10**9) == moments.last
    assert moments.after(0) == BEGINNING
    assert moments.at(0, 0).session == 0


def test_sessions_follow_one_another(playback):
    before, first, second = playback.moments.sessions()
    assert before.date is None
    assert before.ends.sequence + 1 == first.begins.sequence
    assert first.ends.sequence + 1 == second.begins.sequence
    assert first.begins.ms == second.begins.ms == 0
    assert first.begins_at.startswith(first.date)
    assert second.ends == playback.moments.last


def test_nothing_read_has_no_moment():
    assert Moments().first is None
    assert Moments().sessions() == []
