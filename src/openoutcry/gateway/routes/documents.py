"""Documents about the exchange: OpenAPI, AsyncAPI, pages to browse them, metrics. Their shape is their own."""

from typing import Any, Final

import msgspec
from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from openoutcry.gateway import documentation
from openoutcry.gateway.framework.endpoints import Asked
from openoutcry.protocol.asyncapi import asyncapi_document

PROMETHEUS_TEXT: Final = "text/plain; version=0.0.4"


def document_routes(openapi: dict[str, Any]) -> list[HTTPRouteHandler]:
    """Routes that serve the `openapi` document and its kin, each encoded once."""
    openapi_bytes = msgspec.json.encode(openapi)
    older_openapi_bytes = msgspec.json.encode(documentation.in_openapi_3_0(openapi))
    asyncapi_bytes = msgspec.json.encode(asyncapi_document())

    @get("/openapi.json", sync_to_thread=False)
    def show_openapi() -> Response[bytes]:
        return Response(openapi_bytes, media_type=MediaType.JSON)

    @get("/asyncapi.json", sync_to_thread=False)
    def show_asyncapi() -> Response[bytes]:
        return Response(asyncapi_bytes, media_type=MediaType.JSON)

    @get("/docs", sync_to_thread=False)
    def show_docs() -> Response[bytes]:
        return Response(documentation.PAGE, media_type=MediaType.HTML)

    @get("/docs/openapi.json", sync_to_thread=False)
    def show_docs_openapi() -> Response[bytes]:
        return Response(older_openapi_bytes, media_type=MediaType.JSON)

    @get("/docs/{name:str}", sync_to_thread=False)
    def show_docs_file(name: FromPath[str]) -> Response[bytes]:
        media_type = documentation.FILES.get(name)
        if media_type is None:
            raise NotFoundException
        return Response(documentation.file_bytes(name), media_type=media_type)

    @get("/metrics", sync_to_thread=False)
    def show_metrics(asked: Asked) -> Response[bytes]:
        return Response(asked.exchange.metrics.text(), media_type=PROMETHEUS_TEXT)

    return [show_openapi, show_asyncapi, show_docs, show_docs_openapi, show_docs_file, show_metrics]
