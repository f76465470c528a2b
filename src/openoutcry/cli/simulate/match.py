"""Plays a match of bots from the command line, and again whenever their files change, if they are watched."""

import asyncio
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import typer
from msgspec import Struct
from rich.console import Console

from openoutcry.cli.bot.logs import log_bots
from openoutcry.cli.bot.summary import show_summaries
from openoutcry.cli.bot.trouble import BotFailed
from openoutcry.cli.bot.watching import Watched, may_mend
from openoutcry.cli.exit_codes import ExitCode
from openoutcry.cli.failures import Failure, failures_told
from openoutcry.cli.process.interrupts import Interrupts, interrupts_end_cleanly, say_last
from openoutcry.cli.progress import match_bar
from openoutcry.cli.score.tables import printer
from openoutcry.cli.simulate.days import date_of
from openoutcry.client.bot.files.loading import BotFileError, LoadedBot, load_bot_file
from openoutcry.lab.against import run_against
from openoutcry.lab.determinism.check import check
from openoutcry.lab.entrants import Entrant, NotPlayable, Playable
from openoutcry.lab.lines.latency import DEFAULT, LatencyModel, latency_of
from openoutcry.lab.match import run_match
from openoutcry.lab.results.result import MatchResult
from openoutcry.lab.session import SimulationFailed, plan_of, shortened
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import Scenario

T = TypeVar("T")


class Settings(Struct, frozen=True, kw_only=True):
    """The command line's options, as they were written."""

    bots: tuple[str, ...]
    scenario: str | None
    """None: that of `against`."""
    seed: int
    date: str | None
    out: Path | None
    seconds: int | None
    speed: str
    latency: str | None
    against: Path | None
    watch: bool
    isolated: bool
    check: bool


class Table(Struct, frozen=True, kw_only=True):
    """What a match is played by."""

    scenario: Scenario | None
    latency: LatencyModel
    speed: float | None


def simulate_match(settings: Settings) -> None:
    stderr = Console(stderr=True)
    log_bots(stderr)
    if settings.watch and settings.out is not None:
        raise typer.BadParameter("each match would need a directory of its own", param_hint="--watch with --out")
    table = Table(
        scenario=_scenario(settings),
        latency=DEFAULT
        if settings.latency is None
        else _option("--latency", lambda: latency_of(str(settings.latency))),
        speed=None if settings.speed == "max" else _option("--speed", lambda: _speed(settings.speed)),
    )
    with failures_told(), interrupts_end_cleanly(ExitCode.FAILED) as interrupts:
        if settings.watch:
            _watch(settings, table, interrupts)
            return
        if settings.check:
            _check(settings, table, interrupts)
            return
        if settings.out is not None:
            DataDirectory(settings.out).check_new()
        loaded = [] if settings.isolated else [load_bot_file(bot) for bot in settings.bots]
        result = _play(settings, table, loaded, interrupts)
        _tell(settings, result)


def _scenario(settings: Settings) -> Scenario | None:
    if settings.against is not None:
        for given, option in (
            (settings.date is not None, "--date"),
            (settings.seconds is not None, "--seconds"),
            (settings.speed != "max", "--speed"),
        ):
            if given:
                raise typer.BadParameter("a recording is played as it was", param_hint=option)
    if settings.scenario is None:
        return None
    with failures_told():
        loaded = load_scenario(settings.scenario)
        plan_of(loaded)
    if settings.date is not None:
        date_of(settings.date)
    seconds = settings.seconds
    return loaded if seconds is None else _option("--seconds", lambda: shortened(loaded, seconds))


def _play(settings: Settings, table: Table, loaded: list[LoadedBot], interrupts: Interrupts) -> MatchResult:
    """The first Ctrl-C ends the match, the next one a bot that hangs in it."""
    playing: list[Playable] = list(settings.bots) if settings.isolated else [Entrant(each.make()) for each in loaded]
    begun = interrupts.count
    interrupts.only_count(begun + 1)
    try:
        with match_bar() as show:
            if settings.against is not None:
                return run_against(
                    playing,
                    settings.against,
                    settings.seed,
                    scenario=table.scenario,
                    latency=table.latency,
                    out=settings.out,
                    isolated=settings.isolated,
                    on_stuck=_end_at_once,
                    on_progress=show,
                    must_end=lambda: interrupts.count > begun,
                )
            assert table.scenario is not None  # noqa: S101 - only a recording brings its own
            return run_match(
                playing,
                table.scenario,
                settings.seed,
                date=settings.date,
                latency=table.latency,
                speed=table.speed,
                out=settings.out,
                isolated=settings.isolated,
                on_stuck=_end_at_once,
                on_progress=show,
                must_end=lambda: interrupts.count > begun,
            )
    except SimulationFailed as failed:
        raise Failure(str(failed)) from None
    except KeyboardInterrupt as interrupt:
        raise BotFailed(_hanging(interrupt, loaded)) from None


def _end_at_once(text: str) -> None:
    """Called in another thread than the match's, which nothing can end."""
    say_last(f"the match is ended at once, and has no result: {text}")
    os._exit(ExitCode.BOT)


def _check(settings: Settings, table: Table, interrupts: Interrupts) -> None:
    """Play the match twice, and name who did not do the same."""
    for given, option in (
        (settings.out is not None, "--out"),
        (settings.watch, "--watch"),
        (settings.speed != "max", "--speed"),
    ):
        if given:
            raise typer.BadParameter(
                "a check plays the match twice and keeps nothing", param_hint=f"--check with {option}"
            )
    interrupts.only_count()
    with match_bar() as show:
        match: dict[str, Any] = {
            "latency": table.latency,
            "on_progress": show,
            "must_end": lambda: interrupts.count > 0,
        }
        if settings.against is not None:
            checked = check(
                settings.bots, settings.against, settings.seed, play=run_against, scenario=table.scenario, **match
            )
        else:
            checked = check(settings.bots, table.scenario, settings.seed, date=settings.date, **match)
    if interrupts.count:
        raise Failure("the check was interrupted, and found nothing out")
    if not checked.is_sound:
        typer.echo("\n\n".join(map(str, checked.differences)))
        raise typer.Exit(ExitCode.DAMAGE)
    typer.echo(f"checked   {checked.result.journal_hash[:16]}: all bots did the same with another clock and hash seed")


def _tell(settings: Settings, result: MatchResult) -> None:
    show_summaries(printer(), [bot.summary for bot in result.bots])
    typer.echo()
    typer.echo(f"match     seed {result.seed}, {result.date}, {result.sequence:,} commands, {result.journal_hash[:16]}")
    if result.against is not None:
        typer.echo(f"against   {settings.against}, seed {result.seed} of the bots")
        typer.echo("\n".join(("", *result.against.told(), "")))
    if settings.out is not None:
        typer.echo(f"written   to {settings.out}: openoutcry score {settings.out} says who won, and why")
    if result.is_interrupted:
        say_last("interrupted before the close: these figures are as of then")
        raise typer.Exit(ExitCode.FAILED)
    failed = [bot for bot in result.bots if bot.stop_reason is not None and bot.tracebacks]
    if failed:
        raise BotFailed("; ".join(f"{bot.name} has failed: {bot.stop_reason}" for bot in failed))


def _hanging(interrupt: KeyboardInterrupt, loaded: list[LoadedBot]) -> str:
    files = {str(file) for each in loaded for file in each.files}
    frames = [frame for frame in traceback.extract_tb(interrupt.__traceback__) if frame.filename in files]
    if not frames:
        return "the match was ended at once, and has no result"
    where = f"{frames[-1].filename}, line {frames[-1].lineno}, in {frames[-1].name}"
    return f"the match was ended at once, and has no result: a bot was at work ({where})"


# ---- watched


def _watch(settings: Settings, table: Table, interrupts: Interrupts) -> None:
    """Play, wait until a file has changed, and play again, until Ctrl-C."""
    while True:
        watched = _play_watched(settings, table, interrupts)
        interrupts.raise_again(known=0)
        say_last("waiting for a change of the bots' files; Ctrl-C ends it")
        changed = asyncio.run(watched.changed())
        say_last(f"{', '.join(path.name for path in changed)} changed: begins again")


def _play_watched(settings: Settings, table: Table, interrupts: Interrupts) -> Watched:
    """The files that the bots depend on, as they were when they were loaded: a change during the match counts."""
    loaded: list[LoadedBot] = []
    watched = Watched(())
    try:
        for bot in settings.bots:
            loaded.append(load_bot_file(bot))
            watched.add(loaded[-1].files)
        _tell(settings, _play(settings, table, loaded, interrupts))
    except BotFileError as error:
        say_last(str(error))
        watched.add(may_mend(error))
    except (BotFailed, NotPlayable) as error:
        say_last(str(error))
    finally:
        for each in loaded:
            watched.add(each.files)  # with those that were imported late
            each.namespace.forget()
    return watched


# ---- options


def _option(name: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=name) from None


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if not speed > 0:
        raise ValueError(f"{text!r} is neither max nor a number of market seconds a second, such as 30")
    return speed
