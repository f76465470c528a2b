"""What instruments would be worth in the scenarios by which equity is judged."""

from typing import Any, Final

from openoutcry.domain.commands import TakeScenarioValues
from openoutcry.domain.day.tasks import CountRequirements
from openoutcry.domain.reasons import ErrorCode, Reject, Verdict
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState
from openoutcry.venue.tasks.slices import work_off


def judge_values(state: VenueState, command: TakeScenarioValues) -> Verdict:
    rules = state.rulebook.game.cash
    if rules is None:
        return Reject(ErrorCode.MALFORMED_REQUEST, "The scenario does not check cash")
    if any(not 0 <= values.place < len(state.markets) for values in command.values):
        return Reject(ErrorCode.MALFORMED_REQUEST, "Values name a place at which no instrument is listed")
    if any(len(values.values) != rules.scenarios for values in command.values):
        return Reject(ErrorCode.MALFORMED_REQUEST, f"An instrument has a value in each of {rules.scenarios} scenarios")
    return ACCEPTED


def take_values(state: VenueState, outcome: Outcome, command: TakeScenarioValues) -> None:
    """Moves are against the marks of the same instant, which are the newest."""
    markets = list(state.markets.values())
    for values in command.values:
        market = markets[values.place]
        if market.mark is not None:
            market.scenarios = (market.mark.value, values.values)
    for team in state.teams:
        if team.margin is not None:
            team.margin.value_anew(team.holdings)
    state.day.begin_last(CountRequirements())
    work_off(state, outcome)


HANDLERS: Final[tuple[Handler[Any], ...]] = (Handler(TakeScenarioValues, judge_values, take_values),)
