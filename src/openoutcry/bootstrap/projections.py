"""Which projections a scenario has. The server and the process that builds its snapshots both ask here, or no snapshot
would do for the next start.
"""

from openoutcry.runtime.actions import Actions
from openoutcry.runtime.notices import Notices
from openoutcry.runtime.projections import Projection
from openoutcry.runtime.underlying_prices import UnderlyingPrices
from openoutcry.scenarios.model import Scenario


def projections_of(scenario: Scenario) -> tuple[Projection, ...]:
    """New ones. Every scenario has the lists of what its organisers did, and of what everybody was told; one with
    pricing has the history of its underlyings.
    """
    return (Actions(), Notices(), *(() if scenario.pricing is None else (UnderlyingPrices(),)))
