"""A bot of this process whose handler never returns is named with its line, and ended; the match goes on."""

import asyncio
import threading

from lab_bots import Forgotten, Taker

from openoutcry import Bot
from openoutcry.lab import run_match


class Hanging(Bot):
    role = "hedge_fund"
    after_error = "go_on"

    def on_session_status(self, status):
        if status.phase == "continuous":
            self.buy("SPY", 1, 400)
            while True:
                pass


class Deaf(Bot):
    """What it waits in cannot be interrupted."""

    role = "hedge_fund"
    is_given_up = threading.Event()

    async def on_session_status(self, status):
        if status.phase == "continuous":
            self.is_given_up.wait(60)


def test_one_that_hangs_is_ended_and_named_with_its_line(caplog):
    result = run_match([Hanging, Taker], seconds=300, handler_seconds=1)
    reason = result["Hanging"].stop_reason
    assert reason.startswith(
        "on_session_status raised TakesTooLong: on_session_status has not returned for 1 seconds: at "
    )
    assert "test_handlers_watched.py:1" in reason
    assert (result["Taker"].stop_reason, result["Hanging"].asked) == (None, 3)
    assert any("has not returned for 1 seconds" in text for _, _, text in caplog.record_tuples)


def test_one_that_cannot_be_interrupted_is_told():
    stuck = []

    def on_stuck(text):
        stuck.append(text)
        Deaf.is_given_up.set()

    run_match([Deaf, Taker], seconds=300, handler_seconds=0.5, on_stuck=on_stuck)
    assert stuck[0].startswith("Deaf: on_session_status has not returned for 0.5 seconds: at ")
    assert "self.is_given_up.wait(60), and cannot be interrupted" in stuck[0]


class Spinning(Bot):
    role = "hedge_fund"

    async def on_session_status(self, status):
        while status.phase == "continuous":  # noqa: ASYNC110 - which is the fault
            await asyncio.sleep(0)


def test_one_that_lets_no_time_pass_is_ended():
    result = run_match([Spinning, Taker], seconds=300)
    assert "on_session_status raised CancelledError: it took 100,000 steps" in result["Spinning"].stop_reason
    assert result["Taker"].stop_reason is None


class Deathless(Bot):
    role = "hedge_fund"

    async def on_session_status(self, status):
        while status.phase == "continuous":
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                continue


def test_one_that_cannot_be_cancelled_is_told_of_once(caplog):
    run_match([Deathless, Taker], seconds=300)
    told = [text for _, _, text in caplog.record_tuples if "has not ended" in text]
    assert [text.partition(": ")[2] for text in told] == [
        "on_session_status has not ended within 3 seconds: the bot ends without it"
    ]


def test_an_async_handler_that_waits_for_ever_is_named_at_the_end(caplog):
    for isolated in (False, True):
        caplog.clear()
        run_match([Forgotten, Taker], seconds=300, isolated=isolated)
        (told,) = [text for _, _, text in caplog.record_tuples if "has been waiting" in text]
        assert "on_session_status has been waiting since 2024-03-14T14:" in told
        assert ", in never: await asyncio.get_running_loop().create_future()" in told
