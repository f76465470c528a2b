"""The address of an exchange. The base URL is parsed and checked before anything is sent."""

from urllib.parse import urlsplit

from msgspec import Struct


class Address(Struct, frozen=True):
    """Host, port, and the path that precedes every route."""

    secure: bool
    host: str
    port: int
    prefix: str

    @classmethod
    def parse(cls, base_url: str) -> "Address":
        """The address written as `base_url`, such as `http://127.0.0.1:8000`.

        Raises `ValueError`.
        """
        try:
            parts = urlsplit(base_url)
            port = parts.port
        except ValueError as error:
            raise ValueError(f"base_url {base_url!r}: {error}") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"base_url {base_url!r} must look like 'http://127.0.0.1:8000'")
        if parts.query or parts.fragment or parts.username is not None:
            raise ValueError(f"base_url {base_url!r} must not contain a query, a fragment or a user name")
        secure = parts.scheme == "https"
        if port is None:
            port = 443 if secure else 80
        return cls(secure, parts.hostname, port, parts.path.rstrip("/"))

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.authority}{self.prefix}"

    @property
    def stream_url(self) -> str:
        return f"{'wss' if self.secure else 'ws'}://{self.authority}{self.prefix}/ws"
