"""Where the server's log goes: lines on stderr, key=value, so that stdout stays for what scripts read."""

import logging
import sys

import structlog

from openoutcry.cli.log_rate import BoundedLines, LineRate, bounded_lines


def log_to_stderr() -> None:
    """Settle the log of this process, ours and that of the libraries."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s [%(levelname)s] %(name)s: %(message)s"
    )
    rate = LineRate()
    for handler in logging.getLogger().handlers:
        handler.addFilter(BoundedLines(rate))
    structlog.configure(
        processors=[
            bounded_lines(rate),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
