"""The replay's server answers as its page needs it, and to this machine only."""

import json

import pytest

from openoutcry.gateway.screens.files import PAGES, read_screens
from openoutcry.playback.reading import Reading
from openoutcry.playback.server.application import build_application


@pytest.fixture(scope="module")
def reading(eventful):
    reading = Reading(eventful)
    for record, _ in reading.journal.new():
        reading.playback.take(record)
    yield reading
    reading.close()


def asking(application):
    async def ask(path, *, method="GET", host=b"127.0.0.1:8002"):
        path, _, query = path.partition("?")
        sent = []

        async def send(message):
            sent.append(message)

        async def receive():
            return {"type": "http.request", "body": b""}

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(b"host", host)],
        }
        await application(scope, receive, send)
        body = sent[1]["body"]
        return sent[0]["status"], json.loads(body) if body.startswith(b"{") else body

    return ask


@pytest.fixture
def ask(reading):
    return asking(build_application(reading))


async def test_the_replay_says_what_there_is(ask, reading):
    status, replay = await ask("/replay")
    assert status == 200
    assert [session["session"] for session in replay["sessions"]] == [0, 1, 2]
    assert not any(session["is_running"] for session in replay["sessions"])
    assert replay["last"]["sequence"] == reading.playback.moments.last.sequence
    names = {team["team_name"]: team["has_stream"] for team in replay["teams"]}
    assert names["amber"] is True
    _, marks = await ask(f"/replay/marks?after={replay['marks_count'] - 3}")
    assert len(marks["marks"]) == 3


async def test_a_moment_is_found_by_its_time_and_by_its_sequence(ask):
    _, frame = await ask("/replay/frame?at=2:60000&books=")
    assert frame["moment"]["session"] == 2
    assert frame["moment"]["ms"] <= 60_000
    named = "{session}:{ms}:{sequence}".format(**frame["moment"])
    assert (await ask(f"/replay/frame?at={named}&books="))[1] == frame
    earlier = "2:0:{}".format(frame["moment"]["sequence"] - 1)
    assert (await ask(f"/replay/frame?at={earlier}&books="))[1]["moment"]["sequence"] == frame["moment"]["sequence"] - 1


async def test_a_frame_of_a_team_begins_with_its_welcome(ask):
    _, replay = await ask("/replay")
    team = next(each["team_id"] for each in replay["teams"] if each["team_name"] == "coral")
    _, frame = await ask(f"/replay/frame?at=1:120000&team={team}")
    sequence, ms, message = frame["messages"][0]
    assert (message["type"], message["team_id"]) == ("welcome", team)
    assert {"session": 1, "ms": ms, "sequence": sequence} == frame["keyframe"]
    assert frame["answers"]["GET /account"]["account"]["team_id"] == team


async def test_slices_go_on_where_the_last_one_ended(ask):
    at, rounds, sequences = "1:0", 0, []
    while True:
        _, part = await ask(f"/replay/messages?after={at}&to=2:100000&books=")
        assert part["from"]["sequence"] < part["to"]["sequence"]
        sequences += [sequence for sequence, _, _ in part["messages"]]
        at, rounds = "{session}:{ms}:{sequence}".format(**part["to"]), rounds + 1
        if part["to"]["session"] == 2 and part["to"]["ms"] >= 99_000:
            break
    assert rounds > 1
    assert sequences == sorted(sequences)


async def test_the_history_is_the_newest_of_what_is_asked_for(ask):
    _, history = await ask("/replay/history?types=trade,news&to=2:200000&limit=7&instrument_id=SPY")
    messages = [message for _, _, message in history["messages"]]
    assert len(messages) == 7
    assert {message["instrument_id"] for message in messages} == {"SPY"}


async def test_prices_and_largest_trades_are_of_one_session(ask):
    _, prices = await ask("/replay/prices?session=1&after=10")
    assert prices["symbols"]["SPX"]["ms"][0] == 10_000
    _, largest = await ask("/replay/largest-trades?session=1")
    assert {each["moment"]["session"] for each in largest["trades"]} == {1}
    assert largest["trades"][0]["message"]["type"] == "trade"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/replay/frame?at=noon", 400, "INVALID_MOMENT"),
        ("/replay/frame", 400, "MALFORMED_REQUEST"),
        ("/replay/frame?at=1:0&tema=TEAM_1", 400, "MALFORMED_REQUEST"),
        ("/replay/frame?at=1:0&team=TEAM_999", 404, "TEAM_NOT_FOUND"),
        ("/replay/frame?at=1:0&team=somebody", 404, "TEAM_NOT_FOUND"),
        ("/replay/history?types=trades&to=1:0", 400, "INVALID_TYPE"),
        ("/replay/history?types=trade&to=1:0&limit=9999", 400, "MALFORMED_REQUEST"),
        ("/replay/prices?session=-1", 400, "MALFORMED_REQUEST"),
        ("/nowhere", 404, "NOT_FOUND"),
    ],
)
async def test_a_bad_request_is_refused_in_a_sentence(ask, path, status, code):
    told, answer = await ask(path)
    assert (told, answer["error"]["code"]) == (status, code)
    assert answer["error"]["message"][0].isupper() or answer["error"]["message"][0] == "'"


async def test_nothing_can_be_changed(ask):
    status, answer = await ask("/replay", method="POST")
    assert (status, answer["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("host", [b"evil.example", b"127.0.0.1.evil.example:8002", b""])
async def test_another_host_s_name_is_refused(ask, host):
    status, answer = await ask("/replay", host=host)
    assert (status, answer["error"]["code"]) == (403, "OTHER_HOST")


@pytest.mark.parametrize("host", [b"localhost", b"localhost:8002", b"127.0.0.1"])
async def test_this_machine_s_names_are_taken(ask, host):
    assert (await ask("/", host=host))[0] == 200


async def test_the_page_of_the_replay_is_the_front_page(reading, tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "replay-1.js").write_text("show();")
    for name in PAGES.values():
        (tmp_path / name).write_text(f"<!doctype html><title>{name}</title>")
    ask = asking(build_application(reading, read_screens(tmp_path)))
    assert await ask("/") == (200, b"<!doctype html><title>replay.html</title>")
    assert await ask("/assets/replay-1.js") == (200, b"show();")
    assert (await ask("/replay"))[1]["state"] == reading.state
    assert (await ask("/assets/other.js"))[0] == 404
    assert (await ask("/", host=b"evil.example"))[0] == 403
