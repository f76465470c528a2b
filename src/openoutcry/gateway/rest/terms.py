"""On what terms a route is used."""

from typing import Literal

from msgspec import Struct

from openoutcry.access.rate_limits import Charge

Access = Literal["anybody", "public", "team", "organiser"]


class Terms(Struct, frozen=True):
    """Who may use a route and which bucket pays for it.

    `anybody`: keys are not looked at, the address pays. `public`: with a key, the team's own bucket pays; without one,
    that of the address. `organiser`: the right key costs nothing, a wrong one is paid by its address,
    apart from all else.
    """

    access: Access
    charge: Charge = "reads"
