"""Where the world of a session comes from: a number, a seed, or an exchange that has revealed it."""

import datetime as dt
import re
from math import isfinite
from typing import NamedTuple
from zoneinfo import ZoneInfo

import typer

from openoutcry.cli.asking_anybody import public_client
from openoutcry.cli.failures import Failure
from openoutcry.domain.fairness import commitment_of, seed_of_number, session_seed
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.domain.types import MONEY_UNITS, Money
from openoutcry.protocol.responses import FairnessData, MarketData
from openoutcry.scenarios.calendar import calendar_of, trading_day_on_or_after
from openoutcry.scenarios.loader import ScenarioError
from openoutcry.scenarios.model import Scenario

_NUMBER = re.compile(r"[0-9]{1,63}")
_SEED = re.compile(r"[0-9a-fA-F]{64}")


class Source(NamedTuple):
    name: str
    """Such as `seed 7`."""
    seed: bytes
    """What the session is drawn from: nonces of teams are in it."""
    date: dt.date
    opening: Money
    """The index's price at the opening."""


class Revealed(NamedTuple):
    """What an exchange tells of a session that has ended."""

    source: Source
    world_digest: str
    is_committed_to: bool
    """Whether the seed is the one that the exchange had committed to."""


def source_of_seed(scenario: Scenario, text: str, opening: float | None, now: dt.datetime) -> Source:
    """The first session of an exchange that starts `now`, without nonces of teams. `text`: a number, or a seed of 32
    bytes in hexadecimal.
    """
    name = f"seed {text}"
    if _SEED.fullmatch(text):
        seed, name = bytes.fromhex(text), f"seed {text[:8]}..."
    elif _NUMBER.fullmatch(text):
        seed = seed_of_number(int(text))
    else:
        raise typer.BadParameter(f"{text!r} is no number, nor 64 hexadecimal digits", param_hint="--seed")
    first = now.astimezone(ZoneInfo(scenario.time_zone)).date().isoformat()
    date = trading_day_on_or_after(
        calendar_of(scenario.calendar), dt.date.fromisoformat(scenario.session_date or first)
    )
    return Source(name, session_seed(seed, ()), date, opening_price(scenario, opening))


def revealed_source(scenario: Scenario, url: str, opening: float | None) -> Revealed:
    """The last session of the exchange at `url`. Raises `ScenarioError` if its scenario is another, `Failure` if there
    is nothing to be drawn yet, and what the client raises.
    """
    with public_client(url, "--from") as client:
        fairness = client.get_fairness().data_as(FairnessData)
        market = client.get_market().data_as(MarketData)
    if fairness.scenario_hash != scenario.hash:
        raise ScenarioError(
            f"the exchange has another scenario than {scenario.name}: name its own with --scenario\n"
            f"scenario hash of the exchange  {fairness.scenario_hash}\n"
            f"scenario hash of {scenario.name:<14} {scenario.hash}"
        )
    if fairness.seed is None or fairness.world_digest is None or market.session_date is None:
        raise Failure("the seed is not revealed yet: it is once the session has ended, and until the next one starts")
    if market.trading_session > 1 and opening is None:
        raise typer.BadParameter(
            f"the exchange has opened {market.trading_session} times, and a later session opens where the one before"
            f" it ended: name the price of {scenario.index.index} at the opening",
            param_hint="--opening",
        )
    seed, nonces = bytes.fromhex(fairness.seed), fairness.nonces
    return Revealed(
        Source(
            f"revealed by {url}",
            session_seed(seed, (nonces[team] for team in sorted(nonces, key=parse_team_id))),
            dt.date.fromisoformat(market.session_date),
            opening_price(scenario, opening),
        ),
        fairness.world_digest,
        commitment_of(seed, fairness.scenario_hash).hex() == fairness.commitment,
    )


def opening_price(scenario: Scenario, price: float | None) -> Money:
    """The one that was given, else the scenario's."""
    if price is not None and not isfinite(price):
        raise typer.BadParameter(f"{price} is no price", param_hint="--opening")
    return Money(round((scenario.underlyings[scenario.index.index] if price is None else price) * MONEY_UNITS))
