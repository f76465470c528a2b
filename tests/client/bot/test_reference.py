"""The reference page of the class names every handler with its channel, and everything that a bot can ask and see."""

import re
from pathlib import Path

from openoutcry import Bot
from openoutcry.client.bot.asking.pacing import MARGIN
from openoutcry.client.bot.asking.sending import MAX_WAITING
from openoutcry.client.bot.handlers import ALWAYS, CHANNELS, OF_MESSAGES, OTHERS
from openoutcry.client.bot.order import WITHDRAWN
from openoutcry.client.bot.orders import MAX_FINISHED
from openoutcry.client.bot.run import END_SECONDS, REFUSALS_TOLD

PAGE = (Path(__file__).parents[3] / "docs" / "the-bot-class.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(on_\w+)\(\w*\)` \| [^|]+ \| (?:`([\w:*]+)`)? ?\|$", re.MULTILINE)
FOR_WHO_RUNS_IT = {"begin", "handled"}


def test_every_handler_has_a_row_with_its_channel():
    rows = dict(ROW.findall(PAGE))
    assert rows.keys() == {*OF_MESSAGES, *OTHERS}
    assert {name: channel for name, channel in rows.items() if channel and channel not in ALWAYS} == CHANNELS


def test_everything_that_a_bot_has_is_named():
    names = {name for name in dir(Bot) if not name.startswith(("_", "on_"))} - FOR_WHO_RUNS_IT
    assert [
        name for name in sorted(names) if not re.search(rf"`(\w+\.)?{name}\b|^    {name} =", PAGE, re.MULTILINE)
    ] == []


def test_its_numbers_are_those_of_the_code():
    assert f"at most {MARGIN:.0%}".replace("%", " %") in PAGE
    assert f"the last {MAX_FINISHED:,}" in PAGE
    assert f"If {MAX_WAITING:,} requests wait" in PAGE
    assert f"the first {REFUSALS_TOLD} are logged" in PAGE
    assert f"for {END_SECONDS:g} seconds" in PAGE
    assert f"`{WITHDRAWN}`" in PAGE
