"""Clocks that are wrong on purpose, so that a bot that looks at them does something else."""

import datetime as dt
import time
from collections.abc import Callable
from datetime import date as _Date  # noqa: N812 - the true ones, whatever the module's names stand for later
from datetime import datetime as _Datetime  # noqa: N812 - likewise
from typing import Any, Final

_SECOND_NS: Final = 1_000_000_000
_OF_SECONDS: Final = ("time", "monotonic", "perf_counter", "process_time", "thread_time")
_OF_NOW: Final = ("localtime", "gmtime", "ctime")
"""Functions of an instant in seconds, of the present one if they are given none."""


def shift_clocks(seconds: float) -> None:
    """Let all clocks that code imported from now on can read be ahead by so many seconds. For the whole process."""
    for name in _OF_SECONDS:
        setattr(time, name, _shifted(getattr(time, name), seconds))
        setattr(time, f"{name}_ns", _shifted(getattr(time, f"{name}_ns"), round(seconds * _SECOND_NS)))
    now = time.time
    for name in _OF_NOW:
        setattr(time, name, _of_shifted_now(getattr(time, name), now))
    time.strftime = _with_shifted_now(time.strftime, time.localtime)
    _shift_dates(dt.timedelta(seconds=seconds))


def _shifted(clock: Callable[[], Any], by: float) -> Callable[[], Any]:
    return lambda: clock() + by


def _of_shifted_now(told: Callable[[float], Any], now: Callable[[], float]) -> Callable[..., Any]:
    return lambda seconds=None: told(now() if seconds is None else seconds)


def _with_shifted_now(strftime: Callable[..., str], now: Callable[[], Any]) -> Callable[..., str]:
    return lambda form, at=None, /: strftime(form, now() if at is None else at)


def _shift_dates(by: dt.timedelta) -> None:
    class OfAnyKind(type):
        """Dates that other code has made are dates too."""

        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, _Datetime if issubclass(cls, _Datetime) else _Date)

        def __subclasscheck__(cls, kind: type) -> bool:
            return type.__subclasscheck__(_Datetime if _Datetime in cls.__mro__ else _Date, kind)

    class Datetime(_Datetime, metaclass=OfAnyKind):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return _Datetime.now(tz) + by

        @classmethod
        def utcnow(cls) -> Any:
            return _Datetime.now(dt.UTC).replace(tzinfo=None) + by

        @classmethod
        def today(cls) -> Any:
            return _Datetime.now() + by  # noqa: DTZ005 - as the function that it stands for

    class Date(_Date, metaclass=OfAnyKind):
        @classmethod
        def today(cls) -> Any:
            return (_Datetime.now() + by).date()  # noqa: DTZ005 - likewise

    Datetime.__name__ = Datetime.__qualname__ = "datetime"
    Date.__name__ = Date.__qualname__ = "date"
    dt.datetime, dt.date = Datetime, Date  # type: ignore[misc]  # this is what it is for
