"""The Litestar application: every route but the WebSocket."""

from functools import cache
from typing import Any, Final, cast

from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.types import Scope

from openoutcry.gateway import asgi
from openoutcry.gateway.admission import Gate
from openoutcry.gateway.asgi import ASGIApp
from openoutcry.gateway.framework.endpoints import ADMITTED, Admitted
from openoutcry.gateway.framework.exceptions import ExceptionAnswers
from openoutcry.gateway.framework.middleware import Admission
from openoutcry.gateway.framework.receipts import receipt_of
from openoutcry.gateway.framework.schemas import StructReferences, openapi_config, openapi_document
from openoutcry.gateway.framework.serving import Framework
from openoutcry.gateway.framework.strict_json import StrictJson
from openoutcry.gateway.routes import account, admin, market, orders, teams
from openoutcry.gateway.routes.documents import document_routes
from openoutcry.runtime.exchange import Exchange

API_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    orders.submit_order,
    orders.submit_orders,
    orders.validate_order,
    orders.amend_order,
    orders.cancel_order,
    orders.cancel_order_by_client_id,
    orders.cancel_orders,
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
    litestar = Litestar(
        route_handlers=[*API_ROUTES, *document_routes(exchange, describe_routes())],
        dependencies=_admitted_to(exchange),
        dto=StrictJson,
        return_dto=None,
        middleware=[Admission(exchange, gate)],
        exception_handlers={Exception: ExceptionAnswers(exchange)},
        openapi_config=None,
        # Admission reads the body, within its bound, before Litestar asks for it.
        request_max_body_size=None,
        logging_config=None,
    )
    return Framework(litestar, exchange.clock)


@cache
def describe_routes() -> dict[str, Any]:
    """The OpenAPI document of `API_ROUTES`.

    Made by an application that is never served: one that is would add routes of Litestar's own beside ours.
    """
    references = StructReferences()
    described = Litestar(
        route_handlers=API_ROUTES,
        dependencies={ADMITTED: Provide(_nobody_admitted, sync_to_thread=False)},
        dto=StrictJson,
        return_dto=None,
        plugins=[references],
        openapi_config=openapi_config(),
    )
    return openapi_document(described, references)


def _admitted_to(exchange: Exchange) -> dict[str, Provide]:
    def admitted(scope: Scope) -> Admitted:
        return Admitted(exchange, receipt_of(cast(asgi.Scope, scope)))

    return {ADMITTED: Provide(admitted, sync_to_thread=False)}


def _nobody_admitted() -> Admitted:
    raise NotImplementedError("an application that only describes itself admits nobody")
