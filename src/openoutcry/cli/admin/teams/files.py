"""Files of teams to be created: columns `team_name`, `role`, `owner`, perhaps `nonce`, and a team in each line."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.cli.admin.trouble import UnusableFile
from openoutcry.protocol.requests import MAX_NAME, MAX_NONCE, CreateTeamRequest
from openoutcry.protocol.responses import TeamsData
from openoutcry.runtime.taken_names import looks_of, stored_form

COLUMNS: Final = ("team_name", "role", "owner")
WITH_NONCE: Final = (*COLUMNS, "nonce")
MOST_FAULTS: Final = 20
"""Faults of a file that are told at once."""

_NAME: Final = f"1 to {MAX_NAME} visible characters, with single spaces between words"
_NONCE: Final = f"1 to {MAX_NONCE} characters of ASCII without spaces"


class Entry(Struct, frozen=True):
    """One team of the file. `owner` None: nobody else's. `nonce` None: no part in the seeds of sessions."""

    line: int
    team_name: str
    role: str
    owner: str | None
    nonce: str | None


def read_teams(path: Path) -> list[Entry]:
    """The teams in the file. Raises `UnusableFile`, naming every line that is none, and `OSError`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = [name.strip() for name in next(rows, [])]
            if sorted(header) not in (sorted(COLUMNS), sorted(WITH_NONCE)):
                raise UnusableFile(
                    f"{path}:1: the first line must name the columns {','.join(COLUMNS)}, or {','.join(WITH_NONCE)},"
                    f" not {','.join(header)!r}"
                )
            entries, faults = [], []
            for row in rows:
                if not any(row):
                    continue
                if len(row) != len(header):
                    faults.append(f"{path}:{rows.line_num}: {len(row)} values in place of {len(header)}")
                    continue
                entry, fault = _entry(rows.line_num, dict(zip(header, row, strict=True)))
                entries.append(entry)
                if fault is not None:
                    faults.append(f"{path}:{rows.line_num}: {fault}")
    except (csv.Error, UnicodeDecodeError) as error:
        raise UnusableFile(f"{path}: this is not a CSV file in UTF-8 ({error})") from None
    _raise(faults)
    if not entries:
        raise UnusableFile(f"{path}: there is no team in it")
    return entries


def missing_teams(path: Path, entries: Iterable[Entry], there: TeamsData) -> list[Entry]:
    """The teams that are to be created, in the order of the file.

    Raises `UnusableFile` for every line that the exchange would refuse, or that tells otherwise of a team there is.
    """
    known = {team.team_name: team for team in there.teams}
    names, owners = _Looks(known), _Looks(team.owner for team in there.teams if team.owner is not None)
    missing, faults = [], []
    for entry in entries:
        team = known.get(entry.team_name)
        like, owner_like = names.other_than(entry.team_name), owners.other_than(entry.owner or "")
        if entry.role not in there.roles:
            faults.append(f"{path}:{entry.line}: role: {entry.role!r} is none of {', '.join(there.roles)}")
        elif team is not None and (team.role, team.owner) != (entry.role, entry.owner):
            faults.append(
                f"{path}:{entry.line}: {entry.team_name!r} is {team.team_id} already, as {team.role} of"
                f" {team.owner or 'nobody else'}"
            )
        elif like is not None:
            faults.append(f"{path}:{entry.line}: team_name: {entry.team_name!r} looks like {like!r}")
        elif owner_like is not None:
            faults.append(f"{path}:{entry.line}: owner: {entry.owner!r} looks like {owner_like!r}")
        elif team is None:
            missing.append(entry)
        names.add(entry.team_name)
        owners.add(entry.owner or "")
    faults += _repeated(path, entries)
    _raise(faults)
    return missing


class _Looks:
    """Names by what they look like."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        for look in looks_of(name) if name else ():
            self._names.setdefault(look, name)

    def other_than(self, name: str) -> str | None:
        """Another name that `name` looks like."""
        found = [self._names[look] for look in sorted(looks_of(name)) if look in self._names] if name else []
        return None if name in found else next(iter(found), None)


def _entry(line: int, row: dict[str, str]) -> tuple[Entry, str | None]:
    """A line's team, and what is wrong with it."""
    values = {name: stored_form(row.get(name, "").strip()) for name in WITH_NONCE}
    entry = Entry(line, values["team_name"], values["role"], values["owner"] or None, values["nonce"] or None)
    for name, value in values.items():
        given = {"team_name": "x", "role": "x"} | ({name: value} if value or name not in ("owner", "nonce") else {})
        try:
            msgspec.convert(given, CreateTeamRequest)
        except msgspec.ValidationError:
            return entry, f"{name}: {value!r} has not {_NONCE if name == 'nonce' else _NAME}"
    return entry, None


def _repeated(path: Path, entries: Iterable[Entry]) -> list[str]:
    lines: dict[str, int] = {}
    faults = []
    for entry in entries:
        first = lines.setdefault(entry.team_name, entry.line)
        if first != entry.line:
            faults.append(f"{path}:{entry.line}: team_name: {entry.team_name!r} stands in line {first} already")
    return faults


def _raise(faults: list[str]) -> None:
    if faults:
        more = [f"and {len(faults) - MOST_FAULTS} more"] if len(faults) > MOST_FAULTS else []
        raise UnusableFile("\n".join(["no team was created:", *faults[:MOST_FAULTS], *more]))
