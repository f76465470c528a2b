"""Where the server's log goes: lines on stderr in one form, so that stdout holds only what scripts read."""

import io
import logging
import sys
from collections.abc import Sequence
from typing import Final, TextIO, cast

import structlog
from structlog.typing import Processor

from openoutcry.cli.process.log_rate import BoundedLines, LineRate, bounded_lines

_TIME_AND_LEVEL: Final[Sequence[Processor]] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


class _Stderr(io.TextIOBase):
    """Whatever `sys.stderr` is when a line comes: a progress bar takes its place, and keeps its own line free."""

    def write(self, text: str, /) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def log_to_stderr() -> None:
    """Configure the log of this process: ours from level `info`, that of libraries from `warning`.

    A line holds its time in UTC, its level, what happened, and key=value pairs.
    """
    stderr = cast("TextIO", _Stderr())
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        # The default also shows the values of variables, including keys of teams, and is slow.
        exception_formatter=structlog.dev.plain_traceback,
    )
    handler = logging.StreamHandler(stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[*_TIME_AND_LEVEL, structlog.stdlib.add_logger_name],
        )
    )
    rate = LineRate()
    handler.addFilter(BoundedLines(rate))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    structlog.configure(
        processors=[bounded_lines(rate), *_TIME_AND_LEVEL, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=stderr),
        cache_logger_on_first_use=True,
    )
