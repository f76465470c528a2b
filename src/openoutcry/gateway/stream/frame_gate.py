"""Frames of a WebSocket wait here until they may be read, so that a chunk full of tiny frames is read in slices."""

from collections.abc import Generator

from websockets.protocol import Protocol
from websockets.streams import StreamReader


class FrameGate(StreamReader):
    """Replaces the library's reader, whose parser calls `at_eof` before each frame, and not within one."""

    def __init__(self) -> None:
        super().__init__()
        self.admitted = 0
        """How many more frames may begin. To be set before bytes are given to the parser."""

    @property
    def keeps_frames(self) -> bool:
        """Whether bytes wait that may begin a frame, but no frame may begin now."""
        return self.admitted == 0 and bool(self.buffer)

    def at_eof(self) -> Generator[None, None, bool]:
        while not (self.admitted and self.buffer):
            if self.eof and not self.buffer:
                return True
            yield
        self.admitted -= 1
        return False


def put_gate(protocol: Protocol) -> FrameGate:
    """Give a connection that has read nothing yet a closed gate."""
    gate = FrameGate()
    protocol.parser.close()
    protocol.reader = gate
    protocol.parser = protocol.parse()
    next(protocol.parser)
    return gate
