"""The Litestar application: every route but the WebSocket."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, cast

from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.types import Scope

from openoutcry.gateway import asgi
from openoutcry.gateway.admission import Gate
from openoutcry.gateway.framework.exceptions import ExceptionAnswers
from openoutcry.gateway.framework.middleware import Admission
from openoutcry.gateway.framework.receipts import receipt_of
from openoutcry.gateway.framework.schemas import StructReferences, openapi_config, openapi_document
from openoutcry.gateway.framework.strict_json import StrictJson
from openoutcry.gateway.receipts import Receipt
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


def build_framework(exchange: Exchange, gate: Gate) -> Litestar:
    """Serves all of `API_ROUTES` and the documents about them."""
    return Litestar(
        route_handlers=[*API_ROUTES, *document_routes(exchange, describe_routes())],
        dependencies=_dependencies(lambda: exchange),
        dto=StrictJson,
        return_dto=None,
        middleware=[Admission(exchange, gate)],
        exception_handlers={Exception: ExceptionAnswers(exchange)},
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
        dependencies=_dependencies(_nothing_to_serve),
        dto=StrictJson,
        return_dto=None,
        plugins=[references],
        openapi_config=openapi_config(),
    )
    return openapi_document(described, references)


def _nothing_to_serve() -> Exchange:
    raise NotImplementedError


def _dependencies(exchange: Callable[[], Exchange]) -> dict[str, Provide]:
    def the_exchange() -> Exchange:
        return exchange()

    def the_receipt(scope: Scope) -> Receipt:
        return receipt_of(cast(asgi.Scope, scope))

    return {
        "exchange": Provide(the_exchange, sync_to_thread=False),
        "receipt": Provide(the_receipt, sync_to_thread=False),
    }
