"""The types for bots are usable by an editor: all code that is shown passes a strict type checker."""

import re
from pathlib import Path
from typing import get_args

import pytest
from type_checker import errors_in

from openoutcry import client
from openoutcry.client.events import EVENT_TYPES, Disconnected, RawEvent, StreamReset
from openoutcry.protocol.stream import Message, ServerMessage

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
MESSAGES = (*get_args(ServerMessage), StreamReset, Disconnected)


def code_of(page):
    """The Python on a page as one program: each block goes on from the one before it."""
    return "\n".join(re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))


def test_examples_and_the_code_on_every_page_are_clean(tmp_path):
    pages = {page: code for page in PAGES if (code := code_of(page))}
    assert len(pages) >= 2
    for page, code in pages.items():
        (tmp_path / f"{page.stem.lower().replace('-', '_')}_page.py").write_text(code, encoding="utf-8")
    for example in EXAMPLES:
        (tmp_path / example.name).write_text(example.read_text(encoding="utf-8"), encoding="utf-8")
    assert errors_in(tmp_path) == []


MISTAKES = {
    "a name of an event's field": """
        if event.type == "execution_report":
            print(event.prise)""",
    "a type of event": 'api.on("execution_reports", print)',
    "a handler's name": "api.on_execution_reports(print)",
    "a handler of another event": "api.on_trade(see_fill)",
    "a side": 'api.submit_order(instrument_id="SPY", side="bye", quantity=1, price=1.0)',
    "a term": 'api.submit_order(instrument_id="SPY", side="buy", qantity=1, price=1.0)',
    "terms by position": 'api.submit_order("SPY", "buy", 1, 1.0)',
    "an order id that may be missing": "api.amend_order(api.submit_order(o).order_id, price=1.0)",
    "a list of channels": 'api.subscribe(["top:*"])',
    "one quote without its list": "api.replace_quotes(QuoteRequest(instrument_id='SPY'))",
}


def test_mistakes_are_found_before_the_bot_runs(tmp_path):
    lines = [
        "from openoutcry.client import Client, ExecutionReport, OrderRequest, QuoteRequest",
        "def see_fill(fill: ExecutionReport) -> None: ...",
        "def bot(api: Client, o: OrderRequest) -> None:",
        "    for event in api.events():",
        '        if event.type == "execution_report":',
        "            print(event.price)",
    ]
    marks = {}
    for mistake, code in MISTAKES.items():
        lines += ["        " + code if not code.startswith("\n") else code.strip("\n")]
        marks[len("\n".join(lines).splitlines())] = mistake
    (tmp_path / "bot.py").write_text("\n".join(lines))
    found = {int(error.split(":")[1].split()[0]) for error in errors_in(tmp_path)}
    assert {marks.get(line, line) for line in found} == set(MISTAKES)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_the_type_of_a_message_is_its_tag_and_its_class_is_exported(message):
    assert issubclass(message, Message)
    assert message.type == message.__struct_config__.tag
    assert message.type in EVENT_TYPES
    assert message.__name__ in client.__all__


def test_every_type_that_can_be_registered_for_is_a_message():
    assert set(EVENT_TYPES) == {message.type for message in MESSAGES}
    assert RawEvent.__name__ in client.__all__
