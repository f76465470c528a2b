"""`python -m proofs`: one command per proof. Exit code 0: everything agrees; 1: it does not; 2: the data is absent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from openoutcry.gateway.screens.files import read_screens
from openoutcry.runtime.exchange import Durability
from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.handlers.day import MAX_SPEED
from proofs.chaos.seeds import chaos
from proofs.consensus.proof import prove_consensus
from proofs.consensus.workload import WORKLOADS, read_workload
from proofs.day.proof import prove_day
from proofs.fairness.proof import prove_fairness
from proofs.killed_day.play import kills_of_a_day
from proofs.killed_day.proof import prove_killed_day
from proofs.live_lab.proof import prove_live_lab, scenario_at
from proofs.market.matches import MATCHES
from proofs.market.proof import prove_market
from proofs.match.log import read_match_log
from proofs.match.proof import prove_match
from proofs.order_flow.proof import prove_order_flow
from proofs.order_flow.rows import read_order_flow, read_timed_order_flow
from proofs.real_data import CONSENSUS, MATCH_EVENTS, ORDER_FLOW, DataMissing, find_real_data
from proofs.report import Report
from proofs.scores.in_process import prove_scores_in_process
from proofs.scores.proof import prove_live_scores
from proofs.screens.proof import find_chromium, prove_screens
from proofs.simulated_days.proof import prove_simulated_days
from proofs.soak.proof import prove_by_soaking
from proofs.surveillance.proof import FIRST_SEED, prove_surveillance
from proofs.torture.proof import prove_by_killing, prove_by_power_loss
from proofs.world.proof import prove_world

DATA_ABSENT: Final = 2

app = typer.Typer(
    help="The exchange proved: on recorded order flow, by killing it, by letting it run, and in virtual time.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()


@app.callback()
def proofs() -> None:
    """Each proof ends with exit code 0 if everything agrees, 1 if it does not, 2 if the data is not there."""


@app.command()
def match() -> None:
    """Replay a recorded match through the venue: every logged trade and every cancelled remainder must come out."""
    rows = list(read_match_log(_required(MATCH_EVENTS)))
    with _progress("replaying", len(rows)) as task:
        report = prove_match(rows, task.advance)
    _conclude(report)


@app.command()
def orderflow(
    teams: Annotated[int, typer.Option(min=1, max=64, help="Teams that the orders are shared out to.")] = 4,
    limit: Annotated[int | None, typer.Option(min=1, help="Send only so many rows of the file.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Keep the server's data in this new folder.")] = None,
) -> None:
    """Drive an hour of recorded order flow through a running server and check everything that comes back."""
    whole = list(read_order_flow(_required(ORDER_FLOW)))
    rows = whole[:limit]
    with TemporaryDirectory() as temporary, _progress("reading", len(rows)) as task:
        report = prove_order_flow(
            rows,
            is_whole_file=len(rows) == len(whole),
            teams=teams,
            data_directory=keep if keep is not None else Path(temporary) / "data",
            advance=task.advance,
            say=task.say,
        )
    _conclude(report)


@app.command()
def day(
    keep: Annotated[Path | None, typer.Option(help="Keep the exchange's data in this new folder.")] = None,
) -> None:
    """Play the recorded hour as a trading day: a call, its uncross, a halt with its reopening, a close."""
    rows = list(read_timed_order_flow(_required(ORDER_FLOW)))
    with TemporaryDirectory() as temporary, _progress("reading", 1) as task:
        report = prove_day(rows, keep if keep is not None else Path(temporary) / "data", task.say)
    _conclude(report)


@app.command("simulated-days")
def simulated_days(
    days: Annotated[int, typer.Option(min=1, help="Sessions, one after the other.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="From which all that is left to chance is drawn.")] = 7,
    keep: Annotated[Path | None, typer.Option(help="Keep the data directory in this new folder.")] = None,
) -> None:
    """Simulate whole days of the default game, replay them without random numbers, and verify that they are fair."""
    with TemporaryDirectory() as temporary, _progress("simulating", 1) as task:
        folder = keep if keep is not None else Path(temporary) / "data"
        report = prove_simulated_days(load_scenario("intern"), days, seed, folder, task.say)
    _conclude(report)


@app.command("killed-day")
def killed_day(
    speed: Annotated[float, typer.Option(min=0.1, max=MAX_SPEED / 1_000, help="Market seconds a second.")] = 60.0,
    seed: Annotated[int, typer.Option(min=0, help="Of the market, the bots and the moments of the kills.")] = 7,
    keep: Annotated[Path | None, typer.Option(help="Keep both data directories in this new folder.")] = None,
) -> None:
    """Play a live day of the default game with bots, killed -9 three times: its market must be an undisturbed one's."""
    with TemporaryDirectory() as temporary, _progress("starting", 1) as task:
        folder = keep if keep is not None else Path(temporary)
        report = prove_killed_day("intern", folder, seed=seed, speed=speed, kills=kills_of_a_day(seed), say=task.say)
    _conclude(report)


@app.command("live-lab")
def live_lab(
    speed: Annotated[int, typer.Option(min=1, max=MAX_SPEED // 1_000, help="Market seconds a second.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Of the market, the bots and the moment of the kill.")] = 7,
    keep: Annotated[Path | None, typer.Option(help="Keep both data directories in this new folder.")] = None,
) -> None:
    """Play a day of the default game with four bots live, with a kill -9, and in the lab: one exchange, one judge."""
    with TemporaryDirectory() as temporary, _progress("starting", 1) as task:
        folder, kills = keep if keep is not None else Path(temporary), kills_of_a_day(seed)[1:2]
        folder.mkdir(parents=True, exist_ok=True)
        report = prove_live_lab(scenario_at(speed, folder), folder, seed=seed, kills=kills, say=task.say)
    _conclude(report)


@app.command()
def scores(
    speed: Annotated[float, typer.Option(min=0.1, max=MAX_SPEED / 1_000, help="Market seconds a second.")] = 60.0,
    seed: Annotated[int, typer.Option(min=0, help="Of the markets, the bots and the moment of the kill.")] = 7,
    keep: Annotated[Path | None, typer.Option(help="Keep both data directories in this new folder.")] = None,
) -> None:
    """Score a day of the default game, in process and live with a kill -9: the same digits in every way there is."""
    with TemporaryDirectory() as temporary:
        folder = keep if keep is not None else Path(temporary)
        with _progress("playing in process", 1):
            reports = [prove_scores_in_process(load_scenario("intern"), folder / "process", seed)]
        reports[0].show(console)
        kills = kills_of_a_day(seed)[1:2]
        with _progress("starting", 1) as task:
            live = prove_live_scores("intern", folder / "live", seed=seed, speed=speed, kills=kills, say=task.say)
        reports.append(live)
        live.show(console)
    if not all(report.holds for report in reports):
        raise typer.Exit(1)


@app.command()
def consensus() -> None:
    """Play two workloads of a matching benchmark: the reports must be those on which some 160 engines agree."""
    reports = []
    for name, agreed in WORKLOADS.items():
        messages = read_workload(_required(CONSENSUS / agreed.file))
        with _progress(f"playing {name}", len(messages)) as task:
            reports.append(prove_consensus(name, messages, agreed, task.advance))
        reports[-1].show(console)
    if not all(report.holds for report in reports):
        raise typer.Exit(1)


@app.command()
def torture(
    rounds: Annotated[int, typer.Option(min=1, help="Deaths in each of the four campaigns.")] = 10,
    load: Annotated[int, typer.Option(min=8, help="Verdicts given between two deaths, at most.")] = 1_500,
) -> None:
    """Kill a server under load, or cut its power, again and again: its journal must agree with what it told its
    bots.
    """
    campaigns: tuple[tuple[str, Callable[..., Report], Durability], ...] = (
        ("kill -9", prove_by_killing, "os"),
        ("kill -9, --durability disk", prove_by_killing, "disk"),
        ("loss of power, --durability disk", prove_by_power_loss, "disk"),
        ("loss of power", prove_by_power_loss, "os"),
    )
    reports = []
    for title, prove, durability in campaigns:
        with TemporaryDirectory() as temporary, _progress(title, rounds) as task:
            data = Path(temporary) / "data"
            reports.append(prove(data, rounds, durability=durability, load=load, advance=task.advance))
        reports[-1].show(console)
    if not all(report.holds for report in reports):
        raise typer.Exit(1)


@app.command()
def soak(
    minutes: Annotated[float, typer.Option(min=0.1, help="How long the bots trade.")] = 10.0,
    teams: Annotated[int, typer.Option(min=10, help="Teams, each with its bot.")] = 100,
    rate: Annotated[float, typer.Option(min=1, help="Orders a second of all of them together, on average.")] = 400.0,
    seed: Annotated[int | None, typer.Option(help="Of what the bots do.")] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Keep the server's data and the bots' notes in this folder.")
    ] = None,
) -> None:
    """Let many teams trade for long, with every kind of trouble: the server must stay steady and lose nothing."""
    seconds = minutes * 60
    with TemporaryDirectory() as temporary, _progress("soaking", int(seconds)) as task:
        report = prove_by_soaking(
            (keep if keep is not None else Path(temporary)) / "data",
            seconds=seconds,
            teams=teams,
            orders_per_second=rate,
            chance=Random(seed),  # noqa: S311 - no secret
            advance=task.advance,
        )
    _conclude(report)


@app.command()
def world(
    seeds: Annotated[int, typer.Option(min=2, help="How many worlds are drawn.")] = 1_000,
    markdown: Annotated[Path | None, typer.Option(help="Write the tables into the marked place of this page.")] = None,
) -> None:
    """Draw simulated markets and measure them: every figure must be what the rules say, within its error."""
    with _progress("drawing", seeds) as task:
        report = prove_world(seeds, task.advance)
    report.show(console)
    if markdown is not None:
        report.write_markdown(markdown)
    if not report.holds:
        raise typer.Exit(1)


@app.command()
def market(
    seeds: Annotated[int, typer.Option(min=2, help="How many matches of each kind are played.")] = 20,
    seconds: Annotated[
        int | None, typer.Option(min=900, max=19_800, help="Play only so many seconds before the close.")
    ] = None,
) -> None:
    """Play matches of simple strategies in the simulated market: each earns something, and nobody robs the house."""
    with _progress("playing", seeds * len(MATCHES)) as task:
        report = prove_market(seeds, seconds, task.advance)
    report.show(console)
    if not report.holds:
        raise typer.Exit(1)


@app.command()
def surveillance(
    matches: Annotated[int, typer.Option(min=2, help="How many matches are played; half of them have a cheat.")] = 200,
    seconds: Annotated[int, typer.Option(min=600, max=19_800, help="Of each, so many before the close.")] = 1_800,
    first_seed: Annotated[int, typer.Option(min=0, help="Seed of the first match.")] = FIRST_SEED,
) -> None:
    """Play matches of honest teams, and matches with a cheat among them: it must be found, and nobody else named."""
    with _progress("playing", matches) as task:
        report = prove_surveillance(matches, seconds, task.advance, first_seed)
    _conclude(report)


@app.command()
def screens(
    minutes: Annotated[float, typer.Option(min=0.5, help="How long the page is looked at.")] = 5.0,
    rate: Annotated[int, typer.Option(min=0, help="Messages a second.")] = 2_000,
    keep: Annotated[Path | None, typer.Option(help="Keep the recorded exchange's data in this new folder.")] = None,
) -> None:
    """Show the trading floor to a browser while every book moves: it must keep up, and its memory stay flat."""
    chromium, built = find_chromium(), read_screens()
    if chromium is None or built is None:
        missing = (
            "no Chromium is found; OPENOUTCRY_CHROMIUM names one" if built else "the screens are not built: make web"
        )
        console.print(missing, style="yellow")
        raise typer.Exit(DATA_ABSENT)
    with TemporaryDirectory() as temporary, _progress("starting", 1) as task:
        folder = keep if keep is not None else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        report = prove_screens(chromium, built, folder, minutes, rate, Random(1), task.say)  # noqa: S311 - no secret
    _conclude(report)


@app.command()
def fairness(
    scenario: Annotated[str, typer.Option(help="Scenario with a simulated market, whose day is simulated.")] = "intern",
    numpy: Annotated[list[str] | None, typer.Option(help="Versions that pip installs beside the present one.")] = None,
) -> None:
    """Check a simulated day for fair play as on other machines: it must come out anew, but for units."""
    with TemporaryDirectory() as temporary, _progress("simulating", 1) as task:
        report = prove_fairness(Path(temporary), scenario, numpy or (), task.say)
    _conclude(report)


app.command()(chaos)


def _required(name: Path) -> Path:
    try:
        return find_real_data(name)
    except DataMissing as missing:
        console.print(str(missing), style="yellow", soft_wrap=True)
        raise typer.Exit(DATA_ABSENT) from None


class _Task:
    """One progress bar, redrawn at most a few hundred times, so that drawing does not disturb measurements."""

    def __init__(self, bar: Progress, description: str, total: int) -> None:
        self._bar = bar
        self._task = bar.add_task(description, total=total)
        self._total = total
        self._step = max(1, total // 400)
        self._done = 0

    def say(self, description: str) -> None:
        self._bar.update(self._task, description=description, completed=self._done, refresh=True)

    def advance(self) -> None:
        self._done += 1
        if self._done % self._step == 0 or self._done == self._total:
            self._bar.update(self._task, completed=self._done)


@contextmanager
def _progress(description: str, total: int) -> Iterator[_Task]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = _Task(bar, description, total)
        yield task
        bar.update(bar.task_ids[0], description="done", refresh=True)


def _conclude(report: Report) -> None:
    report.show(console)
    if not report.holds:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
