"""A scenario with a day, and an exchange in memory that lives through it in virtual time."""

from typing import get_args

from openoutcry.access.caller import Caller
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.commands import Command
from openoutcry.domain.events import MarksPublished, PhaseChanged
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.scenarios.loader import load_scenario

ORGANISER = Caller()

DAY = """
name = "day"
title = "A day"

[registration]
open = true

[session]
date = {date}
calendar = "nyse"

[schedule]
speed = {speed}
{schedule}

[underlyings]
SPX = 4500
SPY = 450

[chain]
{more}
"""


def scenario_of_a_day(folder, date="2024-03-14", speed=30, schedule="", more=""):
    path = folder / "day.toml"
    path.write_text(DAY.format(date=date, speed=speed, schedule=schedule, more=more), encoding="utf-8")
    return load_scenario(path)


class DayStage:
    """An exchange in memory.

    `phases`: what its session went through; `events`: everything but marks; `commands`: all of them, in order.
    """

    def __init__(self, scenario, **terms):
        self.loop = VirtualTime()
        self.began = self.loop.now()
        self.phases = []
        self.events = []
        self.commands = []
        self.exchange = open_in_memory(
            scenario, loop=self.loop, clock=self.loop, projections_of=lambda _scenario: (Listener(self),), **terms
        )
        self.driver = self.exchange.driver

    @property
    def queries(self):
        return self.exchange.sequencer.queries

    def pass_seconds(self, seconds):
        self.loop.pass_seconds(seconds)


class Listener:
    """Notes what a projection is told."""

    name = "listener"
    shape = ""
    commands = frozenset(get_args(Command))

    def __init__(self, stage):
        self._stage = stage

    def apply(self, sequenced, events):
        stage = self._stage
        stage.commands.append(sequenced.command)
        stage.events += [event for event in events if not isinstance(event, MarksPublished)]
        for event in events:
            if isinstance(event, PhaseChanged):
                stage.phases.append(event.phase)

    def capture(self):
        return b""

    def restore(self, _state):
        raise AssertionError("nothing was captured")
