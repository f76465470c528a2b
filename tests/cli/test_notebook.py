"""The notebook runs from its first cell to its last, on an exchange that serves and in the lab."""

import json
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from notebooks import code_cells, run_cells
from served_exchange import ServedExchange

SHORTER = {"seconds=300": "seconds=100", "seconds=3600": "seconds=600"}
NOTEBOOK = Path(__file__).resolve().parents[2] / "examples" / "notebook.ipynb"


@pytest.fixture
def pictures(monkeypatch):
    """Each picture that is shown, as how many points its axes hold."""
    shown = []

    def show():
        axes = plt.gcf().axes
        shown.append([sum(len(line.get_xdata()) for line in each.lines) for each in axes])
        plt.close()

    with mpl.rc_context({"backend": "agg"}):
        monkeypatch.setattr(plt, "show", show)
        yield shown


def shortened(cells):
    """The same for less market time."""
    text = "\0".join(cells)
    for seconds, fewer in SHORTER.items():
        assert text.count(seconds) == 1
        text = text.replace(seconds, fewer)
    return text.split("\0")


def test_every_cell_runs_and_draws_what_it_says(tmp_path, monkeypatch, pictures):
    monkeypatch.chdir(tmp_path)
    with ServedExchange(tmp_path / "days", scenario="intern_fast", subcommand="practice") as exchange:
        monkeypatch.setenv("OPENOUTCRY_URL", exchange.url)
        names, shown = run_cells(shortened(code_cells(NOTEBOOK)))
    assert (tmp_path / "notebook.key").stat().st_mode & 0o777 == 0o600
    assert shown[1][1] == "retail"
    assert names["summary"].ended == "the bot has stopped itself"
    assert names["result"].bots[0].tracebacks == ()
    assert names["result"].fills.height > 0
    assert len(pictures) == 2
    assert all(points > 5 for axes in pictures for points in axes), pictures


def test_it_is_kept_without_what_it_showed():
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all((cell["outputs"], cell["execution_count"]) == ([], None) for cell in code)
    assert [cell["id"] for cell in code] == list(dict.fromkeys(cell["id"] for cell in code))
