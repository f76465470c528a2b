"""A world, marks, news and settlements that were tampered with are found."""

import pytest
from fair_stage import failed, rewritten, told, verified
from msgspec import structs
from tampering import after_opening, each, left_out, put_in, with_mark

from openoutcry.domain.commands import (
    ExpireInstrument,
    HaltInstrument,
    PublishNews,
    RotateKey,
    SettleInstrument,
    StartSession,
    TakeScenarioValues,
    Why,
)
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.simulation.world.encoding import decode, encode


def tampered_world(played, folder, move):
    """A copy of the directory with another world in it, that the session is said to have begun with."""
    copy = folder / "tampered"
    file = next((played / "worlds").iterdir())
    world = decode(file.read_bytes())
    move(world)

    def replace(command):
        return structs.replace(command, world_digest=world.digest) if isinstance(command, StartSession) else None

    rewritten(played, copy, each(replace))
    (copy / "worlds" / file.name).write_bytes(encode(world))
    return verified(copy)


def test_a_kept_world_that_is_one_unit_off_is_told_and_fair(played, tmp_path):
    def move(world):
        world.errors[100] += 1
        world.levels[[7, 9]] -= 1

    report = tampered_world(played, tmp_path, move)
    assert "world" not in failed(report)
    assert "3 of its numbers are one unit off" in told(report, "world").text


@pytest.mark.parametrize(("name", "units"), [("index", 2), ("beliefs", 2), ("regimes", 1)])
def test_a_kept_world_that_is_further_off_is_found(played, tmp_path, name, units):
    def move(world):
        getattr(world, name)[100] += units

    report = tampered_world(played, tmp_path, move)
    assert "world" in failed(report)
    assert f"{name} at second 100" in told(report, "world").text


def test_a_lost_world_is_drawn_anew(played, tmp_path):
    copy = rewritten(played, tmp_path / "lost", lambda records: records)
    next((copy / "worlds").iterdir()).unlink()
    report = verified(copy)
    assert "world" not in failed(report)
    assert "the kept one is of no use" in told(report, "world").text


def test_a_mark_that_is_one_unit_off_is_told_and_fair(verify):
    report = verify(with_mark(1, "theta"))
    assert "marks" not in failed(report)
    assert "1 numbers are one unit off" in told(report, "marks").text


@pytest.mark.parametrize("field", ["theta", "value", "volatility", "delta", "gamma", "vega"])
def test_a_mark_that_is_two_units_off_is_found(verify, field):
    assert "marks" in failed(verify(with_mark(2, field)))


def test_a_price_of_an_underlying_that_was_moved_is_found(verify):
    def replace(command):
        if not after_opening(command):
            return None
        index, tracker = command.underlyings
        return structs.replace(command, underlyings=(structs.replace(index, price=index.price + 2), tracker))

    assert "marks" in failed(verify(each(replace)))


def test_a_market_second_that_was_left_out_is_found(verify):
    report = verify(left_out(after_opening))
    assert "market seconds are left out" in told(report, "marks").text


def test_values_of_the_cash_check_that_were_left_out_are_found(verify):
    report = verify(left_out(lambda command: isinstance(command, TakeScenarioValues), 2))
    assert "values of the cash check are missing" in told(report, "marks").text


def test_news_that_were_dropped_are_found(verify):
    def replace(command):
        return structs.replace(command, news=()) if getattr(command, "news", ()) else None

    assert "news" in failed(verify(each(replace)))


def test_a_signal_that_was_dropped_is_found(verify):
    def replace(command):
        return structs.replace(command, signals=()) if getattr(command, "signals", ()) else None

    assert "news" in failed(verify(each(replace)))


def test_another_effect_of_the_organiser_s_news_than_the_one_in_the_journal_is_found(verify):
    def replace(command):
        other = NewsEffect("low", -4_000)
        return structs.replace(command, effect=other) if isinstance(command, PublishNews) else None

    assert "marks" in failed(verify(each(replace)))


def test_a_settlement_at_another_price_is_found(verify):
    def replace(command):
        if not isinstance(command, SettleInstrument):
            return None
        return structs.replace(command, settlement_price=command.settlement_price + 1)

    assert "settlement" in failed(verify(each(replace)))


OPTION = "SPY_PUT_452_20240314"
"""The last to expire: nothing that follows tells that it is missing."""


@pytest.mark.parametrize("kinds", [(SettleInstrument,), (ExpireInstrument, SettleInstrument)])
def test_an_option_that_was_not_settled_is_found(verify, kinds):
    def is_it(command):
        return isinstance(command, kinds) and command.instrument_id == OPTION

    report = verify(left_out(is_it, len(kinds)))
    assert f"{OPTION} was not settled" in told(report, "settlement").text


def test_expiries_that_were_left_out_are_found(verify):
    def change(records):
        return [record for record in records if not isinstance(record.command, ExpireInstrument)]

    assert "did not expire" in told(verify(change), "settlement").text


def test_what_an_organiser_did_by_hand_is_told(verify):
    report = verify(put_in(HaltInstrument("SPY"), after_opening))
    assert "1 halt_instrument, 1 publish_news" in told(report, "organiser").text


def test_a_key_that_an_organiser_gave_a_team_is_told_and_one_that_it_took_is_not(verify):
    for why, tells in ((Why("Ann", "It was lost"), "1 publish_news, 1 rotate_key"), (None, ": 1 publish_news")):
        report = verify(put_in(RotateKey(3, bytes([7]) * 32, why), after_opening))
        assert told(report, "organiser").text.endswith(tells)


def test_what_an_organiser_was_refused_is_not_told(verify):
    report = verify(put_in(HaltInstrument("SPX"), after_opening))
    assert told(report, "organiser").text.endswith(": 1 publish_news")
