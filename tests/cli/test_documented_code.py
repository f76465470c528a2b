"""The code in the pages for bot writers runs as it is printed, block after block."""

import re
import textwrap
from pathlib import Path

from served_exchange import ServedExchange

import openoutcry.client

PAGE = Path(__file__).resolve().parents[2] / "docs" / "writing-a-bot.md"


def test_every_block_of_writing_a_bot_runs(tmp_path, capsys):
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 8
    names = {}
    with ServedExchange(tmp_path / "data", scenario="demo") as exchange:
        for number, block in enumerate(blocks, start=1):
            code = compile(
                block.replace("http://127.0.0.1:8000", exchange.url), f"block {number} of {PAGE.name}", "exec"
            )
            exec(code, names)
    printed = capsys.readouterr().out
    assert printed.startswith("TEAM_1 ")
    assert "hedge_fund 300 200 20000000.0" in printed
    assert re.search(r"^(True|False) \{\} \[\]$", printed, re.MULTILINE)  # whether the book's snapshot is there yet
    assert "success=True" in printed


def test_the_example_of_the_client_s_module_is_accepted(tmp_path, capsys):
    code = "\n\n".join(part for part in openoutcry.client.__doc__.split("\n\n") if part.startswith("    "))
    with ServedExchange(tmp_path / "data", scenario="demo") as exchange:
        exec(textwrap.dedent(code).replace("http://127.0.0.1:8000", exchange.url), {})
    assert re.fullmatch(r"ORD_[0-9]+\n", capsys.readouterr().out)
