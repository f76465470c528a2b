"""Bots on an exchange in memory and virtual time, and on a line whose answers a test gives by hand."""

import logging
from random import Random

from msgspec import structs
from venues import CALL, SCENARIO

from openoutcry.access.caller import Caller
from openoutcry.access.rate_limits import Buckets
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.client.bot.line import Verdict
from openoutcry.client.bot.run import Run
from openoutcry.client.events import decode_event
from openoutcry.client.http.response import ApiError
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.lab.lines.line import LabLine
from openoutcry.lab.lines.transport import Transport
from openoutcry.lab.virtual.loop import VirtualLoop
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.operations import teams
from openoutcry.protocol.requests import TeamRequest
from openoutcry.protocol.stream import ExecutionReport, NewOrderAck, OrderCancelled
from openoutcry.protocol.stream_examples import EXAMPLES

PUT = "SPX_PUT_4500_20240315"
EXAMPLE = {type(example): example for example in EXAMPLES}
"""One message of each type, those of clients among them."""


class Steady:
    """A latency that is always the same; seconds."""

    def __init__(self, there=0.001, back=0.001):
        self._there, self._back = round(there * 1_000_000), round(back * 1_000_000)

    def there(self):
        return self._there

    def back(self):
        return self._back


def handed_to(run):
    """What a line calls with the messages of a turn."""

    def receive(messages):
        for message in messages:
            run.receive(decode_event(message))

    return receive


class BotStage:
    """An exchange in memory with bots on it. Time passes when a test says so."""

    def __init__(self, scenario=SCENARIO):
        self.time = VirtualTime()
        self.loop = VirtualLoop(self.time)
        self.exchange = open_in_memory(scenario, loop=self.time, clock=self.time, seed=1)
        self.buckets = Buckets(scenario.rate_limits, self.loop.time)
        self._number = 0

    def join(self, kind, *arguments, role="market_maker", latency=None):
        """Begin a bot of this class, as a new team; its run."""
        team = self.register(role)
        bot = kind(*arguments)
        line = LabLine(self.exchange, self.time, team.team_id, self.buckets, latency or Steady())
        run = Run(bot, line, Random(kind.__name__), logging.getLogger(f"bot.{kind.__name__}"))
        line.receive = handed_to(run)
        with self.loop.running():
            run.begin(line.standing())
        return run

    def register(self, role="market_maker"):
        self._number += 1
        request = TeamRequest(team_name=f"team {self._number}", role=role)
        registered = teams.register_team(self.exchange, Caller(), request).data
        return Caller(parse_team_id(registered.team_id))

    def team_of(self, run):
        """What the run's team can ask without a bot."""
        return Transport(self.exchange, Caller(parse_team_id(run.team_id)))

    def rival(self, role="hedge_fund"):
        """Another team, which asks without a bot."""
        return Transport(self.exchange, self.register(role))

    def pass_seconds(self, seconds=1.0):
        with self.loop.running():
            self.time.pass_seconds(seconds)

    def end(self, run):
        self.loop.run_until_complete(run.end())


class ScriptedLine:
    """A line on which nothing happens by itself: a test reads what is asked, and answers."""

    order_prefix = "t"

    def __init__(self):
        self.clock = VirtualTime()
        self.loop = VirtualLoop(self.clock)
        self.questions = []
        """Those without an answer."""
        self.channels = []

    # ---- `Line`

    def ask(self, question, answered):
        self.questions.append((question, answered))

    def subscribe(self, channels):
        self.channels.append(tuple(channels))

    def call_later(self, seconds, callback):
        return self.clock.call_later(seconds, callback)

    def time(self):
        return self.clock.now() / 1_000_000

    # ---- the test

    @property
    def asked(self):
        return [question for question, _ in self.questions]

    def answer(self, verdict=None, *, of=0):
        """Give a verdict on the first question, or another one, and let the bot go on."""
        _, answered = self.questions.pop(of)
        with self.loop.running():
            answered(verdict or Verdict())
            self.clock.run()

    def accept(self, order_id, *, of=0):
        self.answer(Verdict(order_id=order_id), of=of)

    def refuse(self, code, *, of=0, retry_after=None):
        self.answer(Verdict(error=ApiError(code=code, message=f"it is {code}"), retry_after=retry_after), of=of)

    def pass_seconds(self, seconds=1.0):
        with self.loop.running():
            self.clock.pass_seconds(seconds)


class Acting:
    """A bot on a scripted line."""

    def __init__(self, kind, *arguments, rates=None, **standing):
        self.line = ScriptedLine()
        self.bot = kind(*arguments)
        now = how_things_stand()
        self.run = Run(self.bot, self.line, Random(1), logging.getLogger("bot.acting"))
        with self.line.loop.running():
            self.run.begin(structs.replace(now, account=structs.replace(now.account, rates=rates or {}), **standing))
            self.line.clock.run()

    def hear(self, *messages):
        """Bring messages to the bot, and let it go on until nothing is ready."""
        with self.line.loop.running():
            for message in messages:
                self.run.receive(message)
            self.line.clock.run()

    def do(self, act):
        """Have the bot do something in a handler of its own; what that returned."""
        done = []

        def handler():
            done.append(act(self.bot))

        with self.line.loop.running():
            self.run.tell("a test", handler)
            self.line.clock.run()
        return done[0] if done else None

    def end(self):
        self.line.loop.run_until_complete(self.run.end())


def how_things_stand():
    """For a new team on the exchange of the seed scenario."""
    stage = BotStage()
    standing = LabLine(stage.exchange, stage.time, stage.register().team_id, None, Steady()).standing()
    stage.exchange.close()
    return standing


def acknowledged(order_id, client_order_id="t1", quantity=10, price=5.0, side="buy"):
    return structs.replace(
        EXAMPLE[NewOrderAck],
        order_id=order_id,
        client_order_id=client_order_id,
        instrument_id=CALL,
        side=side,
        quantity=quantity,
        remaining_quantity=quantity,
        price=price,
    )


def filled(order_id, quantity, *, so_far=None, of=10, client_order_id="t1", price=5.0, side="buy"):
    so_far = so_far or quantity
    return structs.replace(
        EXAMPLE[ExecutionReport],
        order_id=order_id,
        client_order_id=client_order_id,
        instrument_id=CALL,
        side=side,
        quantity=quantity,
        price=price,
        average_price=price,
        cumulative_quantity=so_far,
        remaining_quantity=of - so_far,
        order_status="filled" if so_far == of else "partially_filled",
    )


def cancelled(order_id, client_order_id="t1", quantity=10, side="buy"):
    return structs.replace(
        EXAMPLE[OrderCancelled],
        order_id=order_id,
        client_order_id=client_order_id,
        instrument_id=CALL,
        side=side,
        cancelled_quantity=quantity,
    )
