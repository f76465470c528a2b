"""One row of the table of routes: all that the router and the OpenAPI document need to know of a route."""

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from openoutcry.access.rate_limits import Charge
from openoutcry.domain.reasons import ErrorCode
from openoutcry.operations.result import Result

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

Access = Literal["anybody", "public", "team", "organiser"]
"""Who may use a route.

`anybody`: keys are not looked at, the address pays. `public`: with a key, the team pays; without one, the address.
`team`: only with a key. `organiser`: the right key costs nothing, a wrong one is paid by its address, apart from all
else.
"""


class Route(Struct, frozen=True):
    """A route. `path`: its parameters stand in braces, each is one whole part between slashes."""

    method: Method
    path: str
    access: Access
    pays: Charge | None
    """Which of a team's buckets; None where no team pays, as on the routes of `anybody` and the `organiser`."""
    operation: Callable[..., Result[Any]]
    """Called with the exchange, who asks, the parameters of the path in their order, and then what it takes or asks."""
    takes: type[Struct] | None
    """The body; None where there need not be one."""
    gives: Any
    """The type of an answer's `data`; None where it is null."""
    refuses: tuple[ErrorCode, ...]
    """Its codes beside those that every route may answer with."""
    tag: str
    """Under which heading the document shows it."""
    summary: str
    """Two to four words; the name of the operation in the document is made of them."""
    text: str
    asks: type[Struct] | None = None
    """The query string; None where there may be none."""
    examples: tuple[dict[str, Any], ...] = ()
    """Bodies that an exchange takes."""
    sequenced: bool = False
    """Whether the answer may be the verdict on a command, which has a place in the sequence."""
    gives_at: tuple[int, ...] = ()
    """Statuses of refusals whose `data` is the same as that of a success."""


def parameters_of(path: str) -> list[str]:
    """Names of the parameters in `path`, in their order."""
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]
