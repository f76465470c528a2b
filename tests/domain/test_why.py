"""Who gave an organiser's command, and why: in the journal's bytes, and absent from those of before."""

import msgspec
import pytest

from openoutcry.domain import commands
from openoutcry.domain.commands import Command, Why

WITHOUT_A_WHY = [
    ["set_phase", "closed"],
    ["halt_instrument", "SPY"],
    ["resume_instrument", "SPY"],
    ["suspend_team", 1],
    ["reinstate_team", 1],
    ["rotate_key", 1, b"a hash"],
    ["register_team", "alpha", "retail", b"a hash"],
    ["register_team", "alpha", "retail", b"a hash", "owner"],
]
"""As journals of before have them."""


@pytest.mark.parametrize("before", WITHOUT_A_WHY, ids=lambda array: array[0])
def test_a_command_of_before_is_given_by_nobody(before):
    command = msgspec.msgpack.decode(msgspec.msgpack.encode(before), type=Command)
    assert command.why is None
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(command), type=Command) == command


@pytest.mark.parametrize("why", [Why("Ann", "Rehearsal"), Why(None, "Rehearsal"), Why("Ann"), Why()])
def test_who_and_why_are_kept(why):
    for command in (commands.SetPhase("closed", why), commands.RotateKey(1, b"a hash", why)):
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(command), type=Command) == command


def test_it_is_the_last_field_wherever_it_is_one():
    kinds = [kind for kind in commands.__dict__.values() if isinstance(kind, type) and hasattr(kind, "why")]
    assert len(kinds) >= 7
    assert {kind.__struct_fields__[-1] for kind in kinds} == {"why"}
