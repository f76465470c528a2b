"""Matching in process at several depths of the book, compared with other engines on the same messages."""

from typing import Final

from openoutcry.bench import targets
from openoutcry.bench.engines.engine import OtherTrades, Played, TooSlow, play_flow
from openoutcry.bench.engines.flow import Flow, make_flow
from openoutcry.bench.engines.own_matching import OwnMatching
from openoutcry.bench.engines.peers import PEERS
from openoutcry.bench.measures import ratios, spread
from openoutcry.bench.report import NOTHING, Claim, Section, rate_spread, times_spread
from openoutcry.bench.stage import Stage
from openoutcry.runtime.process.build import CORE

CLAIMED_DEPTH: Final = 10_000
OWN: Final = f"openoutcry, with events ({CORE})"


def matching(stage: Stage) -> Section:
    section = Section(
        "Matching in process, one book: 60 % add, 30 % cancel, 10 % trade",
        ("resting orders", "engine", "messages a second of CPU", "× openoutcry", "messages", "what it tells"),
    )
    for depth in stage.effort.depths:
        flow = make_flow(depth, stage.effort.matching_messages)
        played, troubles = _play(stage, flow)
        own = played[OWN]
        for name, tells in ((OWN, "every event, as the venue does"), *((peer.name, peer.tells) for peer in PEERS)):
            section.rows.append((f"{depth:,}", name, *_cells(name, played, troubles), tells))
            section.figures[f"{depth}, {name}"] = [one.per_second for one in played.get(name, [])]
        if depth == CLAIMED_DEPTH:
            target = targets.MATCHING if CORE == "interpreted" else targets.MATCHING_COMPILED
            section.claims.append(Claim(target, spread([one.per_second for one in own])))
    section.notes += [peer.title for peer in PEERS if peer.is_installed]
    section.notes.append(
        f"All play the same messages on a book filled beforehand. A slow engine is stopped after"
        f" {stage.effort.peer_seconds:g} s and not asked again; one that plays them all must make the same trades."
    )
    return section


def _play(stage: Stage, flow: Flow) -> tuple[dict[str, list[Played]], dict[str, str]]:
    """The results of each engine, measured in turns, or the reason for a missing one."""
    played: dict[str, list[Played]] = {OWN: []}
    troubles = {peer.name: f"not installed: pip install {peer.distribution}" for peer in PEERS if not peer.is_installed}
    for _ in range(stage.effort.few_rounds):
        played[OWN].append(play_flow(OwnMatching, flow, None))
        for peer in PEERS:
            if peer.name in troubles or _was_too_slow(played.get(peer.name, [])):
                continue
            try:
                played.setdefault(peer.name, []).append(play_flow(peer.make, flow, stage.effort.peer_seconds))
            except (TooSlow, OtherTrades) as trouble:
                troubles[peer.name] = str(trouble)
    return played, troubles


def _was_too_slow(played: list[Played]) -> bool:
    return bool(played) and not played[-1].is_complete


def _cells(name: str, played: dict[str, list[Played]], troubles: dict[str, str]) -> tuple[str, str, str]:
    if name in troubles:
        return (troubles[name], NOTHING, NOTHING)
    rates = [one.per_second for one in played[name]]
    beside = NOTHING
    if name != OWN:
        beside = times_spread(ratios(rates, [one.per_second for one in played[OWN][: len(rates)]]))
    return (rate_spread(spread(rates)), beside, f"{played[name][-1].messages:,}")
