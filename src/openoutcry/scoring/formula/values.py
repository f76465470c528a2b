"""What the inputs of an entry come to, as exact numbers: money in currency, shares from 0 to 1."""

from fractions import Fraction

from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.types import MONEY_UNITS, PPM
from openoutcry.scoring.entry import Entry

ZERO = Fraction(0)
ONE = Fraction(1)


def pnl(entry: Entry, _rules: ScoringRules) -> Fraction:
    return Fraction(entry.pnl, MONEY_UNITS)


def maker_edge(entry: Entry, _rules: ScoringRules) -> Fraction:
    return Fraction(entry.maker_edge, MONEY_UNITS)


def coverage(entry: Entry, _rules: ScoringRules) -> Fraction:
    """The mean over samples. Without any: 0."""
    return _ratio(entry.coverage_sum_ppm, entry.coverage_samples * PPM)


def inventory(entry: Entry, rules: ScoringRules) -> Fraction:
    """The mean over seconds of net delta and net vega, each in units of the rules. Without a second: 0."""
    return _ratio(entry.delta_sum_milli, entry.inventory_seconds * rules.inventory_delta * 1_000) + _ratio(
        entry.vega_sum, entry.inventory_seconds * rules.inventory_vega * MONEY_UNITS
    )


def shift(entry: Entry, _rules: ScoringRules) -> Fraction:
    return Fraction(entry.shift, MONEY_UNITS)


def hedging(entry: Entry, _rules: ScoringRules) -> Fraction:
    """1: always neutral; 0: as exposed as without a hedge, or more, or without an option."""
    if not entry.gross_delta_squares:
        return ZERO
    return max(ZERO, 1 - Fraction(entry.net_delta_squares, entry.gross_delta_squares))


def convergence(entry: Entry, _rules: ScoringRules) -> Fraction:
    return Fraction(entry.convergence + entry.edge, MONEY_UNITS)


def response(entry: Entry, _rules: ScoringRules) -> Fraction:
    """The mean over signals, by the size of their errors. Without any: 0."""
    return _ratio(entry.response_ppb_ppm, entry.signalled_ppb * PPM)


def outside(entry: Entry, _rules: ScoringRules) -> Fraction:
    """The share of judged seconds outside a duty. Without any: 0."""
    return _ratio(entry.outside_seconds, entry.judged_seconds)


def levels(entry: Entry, _rules: ScoringRules) -> Fraction:
    return Fraction(entry.levels_reached)


def drawdown(entry: Entry, _rules: ScoringRules) -> Fraction:
    return Fraction(entry.drawdown, MONEY_UNITS)


def worst_minutes(entry: Entry, _rules: ScoringRules) -> Fraction:
    return Fraction(entry.tail, MONEY_UNITS)


def _ratio(numerator: int, denominator: int) -> Fraction:
    return Fraction(numerator, denominator) if denominator else ZERO
