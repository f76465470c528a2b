"""The matches that are played: honest teams of all roles, and in some of them one that cheats, with whom it needs."""

from collections.abc import Callable
from typing import Final, NamedTuple

from openoutcry.bootstrap.projections import scores_of
from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.types import TeamId
from openoutcry.scenarios.model import Scenario
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.surveillance.finding import Exclusion, Finding, Kind
from proofs.market.participants.desk import Desk
from proofs.market.participants.fund import Fund
from proofs.market.participants.maker import Maker
from proofs.market.participants.retail import Retail
from proofs.market.participants.sniper import Sniper
from proofs.market.stage import Participant, play
from proofs.market.widths import Widths
from proofs.surveillance.cheats.favourite import Favouring, Favourite, Signal
from proofs.surveillance.cheats.gifts import Friend, Giver, Plan
from proofs.surveillance.cheats.layers import Layers
from proofs.surveillance.cheats.stuffer import Stuffer
from proofs.surveillance.cheats.wash import First, Meeting, Second
from proofs.surveillance.crew.gambler import Gambler
from proofs.surveillance.crew.ladder import Ladder
from proofs.surveillance.crew.scalper import Scalper

Teams = dict[str, Participant]


class Cheat(NamedTuple):
    kind: Kind
    """Of the finding that must name it."""
    teams: Callable[[Scenario], Teams]


def _gifts(scenario: Scenario, every_seconds: int, quantity: int) -> Teams:
    plan = Plan(Widths(scenario), every_seconds, quantity)
    return {"friend": Friend(plan), "giver": Giver(plan)}


def _wash(_scenario: Scenario) -> Teams:
    meeting = Meeting()
    return {"first": First(meeting), "second": Second(meeting)}


def _favourite(_scenario: Scenario) -> Teams:
    signal = Signal()
    return {"favouring": Favouring(signal), "favourite": Favourite(signal)}


CHEATS: Final[dict[str, Cheat]] = {
    "gifts, fast": Cheat("transfer", lambda scenario: _gifts(scenario, 30, 35)),
    "gifts, slow": Cheat("transfer", lambda scenario: _gifts(scenario, 120, 6)),
    "wash trades": Cheat("round_trips", _wash),
    "a friend as only counterpart": Cheat("pair_share", _favourite),
    "layers": Cheat("layering", lambda _: {"layers": Layers()}),
    "stuffed quotes": Cheat("stuffing", lambda _: {"stuffer": Stuffer()}),
}


def honest(seed: int) -> Teams:
    """Several teams of each role. By every third seed, one maker has no protection, and a sniper lives on it."""
    unprotected: Teams = {"slow maker": Maker(None), "sniper": Sniper()} if seed % 3 == 0 else {}
    return unprotected | {
        "maker": Maker(),
        "second maker": Maker(),
        "ladder": Ladder(),
        "fund": Fund(),
        "second fund": Fund(),
        "scalper": Scalper(),
        "desk": Desk(),
        "second desk": Desk(),
        "retail trader": Retail(),
        "second retail trader": Retail(),
        "gambler": Gambler(seed),
        "second gambler": Gambler(seed + 1_000_000),
    }


class Watched(NamedTuple):
    """What surveillance said after a match."""

    seed: int
    cheat: str | None
    findings: list[Finding]
    exclusions: list[Exclusion]
    names: dict[TeamId, str]
    cheats: frozenset[str]
    """Names of the teams that cheat."""
    entries: dict[str, Entry]

    @property
    def is_found(self) -> bool:
        """Whether there is a finding of the planted kind that names all who have a part in it."""
        assert self.cheat is not None, "somebody cheats"  # noqa: S101
        kind = CHEATS[self.cheat].kind
        return any(each.kind == kind and set(self.named(each)) == self.cheats for each in self.findings)

    @property
    def wrong(self) -> list[Finding]:
        """Findings that name an honest team."""
        return [each for each in self.findings if not set(self.named(each)) <= self.cheats]

    def named(self, finding: Finding) -> list[str]:
        return [self.names[team_id] for team_id in finding.teams]


def watch(scenario: Scenario, seed: int, cheat: str | None = None) -> Watched:
    """Play a match and ask at its end. `cheat`: one of `CHEATS`; None: everybody is honest."""
    scores = scores_of(scenario, scenario.scoring or ScoringRules())
    cheats = {} if cheat is None else CHEATS[cheat].teams(scenario)
    played = play(scenario, seed, {**cheats, **honest(seed)}, (scores,))
    names = {team_id: name for name, team_id in played.teams.items()}
    return Watched(
        seed,
        cheat,
        scores.watch.findings(),
        scores.watch.exclusions(),
        names,
        frozenset(cheats),
        {entry.team_name: entry for entry in scores.entries()},
    )
