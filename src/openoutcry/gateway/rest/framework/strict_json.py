"""Request bodies on Litestar's routes, decoded by the same function as on the fast lane."""

from typing import Any, ClassVar, cast

from litestar.dto import AbstractDTO
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition
from msgspec import Struct

from openoutcry.gateway.http.asgi import Scope
from openoutcry.gateway.http.decoding import decode
from openoutcry.gateway.rest.framework.visits import visit_of


class StrictJson(AbstractDTO[Struct]):
    """Litestar's hook for the decoding of `data`; only that part of a DTO is used."""

    _request_types: ClassVar[dict[str, type[Any]]] = {}
    """By the id of the route's handler."""

    def decode_bytes(self, value: bytes) -> Any:
        connection = self.asgi_connection
        request_type = self._request_types[connection.route_handler.handler_id]
        receipt = visit_of(cast(Scope, connection.scope)).receipt
        request = decode(value, request_type, receipt)
        # The parts of a batch are answered under its id, wherever that came from.
        request.request_id = receipt.request_id
        return request

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: object = None
    ) -> None:
        del backend_cls
        cls._request_types[handler_id] = field_definition.annotation

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any
    ) -> Reference | Schema:
        del handler_id
        schema: Reference | Schema = schema_creator.for_field_definition(field_definition)
        return schema
