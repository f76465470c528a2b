"""Checks of the chain that each session lists."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from openoutcry.domain.types import MONEY_UNITS
from openoutcry.scenarios.building.scenario import chain_template
from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.chain import chain_of, strike_near
from openoutcry.scenarios.reading import Problem
from openoutcry.scenarios.rules import Amount, money_units
from openoutcry.scenarios.schema.instruments import ChainTable, IndexTable, InstrumentTable
from openoutcry.scenarios.schema.session import CALENDARS, SessionTable

MOST_LISTED: Final = 1_000
"""Most instruments of one session."""


def starting_price(chain: ChainTable | None, underlyings: dict[str, Amount], index: IndexTable) -> Iterable[Problem]:
    if chain is not None and index.symbol not in underlyings:
        yield Problem(
            "chain",
            f"its strikes stand around the starting price of the index, which is missing; add {index.symbol} to"
            f" [underlyings], such as {index.symbol} = 4500",
        )


def strikes_of_both_on_the_grid(chain: ChainTable | None, index: IndexTable) -> Iterable[Problem]:
    """Those of the tracker are the index's divided by the ratio; all are prices that a book could have."""
    if chain is None:
        return
    grid = money_units(chain.tick_size) * index.ratio
    step = money_units(chain.strike_step)
    if step % grid:
        nearest = max(round(step / grid), 1) * grid
        yield Problem(
            "chain.strike_step",
            f"{chain.strike_step} is no multiple of {_currency(grid)}, the tick times the ratio, so strikes of"
            f" {index.tracker} would be off the grid; the nearest is {_currency(nearest)}",
        )


def strikes_apart(chain: ChainTable | None, underlyings: dict[str, Amount], index: IndexTable) -> Iterable[Problem]:
    """No two strikes of an expiry are the same, at the starting price."""
    if chain is None or index.symbol not in underlyings:
        return
    spot, template = money_units(underlyings[index.symbol]), chain_template(chain, index)
    for number, expiry in enumerate(template.expiries, start=1):
        distance_of: dict[int, int] = {}
        for place, distance in enumerate(expiry.strikes_bp, start=1):
            strike = strike_near(spot, distance, template.strike_step)
            if strike in distance_of:
                yield Problem(
                    f"chain.expiries[{number}].strikes_percent[{place}]",
                    f"{_percent(distance)} % from {underlyings[index.symbol]} is the strike {_currency(strike)}, as is"
                    f" {_percent(distance_of[strike])} %; leave one of them out, or make chain.strike_step smaller",
                )
            distance_of.setdefault(strike, distance)


def expiries_once(chain: ChainTable | None) -> Iterable[Problem]:
    days: set[int] = set()
    for number, expiry in enumerate(chain.expiries if chain else (), start=1):
        if expiry.days in days:
            yield Problem(
                f"chain.expiries[{number}].days", f"there is an expiry in {expiry.days} days already; put both into one"
            )
        days.add(expiry.days)


def number_of_instruments(chain: ChainTable | None, instruments: list[InstrumentTable]) -> Iterable[Problem]:
    if chain is None:
        return
    listed = 1 + 4 * sum(len(expiry.strikes_percent) for expiry in chain.expiries)
    if listed + len(instruments) > MOST_LISTED:
        beside = f" and {len(instruments)} from [[instruments]]" if instruments else ""
        yield Problem(
            "chain.expiries",
            f"{listed} instruments come from the chain{beside}; a session lists {MOST_LISTED} at most: a strike makes"
            " four options",
        )


def nothing_listed_twice(
    chain: ChainTable | None,
    instruments: list[InstrumentTable],
    session: SessionTable,
    underlyings: dict[str, Amount],
    index: IndexTable,
) -> Iterable[Problem]:
    if chain is None:
        return
    from_chain = {index.tracker}
    if session.date is not None and index.symbol in underlyings:
        calendar, spot = calendar_of(CALENDARS[session.calendar]), money_units(underlyings[index.symbol])
        listed = chain_of(chain_template(chain, index), session.date, spot, calendar)
        from_chain |= {str(instrument.instrument_id) for instrument in listed}
    for number, table in enumerate(instruments, start=1):
        if table.symbol in from_chain:
            yield Problem(
                f"instruments[{number}].symbol",
                f"{table.symbol} comes with the [chain] already; leave one of the two out",
            )


def _currency(units: int) -> str:
    return f"{Decimal(units) / MONEY_UNITS:f}"


def _percent(distance_bp: int) -> str:
    return f"{Decimal(distance_bp) / 100:f}"
