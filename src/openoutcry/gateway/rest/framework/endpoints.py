"""How a route is declared: who may use it, what it can refuse, what it promises in the OpenAPI document."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, Literal

from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.framework.visits import Visit
from openoutcry.gateway.rest.terms import Access, Terms
from openoutcry.protocol.errors import HTTP_STATUS
from openoutcry.protocol.responses import ApiResponse

VISIT: Final = "asked"
"""The name under which handlers get their `Visit`."""

Asked = NamedDependency[Visit]
"""The one dependency of every handler; with two, Litestar would resolve them in tasks of their own."""

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

TERMS: Final = "terms"
"""The key in a route handler's `opt` under which its `Terms` stand."""

SECURITY: Final[dict[Access, list[dict[str, list[str]]]]] = {
    "anybody": [],
    "public": [{}, {"TeamKey": []}],
    "team": [{"TeamKey": []}],
    "organiser": [{"OrganiserKey": []}],
}

_ANYWHERE: Final = (
    ErrorCode.MALFORMED_REQUEST,
    ErrorCode.PAYLOAD_TOO_LARGE,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
    ErrorCode.RATE_LIMIT_EXCEEDED,
    ErrorCode.INTERNAL_ERROR,
    ErrorCode.SERVICE_UNAVAILABLE,
)


def endpoint(
    method: Method,
    path: str,
    terms: Terms,
    tag: str,
    summary: str,
    *,
    refusals: Iterable[ErrorCode] = (),
    sequenced: bool = False,
    shapes: Mapping[int, type[ApiResponse[Any]]] | None = None,
) -> Callable[[Any], HTTPRouteHandler]:
    """Declares a route. `refusals`: its codes beyond those that any route may answer with.

    `shapes`: by status, the shape of a refusal that carries data all the same.
    """
    codes = [*_ANYWHERE, *refusals]
    if terms.access != "anybody":
        codes.append(ErrorCode.UNAUTHENTICATED)
    if sequenced:
        codes.append(ErrorCode.PROCESSING_TIMEOUT)
    return HTTPRouteHandler(
        path,
        http_method=method,
        status_code=200,
        opt={TERMS: terms},
        tags=[tag],
        summary=summary,
        operation_id=_camel_case(summary),
        security=SECURITY[terms.access],
        responses=_refusals(codes, shapes or {}),
        response_description="The request was carried out; `data` holds what it asked for.",
    )


def _refusals(codes: Iterable[ErrorCode], shapes: Mapping[int, type[ApiResponse[Any]]]) -> dict[int, ResponseSpec]:
    by_status: defaultdict[int, list[ErrorCode]] = defaultdict(list)
    for code in codes:
        by_status[HTTP_STATUS[code]].append(code)
    return {
        status: ResponseSpec(
            shapes.get(status, ApiResponse[None]),
            generate_examples=False,
            description=f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}",
        )
        for status, codes in sorted(by_status.items())
    }


def _camel_case(summary: str) -> str:
    first, *others = summary.replace("'s", "").replace("-", " ").lower().split()
    return first + "".join(word.capitalize() for word in others)
