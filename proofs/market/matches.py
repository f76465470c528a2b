"""The matches that are played, and the figures that each of them gives of one seed, in currency unless it says so.

One of them nobody plays: prices alone tell how far the bands reach.
"""

from collections.abc import Callable
from typing import Final

from openoutcry.scenarios.model import Scenario
from proofs.market.explanation import Explanation
from proofs.market.participants.desk import Desk
from proofs.market.participants.friends import Friend, Giver, Scheme
from proofs.market.participants.fund import Fund
from proofs.market.participants.maker import Maker
from proofs.market.participants.retail import Retail
from proofs.market.participants.sniper import Sniper
from proofs.market.participants.straddles import Straddles
from proofs.market.reach import measure_reach
from proofs.market.stage import Participant, Played, play
from proofs.market.widths import Widths

HOUSE: Final = "House"
FLOW: Final = "Retail flow"

Figures = dict[str, float]


def play_roles(scenario: Scenario, seed: int) -> Figures:
    """Fund, desk and retail trader, one each, and a sniper who knows which quotes are the house's."""
    participants: dict[str, Participant] = {
        "fund": Fund(),
        "desk": Desk(),
        "retail trader": Retail(),
        "sniper": Sniper(HOUSE),
    }
    played = play(scenario, seed, participants)
    sniped, edge, fees = played.dealt("sniper", HOUSE)
    return {
        "contracts a sniper gets from the house": sniped,
        "what the sniper's contracts of the house were worth to it": edge - fees,
        **_traded(played, "fund", "desk", "retail trader"),
        **_own(played),
    }


def play_maker(scenario: Scenario, seed: int) -> Figures:
    """A protected maker beside the house, and nobody else."""
    played = play(scenario, seed, {"maker": Maker()})
    return {**_traded(played, "maker"), **_own(played)}


def play_race(scenario: Scenario, seed: int) -> Figures:
    """A maker and a sniper who is always faster, with and without protection."""
    figures: Figures = {}
    for name, move in (("with protection", 0.25), ("without protection", None)):
        played = play(scenario, seed, {"maker": Maker(move), "sniper": Sniper()})
        sniped, edge, _ = played.dealt("maker", "sniper")
        figures[f"maker {name}"] = played.gains["maker"]
        figures[f"contracts sniped, {name}"] = sniped
        figures[f"maker's edge against the sniper, {name}"] = edge
    return figures


def play_friends(scenario: Scenario, seed: int) -> Figures:
    """Per contract that is passed."""
    scheme = Scheme(Widths(scenario))
    played = play(scenario, seed, {"giver": Giver(scheme), "friend": Friend(scheme)})
    passed, _, _ = played.dealt("friend", "giver")
    _, gained, gain_fees = played.dealt("friend")
    _, given, give_fees = played.dealt("giver")
    deals = scheme.deals
    return {
        "contracts passed": passed,
        "a contract passed: the friend gets": (gained - gain_fees) / max(passed, 1),
        "a contract passed: the giver pays": (give_fees - given) / max(passed, 1),
        "the house's spread with fees": sum(deal.spread for deal in deals) / len(deals),
        "the widest spread that a maker's duty allows": sum(deal.widest for deal in deals) / len(deals),
    }


def play_explained(scenario: Scenario, seed: int) -> Figures:
    """A hedged book, and how much of its P&L is left unexplained."""
    explanation = Explanation(scenario)
    play(scenario, seed, {"straddles": Straddles()}, (explanation,))
    return explanation.figures()


MATCHES: Final[dict[str, Callable[[Scenario, int], Figures]]] = {
    "reach": measure_reach,
    "roles": play_roles,
    "maker": play_maker,
    "race": play_race,
    "friends": play_friends,
    "explained": play_explained,
}
WHOLE_DAYS: Final = frozenset({"reach", "explained"})
"""Those that take whole days always."""


def _traded(played: Played, *names: str) -> Figures:
    figures: Figures = {}
    for name in names:
        contracts, edge, fees = played.dealt(name)
        figures[name] = played.gains[name]
        figures[f"{name}: contracts and lots"] = contracts
        figures[f"{name}: edge at its fills, less fees"] = edge - fees
        figures[f"{name}: orders refused"] = len(played.seats[name].refusals)
    return figures


def _own(played: Played) -> Figures:
    contracts, edge, _ = played.dealt(HOUSE, FLOW)
    return {
        "house": played.gains[HOUSE],
        "house: edge against the retail flow": edge,
        "house: contracts with the retail flow": contracts,
        "retail flow": played.gains[FLOW],
        "halts": played.tape.halts,
    }
