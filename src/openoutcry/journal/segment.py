"""Segment files: their names, their first bytes, their header."""

import re
from pathlib import Path
from typing import Final

import msgspec

from openoutcry.journal.framing import frame, whole_frames
from openoutcry.journal.records import FORMAT_VERSION, SegmentHeader

MAGIC: Final = b"OUTCRY\r\n"
"""What every segment starts with. The line end shows a copy that was changed as if it were text."""

DEFAULT_SEGMENT_BYTES: Final = 64 * 1024 * 1024
"""Size past which the writer goes on in a new segment."""

_NAME: Final = re.compile(r"([0-9]{8})\.segment")
_ENCODER: Final = msgspec.msgpack.Encoder()


class JournalCorrupt(Exception):  # noqa: N818 - a state of the journal, named for what it means
    """The journal cannot be read past a place; the text names file and byte, and says what to do."""

    def __init__(self, path: Path, offset: int, problem: str) -> None:
        super().__init__(
            f"{path}, byte {offset}: {problem}. Restore this file from a copy. Without one, what stands before"
            " that byte can still be used: keep a copy of the directory, move later segments out of it, and cut"
            f" this file there: truncate -s {offset} {path.name}"
        )
        self.path = path
        self.offset = offset


class JournalFormat(Exception):  # noqa: N818 - a state of the journal, named for what it means
    """A segment is sound but written in another format than this version of the program reads."""


class _AnyHeader(msgspec.Struct, array_like=True):
    format_version: int


def segment_path(directory: Path, number: int) -> Path:
    return directory / f"{number:08d}.segment"


def list_segments(directory: Path) -> list[tuple[int, Path]]:
    """Number and path of every segment in `directory`, in order; empty where there is no such directory."""
    if not directory.is_dir():
        return []
    names = ((_NAME.fullmatch(path.name), path) for path in directory.iterdir())
    return sorted((int(match[1]), path) for match, path in names if match)


def segment_start(header: SegmentHeader) -> bytes:
    """The bytes that a new segment begins with."""
    return MAGIC + frame(_ENCODER.encode(header))


def read_header(data: memoryview, path: Path) -> tuple[SegmentHeader, int] | None:
    """A segment's header and where it ends; None where no whole header stands.

    Raises `JournalFormat` where the format is another version's, `JournalCorrupt` where this is no segment.
    """
    if bytes(data[: len(MAGIC)]) != MAGIC[: len(data)]:
        raise JournalCorrupt(path, 0, "this is no journal segment: the first bytes are not a segment's")
    end, payload = next(whole_frames(data, len(MAGIC)), (0, None))
    if payload is None:
        return None
    try:
        version = msgspec.msgpack.decode(payload, type=_AnyHeader).format_version
        if version != FORMAT_VERSION:
            raise JournalFormat(
                f"{path} is written in journal format {version}; this version of openoutcry reads"
                f" format {FORMAT_VERSION}: use the version that wrote it"
            )
        return msgspec.msgpack.decode(payload, type=SegmentHeader), end
    except msgspec.DecodeError as error:
        raise JournalCorrupt(path, len(MAGIC), f"the header cannot be read ({error})") from error
