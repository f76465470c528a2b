"""Which pages may open a stream: browsers let every page open a WebSocket and name the page in `Origin`."""

from collections.abc import Mapping, Sequence

from openoutcry.gateway.stream.refusals import StreamRefused
from openoutcry.protocol.stream import CloseCode
from openoutcry.protocol.stream_errors import StreamErrorCode


def check_origin(headers: Mapping[bytes, bytes], allowed: Sequence[str]) -> None:
    """Let in the exchange's own pages, pages of the `allowed` origins, and clients that name none.

    Raises `StreamRefused` for any other page.
    """
    origin = headers.get(b"origin")
    if origin is None:
        return
    name, own = origin.decode("latin-1"), headers.get(b"host", b"").decode("latin-1")
    if name.partition("://")[2] != own and name not in allowed and "*" not in allowed:
        raise StreamRefused(
            StreamErrorCode.ORIGIN_NOT_ALLOWED,
            "This exchange takes no connections from pages of this origin;"
            " its organiser can add it to the scenario's cors_origins",
            close_code=CloseCode.NOT_PERMITTED,
        )
