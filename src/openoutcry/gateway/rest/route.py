"""One row of the table of routes: everything that the router and the OpenAPI document need to know about a route."""

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from openoutcry.access.rate_limits import Charge
from openoutcry.domain.reasons import ErrorCode
from openoutcry.operations.result import Result

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

Access = Literal["anybody", "public", "team", "organiser"]
"""Who may use a route.

`anybody`: keys are ignored, and the address pays. `public`: the team pays if there is a key, otherwise the address.
`team`: a key is required. `organiser`: the right key costs nothing; the address pays for a wrong one from a bucket of
its own.
"""


class Route(Struct, frozen=True):
    """A route. In `path`, each parameter is in braces and is a whole part between slashes."""

    method: Method
    path: str
    access: Access
    pays: Charge | None
    """The team's bucket that pays; None if no team pays, as on the routes of `anybody` and the `organiser`."""
    operation: Callable[..., Result[Any]]
    """Called with the exchange, the caller, the path's parameters in their order, and then the query or the body."""
    takes: type[Struct] | None
    """The type of the body; None if the route needs none."""
    gives: Any
    """The type of an answer's `data`; None if it is null."""
    refuses: tuple[ErrorCode, ...]
    """Its codes beside those that every route may answer with."""
    tag: str
    """The heading under which the document shows the route."""
    summary: str
    """Two to four words. The operation's name in the document is made from them."""
    text: str
    asks: type[Struct] | None = None
    """The type of the query string; None if the route accepts none."""
    examples: tuple[dict[str, Any], ...] = ()
    """Bodies that an exchange accepts."""
    sequenced: bool = False
    """Whether the answer may be the verdict on a command, which has a place in the sequence."""
    body_may_be_left_out: bool = False
    """Whether a request may come without the body that the route takes: it then has the defaults."""
    gives_at: tuple[int, ...] = ()
    """Statuses of refusals whose `data` is the same as that of a success."""


def parameters_of(path: str) -> list[str]:
    """Names of the parameters in `path`, in their order."""
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]
