"""Every key of a TOML file has a line and a column."""

import tomllib

import pytest
from toml_keys import keys_of

from openoutcry.scenarios.loader import scenario_text, shipped_scenarios
from openoutcry.scenarios.places import Places


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        ("a = 1\n\n# x\n  b = 2\n", "b", (4, 3)),
        ("a.b . c = 1\n", "a.b.c", (1, 7)),
        ("[a]\nb = {c = 1, d = 2}\n", "a.b.d", (2, 13)),
        ("[a]\nb = 1\n[a.c]\nd = 1\n", "a.c", (3, 4)),
        ("[a]\nb = 1\n[a.c]\nd = 1\n", "a.c.d", (4, 1)),
        ("[[a]]\nb = 1\n[[a]]\nc = 1\n[a.d]\ne = 1\n", "a[2]", (3, 3)),
        ("[[a]]\nb = 1\n[[a]]\nc = 1\n[a.d]\ne = 1\n", "a[2].d.e", (6, 1)),
        ("[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\nc = 2\n[[a]]\n[[a.b]]\nc = 3\n", "a[1].b[2].c", (5, 1)),
        ("[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\nc = 2\n[[a]]\n[[a.b]]\nc = 3\n", "a[2].b[1].c", (8, 1)),
        ('a = """\n[b]\nc = 1\n"""\n[b]\nc = 2\n', "b.c", (6, 1)),
        ('a = """x""""" # "\nb = 1\n', "b", (2, 1)),
        ("a = '''\n'''''\nb = 1\n", "b", (3, 1)),
        ('a = "\\"]"\nb = 1\n', "b", (2, 1)),
        ("a = '\\'\nb = 1\n", "b", (2, 1)),
        ("a = [\n  1, # ]\n  {b = 2},\n]\nc = 1\n", "a[1]", (2, 3)),
        ("a = [\n  1, # ]\n  {b = 2},\n]\nc = 1\n", "a[2].b", (3, 4)),
        ("a = [\n  1, # ]\n  {b = 2},\n]\nc = 1\n", "c", (5, 1)),
        ("a = 1979-05-27 07:32:00\nb = 1\n", "b", (2, 1)),
        ('"a b" = 1\n[ x . "\\u0079" ]\nz = 1\n', "x.y.z", (3, 1)),
        ('"a b" = 1\n[ x . "\\u0079" ]\nz = 1\n', "a b", (1, 1)),
        ("a = 1\r\n[b]\r\nc = 1\r\n", "b.c", (3, 1)),
        ("[a]\nb = 1\n", "a.missing", (1, 2)),
        ("[[a]]\nb = 1\n", "a[1].b[3].c", (2, 1)),
        ("a = 1", "b", None),
    ],
)
def test_the_place_of_a_key(text, key, place):
    assert tomllib.loads(text)
    assert Places(text).of(key) == place


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_key_of_a_shipped_scenario_stands_at_its_place(name):
    text = scenario_text(name)
    places, lines = Places(text), text.splitlines()
    for key, named in keys_of(tomllib.loads(text)):
        line, column = places.of(key)
        assert lines[line - 1][column - 1 :].startswith(named), key
