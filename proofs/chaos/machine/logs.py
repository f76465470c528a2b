"""What the exchange and the client log: errors are findings, the rest is not shown."""

import logging
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

import structlog

from proofs.chaos.machine.process import current_process

EXPECTED: Final = frozenset({"no command is taken"})
"""Errors that are the disk's and not the exchange's: its operator is told, as it should be."""

_libraries: Final = (logging.getLogger("openoutcry"), logging.getLogger("uvicorn.error"))
"""The client's log, and that of the server's WebSocket protocol."""


@contextmanager
def logs_watched(on_error: Callable[[str], None]) -> Iterator[None]:
    """Inside, `on_error` gets every logged error of a process that lives."""

    def heed(_logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        process = current_process()
        is_error = method in {"error", "critical"} and event["event"] not in EXPECTED
        if is_error and (process is None or process.alive):
            on_error(str(event))
        raise structlog.DropEvent

    configuration = structlog.get_config()
    structlog.configure(processors=[heed])
    handler, before = _Errors(on_error), [(logger.propagate, logger.level) for logger in _libraries]
    for logger in _libraries:
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        structlog.configure(**configuration)
        for logger, (logger.propagate, level) in zip(_libraries, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)


class _Errors(logging.Handler):
    """Those of the libraries. That a client's key is dead is the bot's affair, which has its own way of finding out."""

    def __init__(self, on_error: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._on_error = on_error

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        if "ended the event stream for good" not in text:
            self._on_error(text)
