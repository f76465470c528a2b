"""The proof: the trading floor in a browser, at a rate of messages that no session has, for as long as is asked."""

import asyncio
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import mean
from time import perf_counter
from typing import Final

from playwright.async_api import async_playwright

from openoutcry.gateway.screens.files import Screens
from proofs.report import Report
from proofs.screens.page import Meter, Span
from proofs.screens.recorded import record
from proofs.screens.teller import Teller

FRAMES_WANTED: Final = 50
"""A second, on average."""
SPAN_SECONDS: Final = 10.0
SETTLING_SECONDS: Final = 5.0
"""After which a page shows all that it begins with."""
BEHIND: Final = 0.99
"""The share of its rate that a teller must reach."""
MOST_UNSENT: Final = 500_000
"""Bytes that may wait for a page that keeps up: a tenth of a second's and what a socket holds."""
MOST_GROWTH: Final = 0.10
"""Of the least memory in the last third of the time over that in the middle third. In the first lists fill up."""
WINDOW: Final = (1920, 1080)
A_KEY: Final = "sessionStorage.setItem('openoutcry.team-key', 'any')"


def find_chromium() -> str | None:
    """The machine's browser; `OPENOUTCRY_CHROMIUM` names one that is not on the path."""
    return os.environ.get("OPENOUTCRY_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def prove_screens(
    chromium: str, screens: Screens, folder: Path, minutes: float, rate: int, chance: Random, say: Callable[[str], None]
) -> Report:
    """Show the floor to `chromium` for so many minutes, at `rate` messages a second. `folder` is empty.

    Raises `ServerFailed` if the exchange that is recorded first fails.
    """
    return asyncio.run(_prove(chromium, screens, folder, minutes, rate, chance, say))


async def _prove(
    chromium: str, screens: Screens, folder: Path, minutes: float, rate: int, chance: Random, say: Callable[[str], None]
) -> Report:
    say("recording an exchange")
    recorded = await record(folder)
    teller, errors, spans, told = Teller(screens, recorded, rate, chance), list[str](), list[Span](), list[int]()
    waiting: list[int] = []
    async with teller.serve() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": WINDOW[0], "height": WINDOW[1]})
        await context.add_init_script(A_KEY)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        await page.goto(url)
        await asyncio.sleep(SETTLING_SECONDS)
        meter = Meter(page, await context.new_cdp_session(page))
        await meter.begin()
        end = perf_counter() + minutes * 60
        while perf_counter() < end:
            before, began = teller.told.messages, perf_counter()
            await asyncio.sleep(SPAN_SECONDS)
            told.append(int((teller.told.messages - before) / (perf_counter() - began)))
            waiting.append(teller.told.unsent)
            spans.append(await meter.span())
            say(f"{spans[-1].frames_per_second:.0f} frames/s, {spans[-1].heap_bytes / 1e6:.1f} MB")
        await browser.close()
    return judge(len(recorded.tops), rate, spans, told, waiting, errors)


def judge(
    books: int, rate: int, spans: Sequence[Span], told: Sequence[int], waiting: Sequence[int], errors: Sequence[str]
) -> Report:
    """`told`: messages a second; `waiting`: bytes that the page had not taken; of each span."""
    seconds = sum(span.seconds for span in spans)
    frames = sum(span.frames for span in spans)
    report = Report(f"The trading floor with {books} books at {rate:,} messages/s")
    facts = report.facts
    facts["measured for"] = f"{seconds:.0f} s, in spans of {SPAN_SECONDS:.0f} s"
    facts["load of the machine"] = f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    facts["messages"] = f"{mean(told):,.0f} a second"
    facts["frames"] = f"{frames / seconds:.1f} a second, in the slowest span {min(map(_rate, spans)):.1f}"
    late = sum(span.late_frames for span in spans)
    facts["late frames"] = f"{late / frames:.1%}; the longest wait {max(span.longest_gap_ms for span in spans):.0f} ms"
    facts["main thread"] = (
        f"{mean(span.task_share for span in spans):.0%} of a processor: script"
        f" {mean(span.script_share for span in spans):.0%}, style and layout"
        f" {mean(span.layout_share for span in spans):.0%}"
    )
    heaps = [span.heap_bytes for span in spans]
    facts["memory of scripts"] = (
        f"{heaps[0] / 1e6:.1f} MB at first, {heaps[-1] / 1e6:.1f} MB at last, {max(heaps) / 1e6:.1f} MB at most"
    )
    facts["nodes"] = f"{spans[0].nodes:,} at first, {spans[-1].nodes:,} at last"
    report.check(f"{FRAMES_WANTED} frames a second on average").equal(
        "frames", expected=True, found=frames / seconds >= FRAMES_WANTED
    )
    once = report.check("the page is drawn at most once a frame")
    kept_up = report.check("the page takes all that it is told, as it is told")
    for place, span in enumerate(spans):
        once.equal(f"span {place}: frames drawn again", expected=0, found=span.frames_drawn_again)
        kept_up.equal(f"span {place}: bytes that wait", expected=True, found=waiting[place] < MOST_UNSENT)
        kept_up.equal(f"span {place}: the rate", expected=True, found=told[place] >= rate * BEHIND)
    third = len(heaps) // 3
    if third:
        middle, last = min(heaps[third:-third]), min(heaps[-third:])
        growth = f"{(last - middle) / middle:+.1%}"
        facts["memory, last third over middle"] = growth
        report.check("memory is flat").equal(growth, expected=True, found=last <= middle * (1 + MOST_GROWTH))
    report.check("no error on the console").equal("errors", expected=[], found=list(errors))
    return report


def _rate(span: Span) -> float:
    return span.frames_per_second
