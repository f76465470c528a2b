"""A refusal is told to the bot, or to its log."""

import logging

from bot_stage import PUT, Acting
from noting_bots import Noting
from venues import CALL

from openoutcry import Bot
from openoutcry.client.bot.line import Quote, Verdict
from openoutcry.client.bot.run import REFUSALS_TOLD
from openoutcry.client.http.response import ApiError
from openoutcry.protocol.responses import QuoteResult


def test_a_bot_without_on_refused_has_the_first_refusals_logged(caplog):
    acting = Acting(Noting)
    for _ in range(2 * REFUSALS_TOLD):
        acting.do(lambda bot: bot.buy(CALL, 1, 5.0))
        acting.line.refuse("MISSING_PRICE")
    assert caplog.text.count("MISSING_PRICE: it is MISSING_PRICE") == REFUSALS_TOLD
    assert "define on_refused" in caplog.text
    assert acting.run.counts.refusals == {"MISSING_PRICE": 2 * REFUSALS_TOLD}


def test_a_refused_quote_names_its_instrument():
    class Told(Noting):
        def on_refused(self, refusal):
            self.noted.append((refusal.code, refusal.instrument_id, refusal.details, type(refusal.question)))

    acting = Acting(Told)

    def both(bot):
        return bot.quote(CALL, 4.0, 5.0, 1), bot.quote(PUT, 1.0, 2.0, 1)

    call, put = acting.do(both)
    error = ApiError(code="POST_ONLY_WOULD_TRADE", message="it would", details={"side": "bid"})
    acting.line.answer(
        Verdict(
            quotes=[
                QuoteResult(instrument_id=CALL, success=True, bid_order_id="ORD_1", ask_order_id="ORD_2"),
                QuoteResult(instrument_id=PUT, success=False, ask_order_id="ORD_3", error=error),
            ]
        )
    )
    assert (call.is_answered, call.error, put.error.code) == (True, None, "POST_ONLY_WOULD_TRADE")
    assert acting.bot.noted == [("POST_ONLY_WOULD_TRADE", PUT, {"side": "bid"}, Quote)]


def test_a_bot_has_a_log_of_its_own_and_arguments_of_its_own(caplog):
    class Named(Bot):
        def __init__(self, word, *, twice=False):
            self.word = word * (2 if twice else 1)

        def on_start(self):
            self.log.warning("%s", self.word)

    with caplog.at_level(logging.INFO):
        Acting(lambda: Named("ho", twice=True))
    assert "hoho" in caplog.text
