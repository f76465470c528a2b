"""Segment files: their names, their first bytes, their header.

A segment has a name of its own once the one before it is whole on the disk. Until then its name is provisional, so that
what the loss of power has torn is told from damage: of the segments with names of their own only the last can be torn.
"""

import re
import shlex
from pathlib import Path
from typing import Final

import msgspec

from openoutcry.journal.framing import frame, whole_frames
from openoutcry.journal.records import READABLE_FORMATS, SegmentHeader

MAGIC: Final = b"OUTCRY\r\n"
"""What every segment starts with. The line end shows a copy that was changed as if it were text."""

DEFAULT_SEGMENT_BYTES: Final = 4 * 1024 * 1024
"""Size past which the writer seals a segment and goes on in a new one: about 40,000 commands. A snapshot is made of
sealed segments, so this bounds what a start has to replay."""

_NAME: Final = re.compile(r"([0-9]{8})\.segment")
_PROVISIONAL_NAME: Final = re.compile(r"([0-9]{8})\.provisional")
_ENCODER: Final = msgspec.msgpack.Encoder()


class JournalCorrupt(Exception):  # noqa: N818 - a state of the journal, named for what it means
    """The journal cannot be read past a place; the text names file and byte, and says what to do."""

    def __init__(self, path: Path, offset: int, problem: str, *, in_last_segment: bool) -> None:
        repair = f"openoutcry verify {shlex.quote(str(path.parent.parent))} --repair-tail"
        super().__init__(
            f"{path}, byte {offset}: {problem}. Restore this file from a copy. Without one, what stands before"
            " that byte can still be used: keep a copy of the directory,"
            + ("" if in_last_segment else " move later segments out of it,")
            + f" and run: {repair} (it cuts the journal there and lists what is lost)"
        )
        self.path = path
        self.offset = offset
        self.in_last_segment = in_last_segment


class JournalFormat(Exception):  # noqa: N818 - a state of the journal, named for what it means
    """A segment is sound but written in another format than this version of the program reads."""


class _AnyHeader(msgspec.Struct, array_like=True):
    format_version: int


def segment_path(directory: Path, number: int) -> Path:
    return directory / f"{number:08d}.segment"


def provisional_path(directory: Path, number: int) -> Path:
    return directory / f"{number:08d}.provisional"


def list_segments(directory: Path) -> list[tuple[int, Path]]:
    """Number and path of every segment in `directory` that has its own name, in order; none where there is no such
    directory.
    """
    return _list(directory, _NAME)


def list_provisional(directory: Path) -> list[tuple[int, Path]]:
    """The same of those whose names are provisional: a server leaves one at most."""
    return _list(directory, _PROVISIONAL_NAME)


def _list(directory: Path, name: re.Pattern[str]) -> list[tuple[int, Path]]:
    if not directory.is_dir():
        return []
    names = ((name.fullmatch(path.name), path) for path in directory.iterdir())
    return sorted((int(match[1]), path) for match, path in names if match)


def segment_start(header: SegmentHeader) -> bytes:
    """The bytes that a new segment begins with."""
    return MAGIC + frame(_ENCODER.encode(header))


def read_header(data: memoryview, path: Path, *, in_last_segment: bool) -> tuple[SegmentHeader, int] | None:
    """A segment's header and where it ends; None where a crash has left no whole one.

    Raises `JournalFormat` where the format is one that this version does not read, `JournalCorrupt` where this is no
    segment.
    """
    if bytes(data[: len(MAGIC)]) != MAGIC[: len(data)]:
        if in_last_segment and MAGIC.startswith(bytes(data).rstrip(b"\0")):
            return None  # begun just before the power was lost: its size is on the disk, its bytes are not
        problem = "this is no journal segment: the first bytes are not a segment's"
        raise JournalCorrupt(path, 0, problem, in_last_segment=in_last_segment)
    end, payload = next(whole_frames(data, len(MAGIC)), (0, None))
    if payload is None:
        return None
    try:
        version = msgspec.msgpack.decode(payload, type=_AnyHeader).format_version
        if version not in READABLE_FORMATS:
            raise JournalFormat(
                f"{path} is written in journal format {version}; this version of openoutcry reads"
                f" {' and '.join(f'format {each}' for each in sorted(READABLE_FORMATS))}: use the version that wrote it"
            )
        return msgspec.msgpack.decode(payload, type=SegmentHeader), end
    except msgspec.DecodeError as error:
        problem = f"the header cannot be read ({error})"
        raise JournalCorrupt(path, len(MAGIC), problem, in_last_segment=in_last_segment) from error
