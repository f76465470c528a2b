"""What every message of the server has."""

from typing import ClassVar

from msgspec import Struct


class Message(Struct, tag_field="type", gc=False):
    """A message of the server on `/ws`."""

    type: ClassVar[str]
    """The message's name on the wire, its tag, by which a type checker knows the class."""
