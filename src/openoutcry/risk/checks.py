"""The validation of an order, read from top to bottom: the first check that finds something answers."""

from collections.abc import Callable
from typing import Final

from openoutcry.risk import admission_checks, limit_checks, term_checks
from openoutcry.risk.proposal import Finding, Proposal

Check = Callable[[Proposal], Finding]

SUBMIT_CHECKS: Final[tuple[Check, ...]] = (
    admission_checks.check_team_active,
    admission_checks.check_client_order_id,
    admission_checks.check_instrument,
    admission_checks.check_session_phase,
    term_checks.check_side,
    term_checks.check_quantity,
    term_checks.check_price,
    term_checks.check_time_in_force,
    limit_checks.check_order_size,
    limit_checks.check_post_only,
    limit_checks.check_open_orders,
    limit_checks.check_position_limit,
    limit_checks.check_total_exposure,
    limit_checks.check_two_sided,
)
"""For a new order, in the order in which the rules list them."""

AMEND_CHECKS: Final[tuple[Check, ...]] = (
    admission_checks.check_session_phase,
    term_checks.check_quantity,
    term_checks.check_filled_quantity,
    term_checks.check_price,
    limit_checks.check_order_size,
    limit_checks.check_post_only,
    limit_checks.check_position_limit,
    limit_checks.check_total_exposure,
    limit_checks.check_two_sided,
)
"""For an order that replaces one of an active team's own, and has its instrument, side and time in force: it claims no
new id and no new place among the open orders."""


def first_finding(checks: tuple[Check, ...], proposal: Proposal) -> Finding:
    """What the first check that finds something says; None where all are content."""
    for check in checks:
        finding = check(proposal)
        if finding is not None:
            return finding
    return None
