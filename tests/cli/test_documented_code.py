"""The code in the pages for bot writers runs as it is printed, block after block."""

import re
import textwrap
from pathlib import Path

from served_exchange import ServedExchange

import openoutcry.client

PAGE = Path(__file__).resolve().parents[2] / "docs" / "the-client.md"


def run_every_block(url):
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 8
    names = {}
    for number, block in enumerate(blocks, start=1):
        code = compile(block.replace("http://127.0.0.1:8000", url), f"block {number} of {PAGE.name}", "exec")
        exec(code, names)


def test_every_block_of_the_client_runs(tmp_path, capsys):
    with ServedExchange(tmp_path / "data", scenario="demo") as exchange:
        run_every_block(exchange.url)
    printed = capsys.readouterr().out
    assert printed.startswith("TEAM_1 ")
    assert "trading SPX_CALL_4400_20240119\n" in printed
    assert "hedge_fund 300 200 20000000.0" in printed
    assert re.search(r"^(True|False) \{\} \[\]$", printed, re.MULTILINE)  # whether the book's snapshot is there yet
    assert "success=True" in printed


def test_every_block_of_the_client_runs_on_the_default_game_from_before_its_first_session(tmp_path, capsys):
    with ServedExchange(tmp_path / "days", scenario="intern_fast", subcommand="practice") as exchange:
        run_every_block(exchange.url)
    printed = capsys.readouterr().out
    assert re.search(r"^trading SP[XY]_CALL_\d+_\d{8}$", printed, re.MULTILINE)
    assert "INVALID_INSTRUMENT" not in printed
    assert "QuoteResult(" in printed  # taken or not, as the market is by then


def test_the_example_of_the_client_s_module_is_accepted(tmp_path, capsys):
    code = "\n\n".join(part for part in openoutcry.client.__doc__.split("\n\n") if part.startswith("    "))
    with ServedExchange(tmp_path / "data", scenario="demo") as exchange:
        exec(textwrap.dedent(code).replace("http://127.0.0.1:8000", exchange.url), {})
    assert re.fullmatch(r"ORD_[0-9]+\n", capsys.readouterr().out)
