"""Where the frames of a WebSocket wait until they may be read, so that a chunk full of tiny ones is read in slices."""

from collections.abc import Generator

from websockets.protocol import Protocol
from websockets.streams import StreamReader


class FrameGate(StreamReader):
    """Stands in the place of the library's reader, whose parser asks `at_eof` before each frame, and not within one."""

    def __init__(self) -> None:
        super().__init__()
        self.admitted = 0
        """Frames that may be begun; each that is takes one off. To be set before bytes are given to the parser."""

    @property
    def keeps_frames(self) -> bool:
        """Whether bytes wait that may be the beginning of a frame, and none may be begun."""
        return self.admitted == 0 and bool(self.buffer)

    def at_eof(self) -> Generator[None, None, bool]:
        while not (self.admitted and self.buffer):
            if self.eof and not self.buffer:
                return True
            yield
        self.admitted -= 1
        return False


def put_gate(protocol: Protocol) -> FrameGate:
    """Give a connection that has read nothing yet a gate, which is shut."""
    gate = FrameGate()
    protocol.parser.close()
    protocol.reader = gate
    protocol.parser = protocol.parse()
    next(protocol.parser)
    return gate
