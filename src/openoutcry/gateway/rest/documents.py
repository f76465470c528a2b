"""Documents about the exchange: the screens, OpenAPI, AsyncAPI, pages to browse them, metrics.

They do not have the shape of the API's answers.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

import msgspec

from openoutcry.gateway.http.answer import JSON, Header
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.rest import front_page, swagger_ui
from openoutcry.gateway.rest.examples import for_scenario
from openoutcry.gateway.rest.openapi import openapi_document
from openoutcry.gateway.rest.openapi_3_0 import in_openapi_3_0
from openoutcry.gateway.rest.unknown_paths import unknown_path
from openoutcry.gateway.screens.files import ASSETS, HTML, PAGES, File, Screens
from openoutcry.gateway.screens.sending import send_file
from openoutcry.protocol.asyncapi import asyncapi_document
from openoutcry.runtime.exchange import Exchange, Server

PROMETHEUS_TEXT: Final = b"text/plain; version=0.0.4; charset=utf-8"


class Document(NamedTuple):
    """A document to send in place of an answer of the API."""

    content_type: bytes
    content: bytes
    headers: tuple[Header, ...] = ()
    status: int = 200
    """Or 304, without content: the client has it."""


Show = Callable[..., Document]
"""Called with the server, the request's `Receipt`, and the parameters of the path."""


def documents(screens: Screens | None) -> dict[str, Show]:
    """The function that shows each document, by path. Without `screens` the front page says that they are missing."""
    return {**_about_the_api(), **(dict.fromkeys(PAGES, _front_page) if screens is None else _shown(screens))}


def _shown(screens: Screens) -> dict[str, Show]:
    def show_asset(_: Exchange, receipt: Receipt, name: str) -> Document:
        file = screens.assets.get(name)
        if file is None:
            raise unknown_path(f"/{ASSETS}/{name}")
        return _file(file, receipt)

    def show_floor(exchange: Exchange, receipt: Receipt) -> Document:
        if front_page.wants_html(receipt.headers.get(b"accept", b"")):
            return _file(screens.pages["/"], receipt)
        return _front_page(exchange, receipt)

    def page(path: str) -> Show:
        return lambda _, receipt: _file(screens.pages[path], receipt)

    return {**{path: page(path) for path in screens.pages}, "/": show_floor, f"/{ASSETS}/{{name}}": show_asset}


def _file(file: File, receipt: Receipt) -> Document:
    sent = send_file(file, receipt.headers)
    return Document(file.content_type, sent.content, sent.headers, sent.status)


@cache
def _about_the_api() -> dict[str, Show]:
    """The documents are encoded once in a process."""
    openapi = openapi_document()
    openapi_bytes = msgspec.json.encode(openapi)
    older_openapi_bytes = msgspec.json.encode(in_openapi_3_0(openapi))
    asyncapi_bytes = msgspec.json.encode(asyncapi_document())

    def show_openapi(exchange: Exchange, _: Receipt) -> Document:
        return Document(JSON, for_scenario(openapi_bytes, exchange.scenario))

    def show_older_openapi(exchange: Exchange, _: Receipt) -> Document:
        return Document(JSON, for_scenario(older_openapi_bytes, exchange.scenario))

    def show_asyncapi(exchange: Exchange, _: Receipt) -> Document:
        return Document(JSON, for_scenario(asyncapi_bytes, exchange.scenario))

    return {
        "/openapi.json": show_openapi,
        "/asyncapi.json": show_asyncapi,
        "/docs": show_docs,
        "/docs/openapi.json": show_older_openapi,
        "/docs/{name}": show_docs_file,
        "/metrics": show_metrics,
    }


def _front_page(exchange: Exchange, receipt: Receipt) -> Document:
    page, headers = front_page.front_page(exchange), receipt.headers
    varies: tuple[Header, ...] = ((b"vary", b"Accept"),)
    if front_page.wants_html(headers.get(b"accept", b"")):
        return Document(HTML, front_page.as_html(page, headers.get(b"host", b"")), varies)
    return Document(JSON, msgspec.json.encode(page), varies)


def show_docs(_: Exchange, __: Receipt) -> Document:
    return Document(HTML, swagger_ui.PAGE)


def show_docs_file(_: Exchange, __: Receipt, name: str) -> Document:
    content_type = swagger_ui.FILES.get(name)
    if content_type is None:
        raise unknown_path(f"/docs/{name}")
    return Document(content_type, swagger_ui.file_bytes(name))


def show_metrics(exchange: Server, _: Receipt) -> Document:
    return Document(PROMETHEUS_TEXT, exchange.metrics.text())
