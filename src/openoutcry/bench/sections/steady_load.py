"""Latency at steady rates: 100 teams, each with a connection for orders and, if the server has one, a WebSocket."""

from statistics import median
from typing import Final

from openoutcry.bench import targets
from openoutcry.bench.load.open_loop import OpenLoop, OpenLoopRound
from openoutcry.bench.load.orders import keys_for
from openoutcry.bench.measures import (
    Latencies,
    generator_busy,
    is_stated,
    percentile,
    spread,
)
from openoutcry.bench.report import (
    LATENCY_COLUMNS,
    NOTHING,
    Claim,
    Section,
    latency_cells,
    latency_figures,
    microseconds,
    rate,
)
from openoutcry.bench.stage import EXCHANGE, NOOP, Stage

TEAMS: Final = 100
RATES: Final = (1_000, 2_000, 5_000, 10_000)
CLAIMED_RATE: Final = 2_000
LATE_NS: Final = 1_000_000
"""If the 99th percentile of lateness is above this, the row says so: the latency is partly the generator's."""
KEPT_UP: Final = 0.98
"""Share of the intended rate below which a server did not keep up."""

Rounds = dict[tuple[int, str], list[OpenLoopRound]]


def steady_load(stage: Stage) -> Section:
    section = Section(
        f"Latency at steady rates, {TEAMS} teams, each with its WebSocket",
        ("orders", "server", "answered", *LATENCY_COLUMNS, "generator busy"),
    )
    rounds: Rounds = {}
    with stage.exchange() as exchange:
        loops = {}
        for name, server in stage.servers(exchange).items():
            is_exchange = server is exchange
            loops[name] = OpenLoop(server, keys_for(exchange if is_exchange else None, TEAMS), has_streams=is_exchange)
        for loop in loops.values():
            loop.run(RATES[0], stage.effort.open_loop_seconds)
        for per_second in RATES:
            for turn in stage.turns(list(loops)):
                for name in turn:
                    measured = loops[name].run(per_second, stage.effort.open_loop_seconds)
                    rounds.setdefault((per_second, name), []).append(measured)
    for per_second in RATES:
        for name in loops:
            _add_rows(section, rounds, per_second, name)
    section.claims.append(_claim(rounds[CLAIMED_RATE, EXCHANGE]))
    section.notes.append(
        "Times count from when an order was to be sent, whatever became of those before it: a server that falls behind"
        " is charged with all the waiting."
    )
    late = sorted(late for measured in rounds.values() for one in measured for late in one.late)
    section.notes.append(
        f"Orders left the generator {microseconds(percentile(late, 0.5) / 1e3)} late at the median,"
        f" {microseconds(percentile(late, 0.99) / 1e3)} at the 99th percentile."
    )
    return section


def _claim(measured: list[OpenLoopRound]) -> Claim:
    if not is_stated([one.load for one in measured]):
        return Claim(targets.ACK_P99, None, "the generator was too busy")
    return Claim(targets.ACK_P99, spread([percentile(sorted(one.acks), 0.99) / 1_000 for one in measured]))


def _add_rows(section: Section, rounds: Rounds, per_second: int, name: str) -> None:
    """The verdicts of one server at one rate, and its events if it has any."""
    measured = rounds[per_second, name]
    loads = [one.load for one in measured]
    verdicts = _latencies([one.verdicts for one in measured])
    noop = None if name == NOOP else _latencies([one.verdicts for one in rounds[per_second, NOOP]])
    head, busy = (rate(per_second), name, _answered(measured, per_second)), _busy(measured)
    section.figures[f"{per_second}/s {name}"] = latency_figures(verdicts, loads)
    if not is_stated(loads):
        section.rows.append((*head, "not stated", *[NOTHING] * (len(LATENCY_COLUMNS) - 1), busy))
        return
    section.rows.append((*head, *latency_cells(verdicts, loads, noop), busy))
    is_drawn = per_second == CLAIMED_RATE
    if is_drawn:
        section.curves[f"{name}, {rate(per_second)}"] = verdicts.all()
    if not measured[0].acks:
        return
    for kind, samples in (
        ("new_order_ack", [one.acks for one in measured]),
        ("execution_report", [one.executions for one in measured]),
    ):
        latencies = _latencies(samples)
        section.rows.append(
            (rate(per_second), f"{name}, {kind}", NOTHING, *latency_cells(latencies, [], None), NOTHING)
        )
        section.figures[f"{per_second}/s {name}, {kind}"] = latency_figures(latencies, [])
        if is_drawn:
            section.curves[f"{name}, {kind}, {rate(per_second)}"] = latencies.all()


def _answered(measured: list[OpenLoopRound], per_second: int) -> str:
    answered = median(one.load.per_second for one in measured)
    return rate(answered) if answered >= KEPT_UP * per_second else f"{rate(answered)}, did not keep up"


def _busy(measured: list[OpenLoopRound]) -> str:
    busy = f"{generator_busy([one.load for one in measured]):.0%}"
    late = median(percentile(sorted(one.late), 0.99) for one in measured)
    return f"{busy}, {microseconds(late / 1_000)} late" if late > LATE_NS else busy


def _latencies(rounds: list[list[int]]) -> Latencies:
    latencies = Latencies()
    for samples in rounds:
        latencies.add_round(samples)
    return latencies
