"""The front page at `/`: links to everything else, as JSON for clients, and as HTML for browsers where the screens are
missing.
"""

from html import escape
from typing import Final

from msgspec import Struct

from openoutcry import __version__
from openoutcry.gateway.screens.sending import HOST
from openoutcry.runtime.exchange import Exchange

LINKS: Final = {
    "/organiser": "the organiser's console",
    "/replay": "a session at any of its moments",
    "/docs": "all routes, to read and to try in the browser",
    "/openapi.json": "the same as an OpenAPI document",
    "/asyncapi.json": "the messages of the WebSocket at /ws, as an AsyncAPI document",
    "/instruments": "what is traded",
    "/market": "the phase, the market's clock, prices of the underlyings",
    "/health": "whether commands are taken",
    "/metrics": "figures for Prometheus",
}

SCREENS_ARE_MISSING: Final = (
    "The screens are missing: this package was built without Node.js. `make web` builds them in the project's folder"
)


class Registering(Struct):
    """How a team registers: with `POST /teams`."""

    method: str
    path: str
    body: dict[str, str]
    roles: tuple[str, ...]
    default_role: str
    needs_join_code: bool


class FrontPage(Struct):
    """`links` describes what is at each path."""

    title: str
    version: str
    links: dict[str, str]
    register: Registering


def front_page(exchange: Exchange) -> FrontPage:
    scenario = exchange.scenario
    registration = scenario.registration
    needs_join_code = registration.role_codes.get(registration.default_role, registration.join_code) is not None
    return FrontPage(
        title=scenario.title,
        version=__version__,
        links=LINKS,
        register=Registering(
            method="POST",
            path="/teams",
            body={"team_name": "Alpha"} | ({"join_code": "the organiser's"} if needs_join_code else {}),
            roles=registration.roles,
            default_role=registration.default_role,
            needs_join_code=needs_join_code,
        ),
    )


def wants_html(accept: bytes) -> bool:
    """Whether a client with this `Accept` is a browser. Other clients may accept anything but do not name HTML."""
    return b"text/html" in accept.lower()


def as_html(page: FrontPage, host: bytes) -> bytes:
    """The page as HTML. `host` is the name by which the client addressed this server."""
    address = f"http://{host.decode('ascii')}" if HOST.fullmatch(host) else "http://HOST:PORT"
    register = page.register
    code = ', join_code="..."' if register.needs_join_code else ""
    links = "\n".join(f'    <li><a href="{path}">{path}</a>: {escape(text)}</li>' for path, text in page.links.items())
    return f"""\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Open Outcry</title>
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
    <style>
      body {{ font-family: sans-serif; line-height: 1.5; max-width: 44em; margin: 3em auto; padding: 0 1em }}
    </style>
  </head>
  <body>
    <h1>Open Outcry</h1>
    <p>An exchange for trading bots: {escape(page.title)}.</p>
    <p>{SCREENS_ARE_MISSING}; everything else works.</p>
    <ul>
{links}
    </ul>
    <h2>Register a team</h2>
    <p>Send <code>POST /teams</code> with a name{" and the organiser's join code" if register.needs_join_code else ""};
    only this answer shows the team's key. Roles: {escape(", ".join(register.roles))}; without one
    <code>{escape(register.default_role)}</code>. In Python:</p>
    <pre>from openoutcry.client import Client

with Client.register_or_resume("{escape(address)}", "my team", key_file="my_team.key"{code}) as api:
    print(api.get_account().data)</pre>
    <p>version {escape(page.version)}</p>
  </body>
</html>
""".encode()
