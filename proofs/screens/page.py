"""What a page costs its browser: frames, work of the main thread, memory; as Chromium counts them."""

from typing import Any, Final

from msgspec import Struct
from playwright.async_api import CDPSession, Page

# Counts in the page itself, cheaply: frames and the time between them; how often the document was changed.
WATCH: Final = """() => {
  const seen = (window.seen = { gaps: [], changes: 0, changedFrames: 0, again: 0 });
  let last = performance.now();
  let changesHere = 0;
  const frame = (now) => {
    seen.gaps.push(now - last);
    last = now;
    if (changesHere > 0) seen.changedFrames += 1;
    if (changesHere > 1) seen.again += 1;
    changesHere = 0;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new MutationObserver(() => {
    seen.changes += 1;
    changesHere += 1;
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
}"""
TAKE: Final = """() => {
  const { gaps, changes, changedFrames, again } = window.seen;
  Object.assign(window.seen, { gaps: [], changes: 0, changedFrames: 0, again: 0 });
  return { gaps, changes, changed_frames: changedFrames, again };
}"""


class Span(Struct, frozen=True):
    """A stretch of time in the life of a page. Shares are of one processor."""

    seconds: float
    frames: int
    longest_gap_ms: float
    late_frames: int
    """Those that came over two frames' time after the last."""
    drawings: int
    """Times that views changed the document."""
    frames_drawn_again: int
    """Frames in which they did so more than once."""
    script_share: float
    layout_share: float
    """Of style and layout."""
    task_share: float
    """Of all that the main thread did."""
    heap_bytes: int
    """Of JavaScript, after a collection of garbage."""
    nodes: int

    @property
    def frames_per_second(self) -> float:
        return self.frames / self.seconds


LATE_MS: Final = 2 * 1_000 / 60


class Meter:
    """Of one page; each `span` ends where the next begins."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self._page, self._session = page, session
        self._before: dict[str, float] = {}

    async def begin(self) -> None:
        await self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        await self._page.evaluate(WATCH)
        await self._collect()
        await self._page.evaluate(TAKE)
        self._before = await self._metrics()

    async def span(self) -> Span:
        """What has been since the last span ended. Garbage is collected after it, in nobody's time."""
        now = await self._metrics()
        seen: dict[str, Any] = await self._page.evaluate(TAKE)
        await self._collect()
        after = await self._metrics()
        since = {name: now[name] - self._before[name] for name in now}
        seconds = since["Timestamp"]
        gaps = seen["gaps"]
        self._before = await self._metrics()
        await self._page.evaluate(TAKE)
        return Span(
            seconds=seconds,
            frames=len(gaps),
            longest_gap_ms=max(gaps, default=0.0),
            late_frames=sum(gap > LATE_MS for gap in gaps),
            drawings=seen["changes"],
            frames_drawn_again=seen["again"],
            script_share=since["ScriptDuration"] / seconds,
            layout_share=(since["LayoutDuration"] + since["RecalcStyleDuration"]) / seconds,
            task_share=since["TaskDuration"] / seconds,
            heap_bytes=int(after["JSHeapUsedSize"]),
            nodes=int(after["Nodes"]),
        )

    async def _collect(self) -> None:
        await self._session.send("HeapProfiler.collectGarbage")

    async def _metrics(self) -> dict[str, float]:
        answer = await self._session.send("Performance.getMetrics")
        return {each["name"]: each["value"] for each in answer["metrics"]}
