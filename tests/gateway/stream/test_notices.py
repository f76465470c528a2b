"""News and announcements: on `market`, in `GET /news`, and to whoever joins later, also after a restart."""

import msgspec
import pytest
from gateway_stage import CALL, start_api, start_exchange
from recovery_stage import build
from stream_stage import connected

from openoutcry.bootstrap.projections import projections_of
from openoutcry.domain.commands import Announce, PublishNews, Why
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.events import Announced, NewsPublished
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.protocol.translation.notices import announcement_message, news_message
from openoutcry.runtime.notices import Notices

RATES = {"headline": "Central bank leaves rates unchanged", "category": "central bank"}


@pytest.fixture
async def exchange(tmp_path):
    exchange = start_exchange(tmp_path)
    yield exchange
    exchange.close()


@pytest.fixture
def api(exchange):
    return start_api(exchange)


async def told(exchange, does=None):
    """What a new reader of `market` hears: at first, and when something is done."""
    async with connected(exchange) as client:
        await client.ask("subscribe", channels=["market"])
        if does is not None:
            await does()
        client.say({"op": "ping"})
        messages = []
        while (message := await client.next()).type != "ack":
            messages.append(message)
        return messages


async def test_news_are_told_on_market_and_have_an_id(exchange, api):
    replies = []

    async def publish():
        replies.append(await api.organiser.post("/admin/news", RATES | {"reason": "Rehearsal"}))
        odds = {"regime_shift": 0, "price_jump": 0, "no_effect": 100}
        replies.append(await api.organiser.post("/admin/news", {"headline": "Nothing new", "odds": odds}))

    first, second = await told(exchange, publish)

    assert (first.type, first.news_id, first.headline, first.category) == ("news", "NEWS_1", *RATES.values())
    assert (first.odds.regime_shift, first.odds.price_jump, first.odds.no_effect) == (40, 30, 30)
    assert (second.news_id, second.category, second.odds.no_effect) == ("NEWS_2", "general", 100)
    assert first.market_time == first.timestamp == replies[0].json["timestamp"]
    shown = (await api.get("/news")).data
    assert shown["news"] == [reply.data["news"] for reply in replies]
    assert shown["news"][0].items() <= msgspec.to_builtins(first).items()


async def test_an_announcement_is_told_on_market(exchange, api):
    async def announce():
        assert (await api.organiser.post("/admin/announce", {"text": "Lunch is served"})).data is None

    [announcement] = await told(exchange, announce)
    assert (announcement.type, announcement.text) == ("announcement", "Lunch is served")
    assert announcement.sequence == exchange.sequencer.last_sequence


async def test_whoever_joins_later_hears_the_newest_of_each(exchange, api):
    assert await told(exchange) == []
    for text in ("one", "two"):
        await api.organiser.post("/admin/announce", {"text": text})
        await api.organiser.post("/admin/news", {"headline": text})
    assert [getattr(each, "text", None) or each.headline for each in await told(exchange)] == ["two", "two"]


async def test_whoever_joins_later_hears_the_phase_and_which_instruments_are_halted(exchange, api):
    def seen(messages):
        return [(each.phase, each.instrument_id, each.halted, each.sequence) for each in messages]

    await api.organiser.post(f"/admin/instruments/{CALL}/halt")
    assert seen(await told(exchange)) == [("halted", CALL, True, 1)]
    await api.organiser.post("/admin/halt")
    assert seen(await told(exchange)) == [("halted", CALL, True, 1), ("halted", None, True, 2)]
    await api.organiser.post("/admin/resume")
    await api.organiser.post("/admin/resume", {"instrument_id": CALL})
    assert seen(await told(exchange)) == [("continuous", None, False, 3)]


async def test_phases_are_told_to_whoever_joins_after_a_restart_as_before_it(tmp_path):
    folder = tmp_path / "data"
    exchange = start_exchange(folder, segment_bytes=600)
    organiser = start_api(exchange).organiser
    for path, body in (("/admin/halt", {}), ("/admin/resume", {}), ("/admin/halt", {"instrument_id": CALL})):
        assert (await organiser.post(path, body)).status == 200
    newest = await told(exchange)
    assert [(each.phase, each.instrument_id) for each in newest] == [("continuous", None), ("halted", CALL)]
    exchange.close()
    exchange = start_exchange(folder, segment_bytes=600)
    assert await told(exchange) == newest
    exchange.close()


async def test_news_are_paged_by_id(api):
    for number in range(5):
        await api.organiser.post("/admin/news", {"headline": f"Number {number}"})
    first = (await api.get("/news", query="limit=2")).data
    rest = (await api.get("/news", query="after=NEWS_2")).data
    assert [(len(page["news"]), page["omitted"]) for page in (first, rest)] == [(2, 3), (3, 0)]
    assert rest["news"][0]["headline"] == "Number 2"
    reply = await api.get("/news", query="after=2")
    assert reply.refusal == (400, "MALFORMED_REQUEST")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/admin/news", {"headline": ""}, "headline"),
        ("/admin/news", {"headline": "x" * 201}, "headline"),
        ("/admin/news", {"headline": "two\nlines"}, "headline"),
        ("/admin/news", RATES | {"category": " "}, "category"),
        ("/admin/news", RATES | {"odds": {"regime_shift": 50, "price_jump": 30, "no_effect": 30}}, "odds"),
        ("/admin/news", RATES | {"odds": {"regime_shift": 101, "price_jump": 0, "no_effect": 0}}, "odds.regime_shift"),
        ("/admin/news", RATES | {"regime": "high"}, "regime"),
        ("/admin/announce", {"text": "x" * 1001}, "text"),
    ],
)
async def test_what_is_not_news_is_refused_by_its_field(exchange, api, path, body, field):
    reply = await api.organiser.post(path, body)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == field
    assert exchange.sequencer.last_sequence == 0


async def test_a_restart_changes_nothing_with_a_snapshot_or_without(tmp_path):
    folder = tmp_path / "data"
    exchange = start_exchange(folder, segment_bytes=600)
    for number in range(8):
        await start_api(exchange).organiser.post("/admin/news", {"headline": f"Number {number}"})
        await start_api(exchange).organiser.post("/admin/announce", {"text": f"Number {number}"})
    news, newest = (await start_api(exchange).get("/news")).data, await told(exchange)
    assert (len(news["news"]), len(newest)) == (8, 2)
    for with_snapshot in (False, True):
        exchange.close()
        if with_snapshot:
            assert build(folder, projections_of).commands > 0
        exchange = start_exchange(folder, segment_bytes=600)
        assert (await start_api(exchange).get("/news")).data == news
        assert await told(exchange) == newest
    reply = await start_api(exchange).organiser.post("/admin/news", {"headline": "One more"})
    assert reply.data["news"]["news_id"] == "NEWS_9"
    exchange.close()


def test_market_time_has_the_session_s_offset():
    news = NewsPublished(3, "Rates stay", "general", NewsOdds(), 1_705_329_000, -18_000)
    assert news_message(news, 1_000_000, 7).market_time == "2024-01-15T09:30:00-05:00"
    assert announcement_message(Announced("Lunch", 1_705_329_000, -18_000), 0, 7).market_time.endswith("-05:00")


def test_a_bound_keeps_the_newest_and_counts_the_others():
    notices = Notices(most=2)
    for number in range(1, 6):
        event = NewsPublished(number, "Rates stay", "general", NewsOdds(), None, 0)
        command = PublishNews("Rates stay", "general", NewsOdds(), None, Why())
        notices.apply(Sequenced(number, number, command, Accepted(number)), [event])
    notices.apply(Sequenced(6, 6, Announce("Lunch"), Accepted()), [Announced("Lunch", None, 0)])
    again = Notices(most=2)
    again.restore(memoryview(notices.capture()))
    for each in (notices, again):
        page, omitted = each.page(0, 10)
        assert ([notice.event.news_id for notice in page], omitted, each.forgotten) == ([4, 5], 0, 3)
        assert [notice.sequence for notice in each.newest()] == [5, 6]
