"""`python -m proofs.soak.generator PLAN`: a process of bots.

It prints `joined`, and trades when it reads a line. Then it prints `at rest`. When it reads another line, it hears the
last events, prints its totals as JSON and ends. PLAN is JSON too.
"""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from random import Random
from time import monotonic
from typing import Final

import msgspec
import uvloop

from openoutcry.scenarios.loader import load_scenario
from proofs.soak.memory import resident_bytes
from proofs.soak.plan import NEVER_READS_AGAIN, NEVER_READS_AGAIN_AFTER, Plan, Totals
from proofs.soak.scenario import SCENARIO
from proofs.soak.trader import Trader

LONGEST_SPELL: Final = 0.04
"""Share of the soak's time for which a bot stops reading, or reads slowly, at most."""
SLOW_SECONDS_PER_MESSAGE: Final = 0.02


class Generator:
    """The bots of one process and their troubles."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._chance = Random(plan.seed)  # noqa: S311 - no secret
        self.totals = Totals()
        instrument_ids = tuple(str(instrument.instrument_id) for instrument in load_scenario(SCENARIO).instruments)
        numbers = range(plan.first_team, plan.first_team + plan.teams)
        self._traders = [
            Trader(plan, number, instrument_ids, Random(self._chance.random()), self.totals)  # noqa: S311 - as above
            for number in numbers
        ]
        self._sleeping: set[Trader] = set()
        """Bots that have stopped reading."""

    async def join(self) -> None:
        for trader in self._traders:
            await trader.join()
        self.totals.memory_before_bytes = resident_bytes()

    async def trade(self) -> None:
        """Trade for the plan's time, with troubles; then come to rest."""
        started = monotonic()
        async with asyncio.TaskGroup() as work:
            trading = [work.create_task(trader.trade_from(started)) for trader in self._traders]
            troubles = work.create_task(self._trouble())
            some_sleep = work.create_task(self._put_some_to_sleep())
            await asyncio.sleep(self._plan.seconds)
            troubles.cancel()
            some_sleep.cancel()
            for trader in self._traders:
                trader.stop()
            await asyncio.wait(trading)
        self.totals.memory_after_bytes = resident_bytes()
        for trader in self._traders:
            await trader.come_to_rest()

    async def conclude(self) -> None:
        for trader in self._traders:
            if not await trader.hear_the_end():
                self.totals.unheard.append(trader.name)
            self.totals.events += trader.notes.events
            self.totals.orders += trader.notes.orders

    # ---- troubles

    async def _trouble(self) -> None:
        """One bot after the other, in random order."""
        troubles: dict[Callable[[Trader], object], int] = {self._cut: 5, self._stall: 3, self._slow: 2, self._kill: 2}
        while True:
            await asyncio.sleep(self._chance.expovariate(len(self._traders) / self._plan.trouble_seconds))
            trader = self._chance.choice(self._traders)
            if trader not in self._sleeping:
                self._chance.choices(list(troubles), list(troubles.values()))[0](trader)

    def _cut(self, trader: Trader) -> None:
        trader.stream.cut()
        self.totals.cuts += 1

    def _kill(self, trader: Trader) -> None:
        trader.die()
        self.totals.deaths += 1

    def _stall(self, trader: Trader) -> None:
        stream = trader.stream
        stream.stop_reading()

        def read_on() -> None:
            if trader not in self._sleeping:
                stream.read_on()

        asyncio.get_running_loop().call_later(self._spell_seconds(), read_on)
        self.totals.stalls += 1

    def _slow(self, trader: Trader) -> None:
        stream = trader.stream
        stream.seconds_per_message = SLOW_SECONDS_PER_MESSAGE

        def read_fast() -> None:
            stream.seconds_per_message = 0.0

        asyncio.get_running_loop().call_later(self._spell_seconds(), read_fast)
        self.totals.slow_spells += 1

    def _spell_seconds(self) -> float:
        return self._chance.uniform(0, LONGEST_SPELL * self._plan.seconds)

    async def _put_some_to_sleep(self) -> None:
        """Let some of the bots that read the most stop reading early. They continue to trade, and read everything at
        the end.
        """
        await asyncio.sleep(self._plan.seconds * NEVER_READS_AGAIN_AFTER)
        greedy = [trader for trader in self._traders if trader.reads_everything]
        number = min(len(greedy), max(1, round(NEVER_READS_AGAIN * len(self._traders))))
        for trader in self._chance.sample(greedy, number):
            self._sleeping.add(trader)
            trader.stream.stop_reading()
            self.totals.sleepers += 1


async def run(plan: Plan) -> None:
    generator = Generator(plan)
    await generator.join()
    print("joined", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await generator.trade()
    print("at rest", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await generator.conclude()
    print(msgspec.json.encode(generator.totals).decode(), flush=True)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        uvloop.run(run(msgspec.json.decode(sys.argv[1], type=Plan)))
