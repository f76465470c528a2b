"""The default chain priced in process: values and Greeks as floats, then as the marks that enter the venue."""

import datetime as dt
from collections.abc import Callable, Sequence
from time import thread_time_ns
from typing import Any, Final

import numpy as np
from msgspec import structs

from openoutcry.bench import targets
from openoutcry.bench.measures import spread
from openoutcry.bench.report import Claim, Section, microseconds
from openoutcry.bench.stage import Stage
from openoutcry.domain.day.game_rules import CashRules, GameRules, SettlementRules
from openoutcry.domain.day.marks import Mark, ScenarioValues, UnderlyingMark
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.domain.types import MONEY_UNITS, MarketTime, Money
from openoutcry.pricing.black_scholes import sensitivities
from openoutcry.pricing.chain import PricedChain
from openoutcry.pricing.moment import Moment
from openoutcry.pricing.parameters import Parameters
from openoutcry.pricing.session_time import SESSION_SECONDS, SessionHours, SessionTime
from openoutcry.pricing.surface import FlatSurface, RegimeSurface, Surface
from openoutcry.runtime.session.marks import BLOCK_SECONDS
from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.chain import ChainTemplate, chain_of

DATE: Final = dt.date(2024, 3, 15)
SPOT: Final = Money(4_500 * MONEY_UNITS)
SESSIONS: Final = 15
DAY_SECONDS: Final = 86_400
_MOMENT: Final = Moment(now=MarketTime(3_600), prices={"SPX": SPOT, "SPY": SPOT // 10}, beliefs=(0, 10**12, 0))


def default_chain() -> tuple[Instrument, ...]:
    return chain_of(ChainTemplate(), DATE, SPOT, calendar_of("none"))


def first_marks() -> tuple[tuple[UnderlyingMark, ...], tuple[Mark, ...]]:
    """Marks of the default chain an hour after the opening."""
    chain = _priced(default_chain(), FlatSurface(0.2))
    return tuple(map(UnderlyingMark, _MOMENT.prices, _MOMENT.prices.values())), chain.marks(_MOMENT)


def first_values(cash: CashRules) -> tuple[ScenarioValues, ...]:
    """What the default chain would be worth then in the scenarios of the cash check."""
    return _priced(default_chain(), FlatSurface(0.2)).scenario_values(_MOMENT, cash)


def pricing(stage: Stage) -> Section:
    """Microseconds of processor time, each figure the mean of a round."""
    instruments = default_chain()
    options = [instrument.option for instrument in instruments if instrument.option is not None]
    section = Section(f"Pricing of the default chain: {len(options)} options", ("what", "CPU", "is made of"))
    strikes = np.array([option.strike / MONEY_UNITS for option in options])
    signs = np.array([1.0 if option.option_type == "call" else -1.0 for option in options])
    ones = np.ones(len(options))
    floats = _rounds(stage, lambda: sensitivities(signs, strikes, 4_500 * ones, 0.2 * ones, 0.01 * ones, ones))
    chain = _priced(instruments, _regimes())
    marks = _rounds(stage, lambda: chain.marks(_MOMENT))
    block = [structs.replace(_MOMENT, now=MarketTime(_MOMENT.now + second)) for second in range(BLOCK_SECONDS)]
    together = [whole / BLOCK_SECONDS for whole in _rounds(stage, lambda: _all_marks(chain, block))]
    scenarios = _rounds(stage, lambda: chain.scenario_values(_MOMENT, CashRules()))
    for name, rounds, made_of in (
        ("values and Greeks", floats, "arrays of floats"),
        ("marks of one market second", marks, "the same, time, forward and variance of each expiry, integers"),
        (f"the same, of {BLOCK_SECONDS} at once", together, "one market second's share of their block"),
        ("values of the cash check", scenarios, "15 scenarios of each instrument, integers"),
    ):
        figure = spread(rounds)
        least, most = microseconds(figure.low), microseconds(figure.high)
        section.rows.append((name, f"{microseconds(figure.median)} ({least}–{most})", made_of))
        section.figures[name] = rounds
    section.claims.append(Claim(targets.PRICING, spread(floats)))
    return section


def _priced(instruments: tuple[Instrument, ...], surface: Surface) -> PricedChain:
    game = GameRules(index_ratio={"SPX": 1, "SPY": 10})
    return PricedChain(tuple(enumerate(instruments)), _sessions(), game, Parameters(), surface)


def _all_marks(chain: PricedChain, block: Sequence[Moment]) -> list[tuple[Mark, ...]]:
    made = chain.marks_of(block)
    return [made[second] for second in range(len(block))]


def _regimes() -> RegimeSurface:
    return RegimeSurface(MarketRules(), SettlementRules())


def _sessions() -> SessionTime:
    return SessionTime(
        SessionHours(
            f"{DATE + dt.timedelta(days=day):%Y%m%d}",
            MarketTime(day * DAY_SECONDS),
            MarketTime(day * DAY_SECONDS + SESSION_SECONDS),
        )
        for day in range(SESSIONS)
    )


def _rounds(stage: Stage, work: Callable[[], Any]) -> list[float]:
    repeats = stage.effort.pricings
    rounds = []
    for _ in range(stage.effort.rounds):
        work()
        began = thread_time_ns()
        for _ in range(repeats):
            work()
        rounds.append((thread_time_ns() - began) / repeats / 1_000)
    return rounds
