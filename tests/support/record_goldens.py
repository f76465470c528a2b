"""What the exchange makes of the goldens' session, and of its documents: files by name, the same in every run.

`make goldens` writes the goldens anew. `make goldens FOLDER=/tmp/before` writes them, and every message in full, into
another folder: do so on two commits and compare the folders to see what a difference is made of.
"""

import asyncio
import hashlib
import itertools
import json
import sys
import tempfile
from pathlib import Path

import msgspec
from golden_session import clock_at, session

from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import NO_KEY, RegisterTeam
from openoutcry.domain.reasons import Accepted, Reject
from openoutcry.domain.types import TeamId
from openoutcry.gateway.app import build_app
from openoutcry.protocol.channels import parse_channel
from openoutcry.runtime.streams.connection import Connection
from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.snapshots.snapshot import SHAPE
from reference import busy_session

GOLDENS = Path(__file__).resolve().parents[1] / "house" / "goldens"
PUBLIC = "public"
CHANNELS = ("market", "book:*", "top:*", "trades:*")
COMMANDS_PER_HASH = 25
BUSY_SESSIONS = 4
"""One under each kind of self-trade prevention."""


class SessionClock:
    """Stands at the time of the command at hand."""

    def __init__(self):
        self.time = clock_at(0)

    def now(self):
        return self.time

    def elapsed(self):
        return self.time


class NoHelper:
    """Nothing is synced beside the session: what the disk has is not in question."""

    def __init__(self, work, interval_seconds):
        pass

    def wake(self):
        pass

    def stop(self):
        pass


def exchange_on(directory, clock):
    """An exchange whose clock, machine and disk are the same in every run. To be opened in a loop that runs."""
    return open_server(
        load_scenario(GOLDENS / "scenario.toml"),
        directory,
        admin_key_hash=bytes(32),
        loop=asyncio.get_running_loop(),
        clock=clock,
        start_helper=NoHelper,
        boot_id="goldens",
    )


class Readers:
    """A reader of every team's private stream, and one of all public channels, each told apart by a name."""

    def __init__(self, exchange):
        self._exchange = exchange
        self._connections = {}
        self.heard = {}
        """By reader, every message so far."""
        channels, queries = exchange.public_channels, exchange.sequencer.queries
        reader = self._attach(PUBLIC)
        for channel in channels.subscribe(reader, map(parse_channel, CHANNELS)):
            channels.begin(reader, channel, queries.depth)

    def follow(self, team_id):
        stream = self._exchange.private_streams.of_team(TeamId(team_id))
        self._exchange.connections.follow(self._attach(f"team-{team_id}"), TeamId(team_id), stream, 0)

    def take(self):
        """By reader, what is new to it."""
        new = {}
        for name, connection in self._connections.items():
            while messages := connection.take():
                new.setdefault(name, []).extend(messages)
                self.heard[name] += messages
        return new

    def _attach(self, name):
        connection = Connection(self._exchange.public_channels.snapshot_of, lambda: 0.0, self._exchange.outgoing)
        assert self._exchange.connections.attach(connection)
        self._connections[name], self.heard[name] = connection, []
        return connection


def record():
    """Files by name: the goldens, and those below `in-full/`, which are too large to keep."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_record(Path(folder)))


async def _record(directory):
    clock = SessionClock()
    exchange = exchange_on(directory, clock)
    lines, digests = [], {}
    try:
        app = build_app(exchange)
        files = {name: _readable(await _get(app, "/" + name)) for name in ("openapi.json", "asyncapi.json")}
        readers = Readers(exchange)
        lines += _told(readers)
        commands, verdict = session(), None
        for number in itertools.count(1):
            try:
                command = commands.send(verdict)
            except StopIteration:
                break
            clock.time = clock_at(number)
            sequenced, _ = exchange.sequencer.perform(command)
            assert sequenced.sequence == number
            verdict = sequenced.verdict
            lines.append(f"{number} {msgspec.json.encode(command).decode()} -> {_shown(verdict)}")
            if isinstance(command, RegisterTeam) and isinstance(verdict, Accepted) and command.key_hash != NO_KEY:
                readers.follow(verdict.new_id)
            lines += _told(readers)
            if number % COMMANDS_PER_HASH == 0:
                lines.append(f"    state {exchange.sequencer.state_hash()}")
        digests["state at the end"] = exchange.sequencer.state_hash()
        digests["shape of a snapshot"] = SHAPE
    finally:
        exchange.close()
    for name, messages in readers.heard.items():
        files[f"in-full/{name}.jsonl"] = told = b"\n".join(messages)
        digests[f"{len(messages)} messages to {name}"] = hashlib.sha256(told).hexdigest()
    for folder in ("journal", "events"):
        for path in sorted((directory / folder).iterdir()):
            content = path.read_bytes()
            digests[f"{folder}/{path.name}, {len(content)} bytes"] = hashlib.sha256(content).hexdigest()
            files[f"{'' if folder == 'journal' else 'in-full/'}{folder}/{path.name}"] = content
    for seed in range(BUSY_SESSIONS):
        digests[f"busy session {seed}, number and SHA-256 of events, state"] = busy_session.fingerprint(seed)
    files["session.txt"] = _text(lines)
    files["digests.txt"] = _text(f"{of}: {digest}" for of, digest in digests.items())
    return files


def _told(readers):
    """A line for each reader who heard something: the messages' types, each with the beginning of its digest."""
    for name, messages in readers.take().items():
        heard = (f"{json.loads(each)['type']} {hashlib.sha256(each).hexdigest()[:8]}" for each in messages)
        yield f"    {name}: {', '.join(heard)}"


def _shown(verdict):
    if isinstance(verdict, Reject):
        details = "" if verdict.details is None else f" {json.dumps(verdict.details)}"
        return f"{verdict.code}: {verdict.message}{details}"
    return " ".join(str(part) for part in (type(verdict).__name__, *msgspec.structs.astuple(verdict)))


def _readable(document):
    """A JSON document in one form whatever the order of its keys, a line for each value."""
    return _text([json.dumps(json.loads(document), indent=1, sort_keys=True, ensure_ascii=False)])


def _text(lines):
    return "".join(f"{line}\n" for line in lines).encode()


async def _get(app, path):
    """The body of an answer."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "client": ("192.0.2.1", 40000),
        "server": ("192.0.2.9", 80),
        "state": {},
    }
    await app(scope, receive, send)
    assert sent[0]["status"] == 200, sent
    return b"".join(message.get("body", b"") for message in sent[1:])


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    for name, content in record().items():
        if folder is None and name.startswith("in-full/"):
            continue
        path = (folder or GOLDENS) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
