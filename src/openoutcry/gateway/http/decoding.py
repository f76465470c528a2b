"""From bytes to typed requests, strictly."""

from typing import TypeVar

import msgspec
from msgspec import Struct

from openoutcry.access.echoes import echo
from openoutcry.access.refusals import malformed
from openoutcry.gateway.http.explanations import empty_body, explain
from openoutcry.gateway.http.receipts import MAX_REQUEST_ID, Receipt
from openoutcry.gateway.http.repeated_keys import repeated_key
from openoutcry.gateway.http.request_names import request_id_in
from openoutcry.protocol.requests import EmptyRequest

Request = TypeVar("Request", bound=Struct)


def decode(body: bytes, request_type: type[Request], receipt: Receipt) -> Request:
    """The request in `body`; `receipt` learns its id. Raises `Refused` (400) for anything that is not exactly one.

    `receipt` learns the id of a refused body too, if that could be read.
    """
    if not body:
        raise empty_body(request_type)
    try:
        request = msgspec.json.decode(body, type=request_type)
    except RecursionError:
        raise malformed(None, "The JSON is nested too deeply to be a request") from None
    except msgspec.ValidationError as error:
        _name_refused(body, receipt)
        raise explain(str(error), request_type) from None
    except msgspec.DecodeError as error:
        raise malformed(None, f"The body is not JSON: {error}") from None
    except UnicodeDecodeError:
        raise malformed(None, "The body is not UTF-8 text; JSON is sent as UTF-8") from None
    receipt.name_request(getattr(request, "request_id", None))
    repeated = repeated_key(body)
    if repeated is not None:
        raise malformed(echo(repeated), f"The key {echo(repeated)!r} stands more than once in an object; send it once")
    return request


def decode_empty(body: bytes, receipt: Receipt) -> None:
    """For a request that needs no body, but may carry an object with a `request_id`. Raises `Refused`."""
    if body:
        decode(body, EmptyRequest, receipt)


def _name_refused(body: bytes, receipt: Receipt) -> None:
    request_id = request_id_in(body)
    if request_id is not None and 0 < len(request_id) <= MAX_REQUEST_ID:
        receipt.name_request(request_id)
