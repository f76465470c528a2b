"""The tables of a run: targets that are met, missed or not stated, and the page that keeps the last table."""

from datetime import UTC, datetime

import msgspec
import pytest

from openoutcry.bench.measures import spread
from openoutcry.bench.printing import BEGIN, END, write_markdown
from openoutcry.bench.report import Claim, Section
from openoutcry.bench.run import Run, keep
from openoutcry.bench.stage import QUICK
from openoutcry.bench.targets import Target

FAST = Target("speed", "orders/s", at_least=1_000)


@pytest.fixture
def finished():
    section = Section("A section", ("server", "speed"), rows=[("ours", "900/s")], notes=["A note."])
    section.claims = [
        Claim(FAST, spread([900.0, 950.0, 990.0])),
        Claim(FAST, spread([1_000.0, 1_100.0, 1_200.0])),
        Claim(FAST, None, "the generator was too busy"),
    ]
    section.curves = {"ours": [1_000, 2_000, 3_000]}
    section.figures = {"ours": [900.0]}
    return Run(
        datetime(2024, 1, 15, tzinfo=UTC),
        {"processor": "abacus"},
        QUICK,
        {"a": section},
        {"b": "the server hung up"},
        61.0,
    )


def test_a_table_says_of_each_target_whether_it_was_met(finished, tmp_path):
    page = tmp_path / "page.md"
    write_markdown(finished, page)
    text = page.read_text("utf-8")
    assert "| speed | 950 | 900 to 990 | ≥ 1,000 orders/s | MISSED |" in text
    assert "| speed | 1,100 | 1,000 to 1,200 | ≥ 1,000 orders/s | met |" in text
    assert "| speed | not stated | the generator was too busy | ≥ 1,000 orders/s |  |" in text
    assert "| ours | 900/s |" in text
    assert "- processor: abacus" in text
    assert "b could not be measured: the server hung up" in text


def test_a_page_with_a_marked_place_keeps_the_rest_of_its_text(finished, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n\n{BEGIN}\n\nold tables\n{END}\n\nafter\n")
    write_markdown(finished, page)
    write_markdown(finished, page)
    text = page.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old tables" not in text
    assert text.count("### A section") == 1


def test_the_figures_are_kept_with_their_targets(finished, tmp_path):
    path = tmp_path / "results" / "run.json"
    keep(finished, path)
    kept = msgspec.json.decode(path.read_bytes())
    assert [target["met"] for target in kept["targets"]] == [False, True, False]
    assert kept["figures"] == {"a": {"ours": [900.0]}}
    assert kept["latency_us"]["ours"]["p50"] == 2.0
