"""The screens in the machine's browser: pages that are watched for errors, and a market of one instrument for them."""

import json
import os
import re
import shutil
from contextlib import contextmanager
from itertools import count

from playwright.sync_api import expect, sync_playwright

from openoutcry.client import Client

CHROMIUM = os.environ.get("OPENOUTCRY_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
"""The browser; None if the machine has none."""

PATIENCE_MS = 30_000
"""After which a test that waits has failed; nothing is measured with it."""

expect.set_options(timeout=PATIENCE_MS)

OPTION = "SPX_CALL_4500_20240315"

# What the browser itself says of a request that was refused, as an order may be. The page tells it in words.
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
# What it says of a server that is gone.
_GONE = re.compile(
    r"net::ERR_(INTERNET_DISCONNECTED|CONNECTION_\w+|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)"
    r"|WebSocket connection to '.*' failed"
)


@contextmanager
def browser_of_the_machine():
    """Chromium without a window, for as long as the `with`: no event loop of another test runs meanwhile."""
    with sync_playwright() as playwright:
        # A container's root has no sandbox, and what is shown is our own.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Desk:
    """A browser's windows upon one exchange, each as a person's own; all that went wrong in them is kept."""

    def __init__(self, browser) -> None:
        self._browser = browser
        self._contexts = []
        self.complaints = []
        """Errors on the console (a broken security policy is one), and errors that no code caught."""
        self.asked = []
        """The address of every request, of every window."""
        self.sent = []
        """Every message that a window has sent on a stream."""
        self.server_may_vanish = False
        """Whether a server is killed in this test: that connections to it fail is no error then."""

    def open(self, url, *, key=None, organiser=None, **options):
        """A page in a window of its own, logged in with the key of a team or of the organiser."""
        context = self._browser.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        kept = {"openoutcry.team-key": key}
        if organiser is not None:
            kept |= {"openoutcry.organiser-key": organiser, "openoutcry.organiser-name": "Ada"}
        lines = (f"sessionStorage.setItem({name!r}, {value!r});" for name, value in kept.items() if value is not None)
        context.add_init_script("\n".join(lines))
        page = context.new_page()
        page.on("console", lambda message: self._hear(message) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda stream: stream.on("framesent", lambda text: self.sent.append(json.loads(text))))
        page.goto(url)
        return page

    def channels(self, op):
        """The channels that were named in such messages."""
        return {channel for message in self.sent if message["op"] == op for channel in message["channels"]}

    def close(self):
        for context in self._contexts:
            context.close()

    def _hear(self, message):
        text = f"{message.text} ({message.location.get('url', '')})"
        if _REFUSED.match(message.text) or (self.server_may_vanish and _GONE.search(text)):
            return
        self.complaints.append(text)


class Organiser:
    """Who conducts the session over HTTP."""

    def __init__(self, server) -> None:
        self.key = (server.data / "admin.key").read_text().strip()
        self._server = server

    def ask(self, method, path, body=None):
        status, answer = self._server.ask(method, path, body, **{"X-Admin-Key": self.key})
        assert answer["success"], (status, answer)
        return answer["data"]

    def open_market(self, speed):
        """Start a session, and go on at `speed` once it trades."""
        self.ask("POST", "/admin/session", {"action": "start"})
        with Client(self._server.url) as api, api.events(timeout_seconds=PATIENCE_MS / 1_000) as events:
            api.subscribe("market")
            assert any(event.type == "session_status" and event.phase == "continuous" for event in events)
        self.ask("POST", "/admin/speed", {"speed": speed})


class Trader:
    """A team that trades over HTTP, as a bot would."""

    _numbers = count(1)

    def __init__(self, server, role) -> None:
        self._server = server
        self.name = f"{role.replace('_', ' ')} {next(self._numbers)}"
        status, answer = server.ask("POST", "/teams", {"team_name": self.name, "role": role})
        assert status == 200, answer
        self.key = answer["data"]["api_key"]

    def ask(self, method, path, body=None):
        status, answer = self._server.ask(method, path, body, **{"X-API-Key": self.key})
        assert answer["success"], (status, answer)
        return answer["data"]

    def order(self, side, quantity, price, instrument=OPTION):
        body = {"instrument_id": instrument, "side": side, "quantity": quantity, "order_type": "limit", "price": price}
        return self.ask("POST", "/orders", body)

    def buy(self, instrument):
        """One contract at any price, as soon as somebody offers one: the house may not have quoted yet."""
        before = self.fills()
        while self.fills() == before:
            body = {"instrument_id": instrument, "side": "buy", "quantity": 1, "order_type": "market"}
            self.ask("POST", "/orders", body)

    def fills(self):
        """How many there are."""
        return len(self.ask("GET", "/fills")["fills"])

    def goes_on(self, server):
        """The same team, on the next life of its exchange."""
        self._server = server

    def cancel_all(self):
        self.ask("DELETE", "/orders")


def panel(page, title):
    """The panel with this title, or one that begins so."""
    return page.get_by_role("region", name=re.compile(rf"^{re.escape(title)}"))


def rows(page, title):
    """The rows of the table in a panel, without its head."""
    return panel(page, title).locator("tbody tr")
