"""How a running bot stands: one line that is kept up to date on a terminal, and elsewhere a line now and then."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from rich.console import Console
from rich.live import Live
from rich.text import Text

from openoutcry.cli.process.interrupts import say_last
from openoutcry.cli.score.tables import money
from openoutcry.client.bot.run import Run

REFRESH_SECONDS: Final = 0.25
SECONDS_BETWEEN_LINES: Final = 10.0
"""Where stderr is no terminal."""


@asynccontextmanager
async def status_shown(console: Console, run: Run) -> AsyncIterator[None]:
    """Around the life of a bot. `console` writes to stderr."""
    showing = asyncio.create_task(_on_terminal(console, run) if console.is_terminal else _in_lines(run))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def _on_terminal(console: Console, run: Run) -> None:
    with Live(
        console=console, auto_refresh=False, transient=True, redirect_stdout=sys.stdout.isatty(), redirect_stderr=True
    ) as live:
        while True:
            live.update(Text(status(run), no_wrap=True, overflow="ellipsis"), refresh=True)
            await asyncio.sleep(REFRESH_SECONDS)


async def _in_lines(run: Run) -> None:
    told = time.monotonic()
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        if run.is_running and time.monotonic() - told >= SECONDS_BETWEEN_LINES:
            told = time.monotonic()
            say_last(status(run))


def status(run: Run) -> str:
    """Such as `11:02:31 continuous   orders 3   fills 4   cash 100,012.50   SPY +300`."""
    if not run.is_running:
        return "connecting" if run.stop_reason is None else "ending: cancelling its orders"
    counts, now = run.counts, run.market_time
    held = {name: position for name, position in run.positions.items() if position}
    parts = [
        f"{'' if now is None else f'{now:%H:%M:%S} '}{run.phase.replace('_', ' ')}",
        f"orders {len(run.orders):,}",
        f"fills {counts.fills:,}",
        f"cash {money(run.cash)}",
    ]
    if counts.refusals:
        parts.append(f"refused {counts.refusals.total():,}")
    if counts.failures:
        parts.append(f"failures {counts.failures:,}")
    if held:
        parts.append("  ".join(f"{name} {position:+,}" for name, position in held.items()))
    return "   ".join(parts)
