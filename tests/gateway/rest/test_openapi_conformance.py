"""schemathesis sends valid and invalid requests to every operation, and compares the answers with the document."""

import tempfile
from pathlib import Path

import pytest
import schemathesis
from gateway_stage import ADMIN_KEY, start_api, start_exchange
from hypothesis import settings
from schemathesis.checks import negative_data_rejection, positive_data_acceptance
from schemathesis.python.asgi import shutdown_lifespans

from openoutcry.access.keys import hash_key
from openoutcry.domain.commands import RegisterTeam
from openoutcry.gateway.rest.openapi import openapi_document

KEY = "the-key-of-a-market-maker"


class SelfOpening:
    """An application that opens its exchange in the loop of its server, and closes it at the server's shutdown."""

    def __init__(self):
        self._api = None

    async def __call__(self, scope, receive, send):
        if scope["type"] != "lifespan":
            await self._api.app(scope, receive, send)
            return
        await receive()
        with tempfile.TemporaryDirectory() as directory:
            exchange = start_exchange(Path(directory))
            exchange.sequencer.perform(RegisterTeam("alpha", "market_maker", hash_key(KEY.encode())))
            self._api = start_api(exchange)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            exchange.close()
        await send({"type": "lifespan.shutdown.complete"})


schema = schemathesis.openapi.from_dict(openapi_document())
schema.app = SelfOpening()


@pytest.fixture(scope="module", autouse=True)
def _close_at_the_end():
    yield
    shutdown_lifespans()


# What a schema allows, the validator may still refuse: a price off the grid, a quantity beyond a limit.
NOT_PROMISED = [positive_data_acceptance]
# A side or time in force that does not exist is refused in its own place among the results.
NOT_PROMISED_OF_BATCHES = [*NOT_PROMISED, negative_data_rejection]


@schema.parametrize()
@settings(max_examples=15, deadline=None)
def test_the_server_keeps_what_its_document_promises(case):
    excluded = NOT_PROMISED_OF_BATCHES if case.operation.label == "POST /orders/batch" else NOT_PROMISED
    case.call_and_validate(headers={"X-API-Key": KEY, "X-Admin-Key": ADMIN_KEY}, excluded_checks=excluded)
