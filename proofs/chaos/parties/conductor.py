"""The organiser of a simulated day: it starts sessions, and does all to them that an organiser can."""

import asyncio
import datetime as dt
from typing import Any, Final

import msgspec

from proofs.chaos.parties.organiser import PATIENCE_SECONDS, Organiser

FAST: Final = 30
"""Market seconds a second, at which the last session comes to its close."""
SPEEDS: Final = (1, 5, 20, 30)


class Conductor(Organiser):
    """At the end it waits for the close of the session under way, and starts no other."""

    pause_seconds = 0.6

    async def _intervene(self) -> None:
        market = await self._data("/market")
        if market is None:
            return
        if market["phase"] == "closed":
            await self._start_session(market)
            return
        chance = self._chance
        team, reason = f"/admin/teams/TEAM_{chance.randint(1, 6)}", {"reason": "because"}
        interventions = {
            "nothing": 10,
            "stop": 3,
            "go on": 5,
            "halt": 1,
            "resume": 3,
            "news": 1,
            "announce": 1,
            "sanction": 1,
            "pardon": 1,
            "bust": 2,
            "speed": 2,
            "end": 0.3,
        }
        match chance.choices(list(interventions), list(interventions.values()))[0]:
            case "stop":
                if await self._knows_instruments():
                    await self._stop_something()
            case "go on":
                await self._let_something_go_on()
            case "halt":
                await self._ask("/admin/halt", reason)
            case "resume":
                await self._ask("/admin/resume", reason)
            case "news":
                await self._ask("/admin/news", {"headline": "Something has happened"})
            case "announce":
                await self._ask("/admin/announce", {"text": "Lunch is served"})
            case "sanction":
                await self._ask(f"{team}/sanction", {"level": chance.randint(1, 3)})
            case "pardon":
                await self._ask(f"{team}/pardon", reason)
            case "bust":
                await self._bust()
            case "speed":
                await self._ask("/admin/speed", {"speed": chance.choice(SPEEDS)})
            case "end":
                await self._ask("/admin/session", {"action": "end"})

    async def _start_session(self, market: dict[str, Any]) -> None:
        """At once, or planned for a moment that is near."""
        terms: dict[str, Any] = {"action": "start"}
        if self._chance.random() < 0.3:
            at = dt.datetime.fromisoformat(market["timestamp"]) + dt.timedelta(seconds=self._chance.choice((0.2, 1, 2)))
            terms["at"] = at.isoformat()
        await self._ask("/admin/session", terms)

    async def _bust(self) -> None:
        if not await self._knows_instruments():
            return
        data = await self._data(f"/trades/{self._chance.choice(self._instruments)}")
        if data is not None and data["trades"]:
            trade = self._chance.choice(data["trades"])
            await self._ask(f"/admin/trades/{trade['trade_id']}/bust", {"reason": "by mistake"})

    async def _knows_instruments(self) -> bool:
        """Whether there are any, as far as it has heard."""
        data = await self._data("/instruments")
        if data is not None:
            self._instruments = [each["instrument_id"] for each in data["instruments"]]
        return bool(self._instruments)

    async def _end(self) -> None:
        """A loss of power may have brought a halt or a plan back, so all is said again and again."""
        while True:
            market = await self._data("/market")
            if market is not None and market["phase"] == "closed":
                if await self._ask("/admin/session", {"action": "end"}):  # drops a plan
                    return
            elif market is not None:
                await self._ask("/admin/speed", {"speed": FAST})
                if market["phase"] == "halted":
                    await self._ask("/admin/resume")
            await asyncio.sleep(PATIENCE_SECONDS)

    async def _data(self, path: str) -> dict[str, Any] | None:
        """What a query answers, with the time at which it did; None if it was not answered."""
        answer = await self._request("GET", path)
        if answer is None or answer.status != 200:
            return None
        body: dict[str, Any] = msgspec.json.decode(answer.body)
        return {**body["data"], "timestamp": body["timestamp"]}
