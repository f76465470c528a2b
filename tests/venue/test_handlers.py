"""Every command has exactly one handler, and each handler serves one command."""

from typing import get_args

from openoutcry.domain.commands import Command
from openoutcry.venue.handlers.table import CARRY_OUT, HANDLERS, JUDGE


def test_the_table_holds_every_command_once_and_nothing_else():
    commands = [handler.command for handler in HANDLERS]
    assert sorted(commands, key=str) == sorted(get_args(Command), key=str)


def test_a_command_is_judged_and_carried_out_by_its_own_handler():
    for handler in HANDLERS:
        assert JUDGE[handler.command] is handler.judge
        assert CARRY_OUT[handler.command] is handler.carry_out
