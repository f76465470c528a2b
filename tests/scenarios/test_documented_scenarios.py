"""What `docs/making-a-scenario.md` shows of scenario files is true."""

import re
from pathlib import Path

import pytest

from openoutcry.scenarios.loader import ScenarioError, load_scenario, scenario_text

PAGE = (Path(__file__).resolve().parents[2] / "docs/making-a-scenario.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def edited(path, text, *exchanged):
    for old, new in exchanged:
        assert f"\n{old}" in text
        text = text.replace(f"\n{old}", f"\n{new}", 1)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.splitlines()[0])
def test_an_example_in_place_of_its_table_makes_a_sound_scenario(example, tmp_path):
    intern = scenario_text("intern").replace("\nopen = true\n", "\n")
    header = example.splitlines()[0]
    if header != "[registration]":
        intern = intern.replace("\n[registration]\n", "\n[registration]\nopen = true\n")
    load_scenario(edited(tmp_path / "example.toml", intern, (f"{header}\n", example)))


def test_there_are_examples_of_schedule_registration_and_chain():
    assert [example.splitlines()[0] for example in EXAMPLES] == ["[schedule]", "[registration]", "[chain]", "[world]"]


def test_mistakes_are_told_in_the_words_of_the_page(tmp_path):
    mistakes = (("[schedule]", "[schedule]\nclose = 09:00:00"), ("[breaker]", "[breaker]\nmove_procent = 1"))
    told = []
    for mistake in (*mistakes, ("[schedule]", "")):
        with pytest.raises(ScenarioError) as refusal:
            load_scenario(edited(tmp_path / "spring.toml", scenario_text("intern"), mistake))
        told += [line.split(": ", 1)[1] for line in str(refusal.value).splitlines()]
    for line in re.findall(r"(?m)^spring\.toml:[0-9]+:[0-9]+: (.*)$", PAGE):
        assert line in told
