"""Segment files: their names, their first bytes, their header.

A segment has its final name once the one before it is whole on the disk. Until then its name is provisional. So a torn
segment can be told from a damaged one: of the segments with final names only the last can be torn by a loss of power.
"""

import re
import shlex
from pathlib import Path
from typing import Final

import msgspec

from openoutcry.journal.framing import frame, whole_frames
from openoutcry.journal.records import READABLE_FORMATS, SegmentHeader

MAGIC: Final = b"OUTCRY\r\n"
"""The first bytes of every segment. The line end shows if a copy was converted as text."""

DEFAULT_SEGMENT_BYTES: Final = 4 * 1024 * 1024
"""Size in bytes past which the writer seals a segment and begins a new one: about 40,000 commands. A snapshot is made
of sealed segments, so this bounds what a start has to replay."""

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
    """A segment is sound, but in a format that this version of the program does not read."""


class _AnyHeader(msgspec.Struct, array_like=True):
    format_version: int


def segment_path(directory: Path, number: int) -> Path:
    return directory / f"{number:08d}.segment"


def provisional_path(directory: Path, number: int) -> Path:
    return directory / f"{number:08d}.provisional"


def list_segments(directory: Path) -> list[tuple[int, Path]]:
    """Number and path of each segment in `directory` with a final name, in order; none without such a directory."""
    return _list(directory, _NAME)


def list_provisional(directory: Path) -> list[tuple[int, Path]]:
    """The same for provisional segments; a server leaves at most one."""
    return _list(directory, _PROVISIONAL_NAME)


def _list(directory: Path, name: re.Pattern[str]) -> list[tuple[int, Path]]:
    if not directory.is_dir():
        return []
    names = ((name.fullmatch(path.name), path) for path in directory.iterdir())
    return sorted((int(match[1]), path) for match, path in names if match)


def segment_start(header: SegmentHeader) -> bytes:
    """The first bytes of a new segment, with its header."""
    return MAGIC + frame(_ENCODER.encode(header))


def read_header(data: memoryview, path: Path, *, in_last_segment: bool) -> tuple[SegmentHeader, int] | None:
    """A segment's header and where it ends; None if a crash has left no whole header.

    Raises `JournalFormat` for a format that this version does not read, and `JournalCorrupt` if this is no segment.
    """
    if bytes(data[: len(MAGIC)]) != MAGIC[: len(data)]:
        if in_last_segment and MAGIC.startswith(bytes(data).rstrip(b"\0")):
            return None  # begun just before power was lost: the disk has its size, but not its bytes
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
