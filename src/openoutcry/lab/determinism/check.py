"""Finds bots that use wall time or chance of their own: a match is played twice, with other clocks and hash seeds."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from openoutcry.client.bot.bot import Bot
from openoutcry.lab.determinism.unsteady import unsteady_lines
from openoutcry.lab.entrants import Entrant, Playable
from openoutcry.lab.isolation.limits import Limits
from openoutcry.lab.isolation.messages import (
    Action,
    Answered,
    Asked,
    Begin,
    End,
    Hearing,
    Messages,
    StopAsked,
    Subscribed,
    TimerSet,
    Turn,
)
from openoutcry.lab.isolation.processes import Isolation
from openoutcry.lab.isolation.questions import unpacked
from openoutcry.lab.isolation.trail import Deed, Trail
from openoutcry.lab.match import run_match
from openoutcry.lab.results.result import MatchResult

SHIFT_SECONDS: Final = 112_358.13
"""By how much the clocks of the second match are ahead: another weekday, hour, minute and second."""


class Difference(Struct, frozen=True, kw_only=True):
    """Where a bot was told the same in both matches, and first did something else."""

    bot: str
    """Its name."""
    market_time: str | None
    """None: before the market had a time."""
    told: str
    """What it was told: a message in JSON, or words."""
    first: str
    """What it did in the first match."""
    second: str
    lines: tuple[str, ...]
    """Lines of its file that read a clock, draw a number, or make a set."""

    def __str__(self) -> str:
        lines = [
            f"{self.bot} does something else when the same match is played with another clock and hash seed",
            f"  market time   {self.market_time or 'none yet'}",
            f"  told          {self.told}",
            f"  first match   it {self.first}",
            f"  second match  it {self.second}",
        ]
        if self.lines:
            lines += ["  lines of its file that may make the difference:", *(f"    {each}" for each in self.lines)]
        return "\n".join(lines)


class Check(Struct, frozen=True):
    result: MatchResult
    """Of the first match."""
    differences: tuple[Difference, ...]
    """One for each bot that differs, in the order of the bots."""

    @property
    def is_sound(self) -> bool:
        return not self.differences


def check(
    bots: Playable | Iterable[Playable],
    *arguments: Any,
    play: Callable[..., MatchResult] = run_match,
    limits: Limits | None = None,
    **options: Any,
) -> Check:
    """Play a match of these arguments twice, with each bot in a process of its own. `play`: `run_match`, or
    `run_against`.

    A bot that differs only because another one did is not named. Chance can come out the same twice: that no bot is
    named proves nothing of matches that were not played. Raises as `play`.
    """
    playing = [bots] if isinstance(bots, Entrant | Bot | Path | str | type) else list(bots)
    with ExitStack() as opened:
        matches: list[tuple[MatchResult, list[Trail]]] = []
        for hash_seed, shift in ((1, 0.0), (2, SHIFT_SECONDS)):
            trails: list[Trail] = []
            opened.callback(_close, trails)
            isolation = Isolation(
                limits=limits or Limits(), hash_seed=hash_seed, clock_shift_seconds=shift, trails=trails
            )
            matches.append((play(playing, *arguments, isolated=isolation, **options), trails))
        (result, first), (_, second) = matches
        found = (_difference(bot.name, one, other) for bot, one, other in zip(result.bots, first, second, strict=True))
        return Check(result, tuple(each for each in found if each is not None))


def _close(trails: list[Trail]) -> None:
    for trail in trails:
        trail.close()


def _difference(bot: str, first: Trail, second: Trail) -> Difference | None:
    for one, other in zip_longest(first.steps(), second.steps()):
        if one is None or other is None or one.happened != other.happened:
            return None  # what it does from here on follows from what it is told
        for did, did_then in zip_longest(_deeds(one.deed), _deeds(other.deed)):
            if did != did_then:
                deed, acted = one.deed or other.deed, did or did_then
                assert deed is not None and acted is not None  # noqa: S101, PT018 - one of the two
                return Difference(
                    bot=bot,
                    market_time=deed.market_time,
                    told=_told(deed.turn, acted[0]),
                    first=_words(did),
                    second=_words(did_then),
                    lines=unsteady_lines(Path(first.file)),
                )
    return None


def _deeds(deed: Deed | None) -> list[tuple[int, Action]]:
    """Each with the place of the message that the bot was being told, among those of the turn."""
    deeds: list[tuple[int, Action]] = []
    place = -1
    for action in () if deed is None else deed.actions:
        if isinstance(action, Hearing):
            place = action.place
        else:
            deeds.append((place, action))
    return deeds


def _told(turn: Turn, place: int) -> str:
    match turn.happening:
        case Messages(messages):
            return messages[place].decode()
        case Answered(number, verdict):
            return f"the verdict on its question {number}: {msgspec.json.encode(verdict).decode()}"
        case Begin():
            return "that it begins (on_start)"
        case End():
            return "that it ends (on_stop)"
        case _:
            return "that a timer of its own has rung"


def _words(deed: tuple[int, Action] | None) -> str:
    match None if deed is None else deed[1]:
        case None:
            return "did nothing, or no more"
        case Asked(_, question):
            return f"asked {msgspec.json.encode(unpacked(question)).decode()}"
        case TimerSet(_, seconds):
            return f"set a timer of {seconds} seconds"
        case StopAsked(reason):
            return f"stopped: {reason}"
        case Subscribed(channels):
            return f"subscribed to {', '.join(channels)}"
        case action:
            return f"did {type(action).__name__}"
