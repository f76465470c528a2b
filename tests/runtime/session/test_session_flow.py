"""House and retail flow of a session are made for the instruments that can be traded in it."""

import pytest
from day_stage import DayStage
from market_stage import half_hour
from msgspec import structs

from openoutcry.domain.commands import ExpireInstrument, ListInstrument

HOUSE = 1


@pytest.fixture
def stage(tmp_path):
    stage = DayStage(half_hour(tmp_path), seed=7)
    stage.driver.start_session()
    stage.driver.stop()
    stage.driver.tick()
    return stage


def is_quoted(stage, instrument_id):
    return stage.queries.shown().instrument(HOUSE, instrument_id).quote_prices != (None, None)


def test_what_is_listed_in_the_second_in_which_something_expires_is_quoted(stage):
    old = next(each for each in stage.queries.instruments() if each.option)
    symbol = f"SPX_CALL_4510_{old.option.expiry}"
    option = structs.replace(old.option, option_type="call", strike=45_100_000)
    new = structs.replace(old, instrument_id=symbol, option=option)
    assert is_quoted(stage, old.instrument_id)

    stage.exchange.sequencer.perform(ExpireInstrument(old.instrument_id))
    stage.exchange.sequencer.perform(ListInstrument(new))
    stage.loop.run()
    for _ in range(2):
        stage.driver.tick()

    assert is_quoted(stage, symbol)
    assert not is_quoted(stage, old.instrument_id)
