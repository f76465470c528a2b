"""Whatever stands in a scenario file, it loads or is refused in words."""

import contextlib
import datetime as dt
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from toml_keys import keys_of

from openoutcry.cli.scenario.starting_file import starting_file
from openoutcry.cli.scenario.summary import summary
from openoutcry.scenarios.loader import (
    ScenarioError,
    load_scenario,
    read_scenario_text,
    scenario_text,
    shipped_scenarios,
)
from openoutcry.scenarios.places import Places
from openoutcry.scenarios.schema.file import ScenarioFile

SHIPPED = [scenario_text(name) for name in shipped_scenarios()]
VALUES = (
    *("0", "-1", "1.5", "1e400", "-1e-400", "nan", "-inf", "true", "99999999999999999999", "0x", "{}", "[[]]", "[1]"),
    *("09:30:00", "23:59:60", "0001-01-01", "9999-12-31", "2024-02-29T10:00:00Z"),
    *('""', '"SPX"', '"SPX_CALL_4500_00010101"', '"nyse"', '"\\ud800"', '"""', "'''"),
)
SIGNS = ("[", "]", "[[", "]]", "=", ",", ".", "{", "}", '"', "'", "#", "\n", "\r", '"\\n" = ')
HEADERS = [form % name for name in ScenarioFile.__struct_fields__ for form in ("\n[%s]\n", "\n[[%s]]\n", "\n[%s.x]\n")]
LINES = sorted({line for text in SHIPPED for line in text.splitlines(keepends=True)})
PIECES = st.one_of(*map(st.sampled_from, (VALUES, SIGNS, HEADERS, LINES)), st.text(max_size=5))


@st.composite
def mutated_files(draw):
    """A shipped file with lines that are gone, twice there, or changed."""
    text = draw(st.sampled_from(SHIPPED))
    for _ in range(draw(st.integers(1, 4))):
        lines = text.splitlines(keepends=True) or [""]
        number = draw(st.integers(0, len(lines) - 1))
        line, piece = lines[number], draw(PIECES)
        name, sign, value = line.partition("=")
        at = draw(st.integers(0, len(line)))
        inserted = line[:at] + piece + line[at:]
        forms = ("", line + line, piece, inserted, f"{name}{sign} {piece}\n", f"{piece}{sign}{value}")
        lines[number] = draw(st.sampled_from(forms))
        text = "".join(lines)
    return text


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzzed") / "fuzzed.toml"


@settings(max_examples=500)
@given(mutated_files())
def test_a_file_with_mistakes_is_refused_in_words(path, text):
    path.write_bytes(text.encode(errors="replace"))
    try:
        scenario = load_scenario(path)
    except ScenarioError as error:
        assert all(line.startswith(f"{path}:") for line in str(error).splitlines())  # noqa: PT017 - or it loads
    else:
        assert list(summary(scenario, dt.datetime(2024, 3, 14, tzinfo=dt.UTC)))
        path.write_text(starting_file("other", read_scenario_text(path)), encoding="utf-8")
        assert load_scenario(path) == replace(scenario, name="other")


@settings(max_examples=500)
@given(mutated_files())
def test_every_key_of_a_file_that_is_toml_stands_at_its_place(text):
    with contextlib.suppress(ValueError):
        document = tomllib.loads(text)
        places, lines = Places(text), text.split("\n")
        for key, named in keys_of(document):
            line, column = places.of(key)
            at = lines[line - 1][column - 1 :]
            assert at.startswith((named, '"', "'")), key
