"""Where the server's log goes: lines on stderr in one form, so that stdout holds only what scripts read."""

import logging
import sys
from collections.abc import Sequence
from typing import Final

import structlog
from structlog.typing import Processor

from openoutcry.cli.log_rate import BoundedLines, LineRate, bounded_lines

_TIME_AND_LEVEL: Final[Sequence[Processor]] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def log_to_stderr() -> None:
    """Configure the log of this process: ours from level `info`, that of libraries from `warning`.

    A line holds its time in UTC, its level, what happened, and key=value pairs.
    """
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        # The default also shows the values of variables, including keys of teams, and is slow.
        exception_formatter=structlog.dev.plain_traceback,
    )
    handler = logging.StreamHandler(sys.stderr)
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
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
