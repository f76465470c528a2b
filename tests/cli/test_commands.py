"""The other commands, and what every command says about itself."""

import subprocess

import pytest
import typer
from rich.text import Text
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS

from openoutcry import __version__
from openoutcry.cli.application import application
from openoutcry.scenarios.loader import load_scenario, shipped_scenarios


def openoutcry(*arguments):
    return subprocess.run(
        [*OPENOUTCRY, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )


@pytest.mark.parametrize("command", ["serve", "demo", "replay", "scenario", "version"])
def test_every_command_is_listed_and_explains_itself(command):
    assert command in openoutcry("--help").stdout
    result = openoutcry(command, "--help")
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_the_exit_codes_are_part_of_the_help():
    text = " ".join(openoutcry("serve", "--help").stdout.split())
    assert "3 scenario refused" in text
    assert "[server] is not installed" in text


def texts_of(command):
    """Of the help of a command, its options and its subcommands."""
    yield from (command.help, command.short_help, command.epilog)
    yield from (getattr(parameter, "help", None) for parameter in command.params)
    for subcommand in getattr(command, "commands", {}).values():
        yield from texts_of(subcommand)


def test_brackets_of_a_help_text_are_shown():
    """What is not escaped is taken for a style, and is lost."""
    texts = [text for text in texts_of(typer.main.get_command(application)) if text is not None]
    assert len(texts) > 100
    assert [text for text in texts if Text.from_markup(text).plain.count("[") != text.count("[")] == []


def test_without_a_command_the_help_is_shown():
    result = openoutcry()
    assert result.returncode == 2
    assert "Usage" in result.stdout + result.stderr


def test_version_says_the_version():
    assert openoutcry("version").stdout.startswith(f"openoutcry {__version__} (Python 3.")
    assert openoutcry("--version").stdout == openoutcry("version").stdout


@pytest.mark.parametrize("name", shipped_scenarios())
def test_scenario_check_passes_what_ships(name):
    result = openoutcry("scenario", "check", name)
    assert result.returncode == 0
    assert load_scenario(name).hash in result.stdout


def test_scenario_check_names_what_is_wrong(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\ntitel = "x"\n', encoding="utf-8")
    result = openoutcry("scenario", "check", path)
    assert result.returncode == 3
    assert result.stderr == (
        f"openoutcry: {path}: these keys are missing: registration, instruments\n"
        f"{path}:2:1: titel: no such key; did you mean 'title'?\n"
    )


def test_a_shipped_scenario_can_be_printed_to_begin_with(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(openoutcry("scenario", "show", "demo").stdout, encoding="utf-8")
    assert load_scenario(path) == load_scenario("demo")


def test_a_scenario_that_does_not_ship_cannot_be_printed():
    result = openoutcry("scenario", "show", "nope")
    assert (result.returncode, result.stdout) == (3, "")
    assert "demo, intern, intern_fast, match, orderflow, seed" in result.stderr
    assert "did you mean 'intern'?" in openoutcry("scenario", "check", "interm").stderr


def test_scenario_check_names_some_of_many_instruments_and_counts_them(tmp_path):
    path = tmp_path / "many.toml"
    tables = "".join(f'[[instruments]]\nsymbol = "S{number}"\n' for number in range(1_000))
    path.write_text(f'name = "many"\ntitle = "x"\n[registration]\nopen = true\n{tables}', encoding="utf-8")
    printed = openoutcry("scenario", "check", path).stdout
    assert "instruments  1000: S0, S1" in printed
    assert "S19 and 980 more" in printed
    assert len(printed) < 2_000


def test_scenario_list_names_what_ships():
    listed = openoutcry("scenario", "list").stdout
    assert [line.split()[0] for line in listed.splitlines()] == shipped_scenarios()
