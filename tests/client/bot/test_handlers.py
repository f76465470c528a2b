"""Which handlers a class defines, what it reads for them, and what they are called with."""

from typing import get_args

import pytest
from bot_stage import EXAMPLE, PUT, Acting, BotStage
from msgspec import structs
from operations_stage import limit_order
from venues import CALL

from openoutcry import Bot
from openoutcry.client.bot.handlers import ABOUT_THE_CONNECTION, ALWAYS, CHANNELS, OF_MESSAGES
from openoutcry.client.events import Disconnected, Event, RawEvent, StreamReset
from openoutcry.operations.order_entry import submit_order
from openoutcry.protocol.stream import (
    Ack,
    BookSnapshot,
    BookUpdate,
    Heartbeat,
    News,
    PrivateMessage,
    PublicMessage,
    StreamError,
    Trade,
    Welcome,
)

MESSAGES = [kind for kind in get_args(Event) if kind is not RawEvent and kind.type not in ABOUT_THE_CONNECTION]
EXAMPLES = EXAMPLE | {
    StreamReset: StreamReset(after_seq=3, welcome=EXAMPLE[Welcome]),
    Disconnected: Disconnected(reason="gone", close_code=None, reconnecting=True),
}


def noting(*names):
    """A class with these handlers, each of which notes what it is called with."""

    def handler(name):
        return lambda self, *message: self.noted.append((name, *message))

    def begin(self):
        self.noted = []

    return type("Noting", (Bot,), {"__init__": begin, **{name: handler(name) for name in names}})


# ---- what they are called with


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.type)
def test_each_message_goes_to_its_handler_or_to_on_event(kind):
    name, message = f"on_{kind.type}", EXAMPLES[kind]
    for defined in ((name,), (name, "on_event"), ("on_event",)):
        acting = Acting(noting(*defined))
        acting.hear(message)
        assert acting.bot.noted == [(defined[0], message)]
    acting = Acting(noting("on_timer"))
    acting.hear(message)
    assert (acting.bot.noted, acting.run.counts.messages) == ([], 1)


def test_every_message_of_the_exchange_has_a_handler_that_every_bot_can_define():
    of_the_exchange = {kind.type for kind in (*get_args(PrivateMessage), *get_args(PublicMessage))}
    assert of_the_exchange < set(OF_MESSAGES.values())
    assert {kind.type for kind in MESSAGES} == set(OF_MESSAGES.values())
    assert all(callable(getattr(Bot, name)) for name in OF_MESSAGES)


def test_messages_of_a_newer_exchange_go_to_on_event_and_those_about_the_connection_to_nobody():
    acting = Acting(noting("on_event"))
    unknown = RawEvent("fireworks", {"type": "fireworks", "seq": 3})
    acting.hear(EXAMPLE[Heartbeat], EXAMPLE[Ack], EXAMPLE[StreamError], unknown)
    assert acting.bot.noted == [("on_event", unknown)]


def test_on_book_stands_for_the_messages_of_books():
    acting = Acting(noting("on_book", "on_event"))
    snapshot, update = EXAMPLE[BookSnapshot], EXAMPLE[BookUpdate]
    acting.hear(snapshot, EXAMPLE[News])
    assert [name for name, *_ in acting.bot.noted] == ["on_book", "on_event"]
    assert acting.bot.noted[0][1] is acting.bot.books[snapshot.instrument_id]
    acting = Acting(noting("on_book", "on_book_update", "on_book_snapshot"))
    acting.hear(snapshot, structs.replace(update, book_seq=1))
    assert [name for name, *_ in acting.bot.noted] == ["on_book_snapshot", "on_book", "on_book_update", "on_book"]


def test_on_book_comes_right_after_an_async_handler_of_its_message():
    class Both(Bot):
        def __init__(self):
            self.noted = []

        async def on_book_snapshot(self, _snapshot):
            self.noted.append("snapshot")

        def on_book(self, _book):
            self.noted.append("book")

        def on_news(self, _news):
            self.noted.append("news")

    acting = Acting(Both)
    acting.hear(EXAMPLE[BookSnapshot], EXAMPLE[News])
    assert acting.bot.noted == ["snapshot", "book", "news"]


def test_handlers_may_come_from_a_class_beside_bot_and_from_a_bot_above():
    class Mixin:
        def on_trade(self, trade):
            self.noted.append("trade")

    class Above(Mixin, noting("on_news")):
        """Two handlers."""

    class Below(Above):
        def on_news(self, news):
            self.noted.append("news below")

    acting = Acting(Below)
    acting.hear(EXAMPLE[Trade], EXAMPLE[News])
    assert acting.bot.noted == ["trade", "news below"]
    assert "trades:*" in Below.handled.channels


# ---- what is read for them


@pytest.mark.parametrize(("name", "channel"), CHANNELS.items())
def test_the_channel_of_a_handler_is_read(name, channel):
    acting = Acting(noting(name))
    assert acting.line.channels == [(*ALWAYS, channel)]


def test_a_bot_without_handlers_reads_the_market_and_what_it_names():
    kind = type("Named", (Bot,), {"channels": ("greeks:*", "leaderboard", "market")})
    assert kind.handled.channels == (*ALWAYS, "greeks:*", "leaderboard")


def test_channels_of_single_instruments_narrow_what_a_handler_gets():
    class Narrow(noting("on_book", "on_trade")):
        channels = (f"book:{CALL}",)

    assert Narrow.handled.channels == (*ALWAYS, "trades:*", f"book:{CALL}")


def test_every_public_message_has_a_channel_that_is_read_for_its_handler():
    """On a real exchange: what happens in the book reaches the handlers of it, and nobody else's channel is read."""
    stage = BotStage()
    kind = noting("on_trade", "on_top_of_book", "on_book")
    run = stage.join(kind)
    other = stage.join(noting("on_event"))
    rival = stage.rival()
    rival.ask(submit_order, limit_order("sell", 5, 100.0))
    stage.pass_seconds()
    rival.ask(submit_order, limit_order("sell", 5, 99.0))
    run.bot.buy(CALL, 1, 99.0)
    stage.pass_seconds()
    assert {name for name, *_ in run.bot.noted} == {"on_trade", "on_top_of_book", "on_book"}
    assert run.tops[CALL].ask_quantity == 4
    assert run.books[CALL].best_ask == (99.0, 4)
    assert other.bot.noted == []
    stage.exchange.close()


# ---- at the definition of a class


def yielding(self):
    yield


async def yielding_async(self):
    yield


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"on_start": yielding}, "on_start has a yield, with which nothing of it would ever run"),
        ({"on_timer": yielding_async}, "on_timer has a yield"),
        ({"on_execution_reports": lambda self, fill: None}, "did you mean on_execution_report"),
        ({"on_fill": lambda self, fill: None}, "on_fill is no handler"),
        ({"on_tick": lambda self: None}, "must not begin with on_"),
        ({"on_trade": lambda self: None}, "on_trade must take self and the message"),
        ({"on_trade": lambda self, trade, book: None}, "on_trade must take self and the message"),
        ({"on_start": lambda self, run: None}, "on_start must take nothing but self"),
        ({"channels": "greeks:*"}, r'it must be a tuple, such as \("greeks:\*",\)'),
        ({"channels": ("greks:*",)}, r"there is no channel 'greks:\*'; there are book:"),
        ({"channels": (5,)}, "there is no channel 5"),
        ({"after_error": "restart"}, "after_error is 'restart': it must be one of stop, go_on"),
    ],
)
def test_mistakes_are_found_when_a_class_is_defined(body, said):
    with pytest.raises(TypeError, match=said):
        type("Mistaken", (Bot,), body)


def test_a_misspelt_handler_of_a_mixin_is_found_too():
    class Mixin:
        def on_trades(self, trade): ...

    with pytest.raises(TypeError, match="did you mean on_trade"):
        type("Mixed", (Mixin, Bot), {})


def test_names_that_are_no_handlers_are_free():
    class Free(Bot):
        on_hold = False

        def onward(self): ...

        def _on_quote(self): ...

        def on_trade(self, trade, *, loud=False): ...

        @staticmethod
        def price_of(trade):
            return trade.price

    assert Free.handled.names == {"on_trade"}


# ---- what is read only with a channel


@pytest.mark.parametrize("what", ["books", "tops", "greeks"])
def test_what_no_channel_brings_cannot_be_read(what):
    acting = Acting(noting("on_event"))
    with pytest.raises(RuntimeError, match=f"self.{what} is kept from"):
        getattr(acting.bot, what)
    channel = {"books": "book", "tops": "top", "greeks": "greeks"}[what]
    acting = Acting(type("Reading", (Bot,), {"channels": (f"{channel}:{PUT}",)}))
    assert getattr(acting.bot, what) == {}


def test_books_are_kept_for_a_bot_that_names_their_channel():
    acting = Acting(type("Reading", (Bot,), {"channels": ("book:*",)}))
    snapshot = EXAMPLE[BookSnapshot]
    acting.hear(snapshot)
    assert acting.bot.books[snapshot.instrument_id].synced
