"""Documents about the exchange: the front page, OpenAPI, AsyncAPI, pages to browse them, metrics. Their shape is their
own.
"""

from typing import Any, Final

import msgspec
from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from openoutcry.gateway.rest import documentation, front_page
from openoutcry.gateway.rest.framework.endpoints import Asked
from openoutcry.protocol.asyncapi import asyncapi_document

PROMETHEUS_TEXT: Final = "text/plain; version=0.0.4"

_VARIES: Final = {"Vary": "Accept"}


def document_routes(openapi: dict[str, Any]) -> list[HTTPRouteHandler]:
    """Routes that serve the `openapi` document and its kin, each encoded once."""
    openapi_bytes = msgspec.json.encode(openapi)
    older_openapi_bytes = msgspec.json.encode(documentation.in_openapi_3_0(openapi))
    asyncapi_bytes = msgspec.json.encode(asyncapi_document())

    @get("/", sync_to_thread=False)
    def show_front_page(asked: Asked) -> Response[bytes]:
        page, headers = front_page.front_page(asked.exchange), asked.receipt.headers
        if front_page.wants_html(headers.get(b"accept", b"")):
            html = front_page.as_html(page, headers.get(b"host", b""))
            return Response(html, media_type=MediaType.HTML, headers=_VARIES)
        return Response(msgspec.json.encode(page), media_type=MediaType.JSON, headers=_VARIES)

    @get("/openapi.json", sync_to_thread=False)
    def show_openapi(asked: Asked) -> Response[bytes]:
        return Response(documentation.for_scenario(openapi_bytes, asked.exchange.scenario), media_type=MediaType.JSON)

    @get("/asyncapi.json", sync_to_thread=False)
    def show_asyncapi(asked: Asked) -> Response[bytes]:
        return Response(documentation.for_scenario(asyncapi_bytes, asked.exchange.scenario), media_type=MediaType.JSON)

    @get("/docs", sync_to_thread=False)
    def show_docs() -> Response[bytes]:
        return Response(documentation.PAGE, media_type=MediaType.HTML)

    @get("/docs/openapi.json", sync_to_thread=False)
    def show_docs_openapi(asked: Asked) -> Response[bytes]:
        document = documentation.for_scenario(older_openapi_bytes, asked.exchange.scenario)
        return Response(document, media_type=MediaType.JSON)

    @get("/docs/{name:str}", sync_to_thread=False)
    def show_docs_file(name: FromPath[str]) -> Response[bytes]:
        media_type = documentation.FILES.get(name)
        if media_type is None:
            raise NotFoundException
        return Response(documentation.file_bytes(name), media_type=media_type)

    @get("/metrics", sync_to_thread=False)
    def show_metrics(asked: Asked) -> Response[bytes]:
        return Response(asked.exchange.metrics.text(), media_type=PROMETHEUS_TEXT)

    return [show_front_page, show_openapi, show_asyncapi, show_docs, show_docs_openapi, show_docs_file, show_metrics]
