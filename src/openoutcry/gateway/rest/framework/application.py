"""The Litestar application: every route but the WebSocket."""

from functools import cache
from typing import Any, Final, cast

from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.types import Scope

from openoutcry.access.gate import Gate
from openoutcry.gateway.http import asgi
from openoutcry.gateway.http.asgi import ASGIApp
from openoutcry.gateway.rest.framework.endpoints import VISIT
from openoutcry.gateway.rest.framework.exceptions import answer_exception
from openoutcry.gateway.rest.framework.middleware import admission
from openoutcry.gateway.rest.framework.schemas import StructReferences, openapi_config, openapi_document
from openoutcry.gateway.rest.framework.serving import Framework
from openoutcry.gateway.rest.framework.strict_json import StrictJson
from openoutcry.gateway.rest.framework.visits import Visit, visit_of
from openoutcry.gateway.rest.routes import account, admin, market, orders, teams
from openoutcry.gateway.rest.routes.documents import document_routes
from openoutcry.runtime.exchange import Exchange

API_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    orders.submit_order,
    orders.submit_orders,
    orders.validate_order,
    orders.amend_order,
    orders.cancel_order,
    orders.cancel_order_by_client_id,
    orders.cancel_orders,
    orders.cancel_after,
    orders.replace_quotes,
    account.list_orders,
    account.show_order,
    account.show_order_by_client_id,
    account.show_positions,
    account.show_account,
    account.list_fills,
    teams.register_team,
    teams.show_team,
    teams.rotate_key,
    market.list_instruments,
    market.show_instrument,
    market.show_order_book,
    market.list_trades,
    market.show_market,
    market.show_health,
    admin.set_phase,
    admin.halt_instrument,
    admin.resume_instrument,
    admin.suspend_team,
    admin.reinstate_team,
    admin.rotate_team_key,
    admin.list_teams,
)


def build_framework(exchange: Exchange, gate: Gate) -> ASGIApp:
    """Serves all of `API_ROUTES` and the documents about them."""
    return Framework(_application(), exchange, gate)


@cache
def _application() -> Litestar:
    """The one application of this process, for any number of exchanges."""
    return Litestar(
        route_handlers=[*API_ROUTES, *document_routes(describe_routes())],
        dependencies=_DEPENDENCIES,
        dto=StrictJson,
        return_dto=None,
        middleware=[admission],
        exception_handlers={Exception: answer_exception},
        openapi_config=None,
        # Admission reads the body, within its bound, before Litestar asks for it.
        request_max_body_size=None,
        logging_config=None,
    )


@cache
def describe_routes() -> dict[str, Any]:
    """The OpenAPI document of `API_ROUTES`.

    Made by an application that is never served: one that is would add routes of Litestar's own beside ours.
    """
    references = StructReferences()
    described = Litestar(
        route_handlers=API_ROUTES,
        dependencies=_DEPENDENCIES,
        dto=StrictJson,
        return_dto=None,
        plugins=[references],
        openapi_config=openapi_config(),
        # Else it would settle the log of the whole process, anew and in its own way.
        logging_config=None,
    )
    return openapi_document(described, references)


def _present_visit(scope: Scope) -> Visit:
    return visit_of(cast(asgi.Scope, scope))


_DEPENDENCIES: Final = {VISIT: Provide(_present_visit, sync_to_thread=False)}
