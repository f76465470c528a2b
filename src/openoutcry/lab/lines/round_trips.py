"""Reads round trips that were measured, in milliseconds, from a JSON, CSV or Parquet file."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from openoutcry.lab.results.extra import require_polars

COLUMN: Final = "round_trip_ms"
"""The column of a table, or the key of a JSON object, that holds them. A file of one column may call it anything."""


def read_round_trips(path: Path) -> Sequence[float]:
    """Raises `ValueError` with a sentence if there is no such file, or it holds none."""
    try:
        match path.suffix.lower():
            case ".json":
                return _json(path)
            case ".csv":
                return _csv(path)
            case ".parquet":
                return _parquet(path)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}") from None
    raise ValueError(
        f"{path} is no latency: it is milliseconds such as 5, lognormal:5,0.5, or a .json, .csv or .parquet file"
    )


def _json(path: Path) -> list[float]:
    content = path.read_bytes()
    try:
        return msgspec.json.decode(content, type=list[float])
    except msgspec.DecodeError:
        pass
    try:
        return msgspec.json.decode(content, type=dict[str, list[float] | None])[COLUMN] or []
    except (msgspec.DecodeError, KeyError):
        raise ValueError(f"{path} must be a list of milliseconds, or an object with such a list as {COLUMN}") from None


def _csv(path: Path) -> list[float]:
    with path.open(newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    heading = rows[0] if rows else []
    place = heading.index(COLUMN) if COLUMN in heading else 0
    if len(heading) != 1 and COLUMN not in heading:
        raise ValueError(f"{path} has no column {COLUMN}: it has {', '.join(heading) or 'none'}")
    if not _is_number(heading[place]):
        rows = rows[1:]
    try:
        return [float(row[place]) for row in rows]
    except (ValueError, IndexError):
        raise ValueError(f"{path}: column {place + 1} holds something that is no number of milliseconds") from None


def _parquet(path: Path) -> list[float]:
    require_polars()
    import polars as pl  # noqa: PLC0415 - it is an extra

    frame = pl.read_parquet(path)
    name = COLUMN if COLUMN in frame.columns or len(frame.columns) != 1 else frame.columns[0]
    if name not in frame.columns:
        raise ValueError(f"{path} has no column {COLUMN}: it has {', '.join(frame.columns) or 'none'}")
    return [float(each) for each in frame[name].drop_nulls()]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
