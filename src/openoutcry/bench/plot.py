"""The latencies of a run as one picture: each curve shows all percentiles, the rare ones as wide as the common ones."""

from importlib.util import find_spec
from math import log10
from pathlib import Path
from typing import Any, Final

from openoutcry.bench.failures import MeasurementFailed
from openoutcry.bench.run import Run

POINTS: Final = 200
"""Of a curve: what a picture can show."""


class NoMatplotlib(MeasurementFailed):
    """Matplotlib is not installed; the text says what to install."""


def check_can_draw() -> None:
    """Raises `NoMatplotlib`."""
    if find_spec("matplotlib") is None:
        raise NoMatplotlib("a picture needs matplotlib: pip install matplotlib, or leave --plot away")


def draw(finished: Run, path: Path) -> None:
    """As SVG, one panel for each section that measured latencies. Raises `NoMatplotlib`."""
    check_can_draw()
    from matplotlib.figure import Figure  # noqa: PLC0415 - optional

    sections = [section for section in finished.sections.values() if section.curves]
    picture = Figure(figsize=(6 * max(1, len(sections)), 5), layout="constrained")
    for number, section in enumerate(sections, start=1):
        panel = picture.add_subplot(1, len(sections), number)
        panel.set_title(section.title, fontsize="small")
        for name, samples in section.curves.items():
            panel.plot(*_curve(samples), label=name, linewidth=1)
        panel.set(xscale="log", yscale="log", ylabel="µs", xlabel="percentile")
        _name_percentiles(panel)
        panel.grid(alpha=0.3)
        panel.legend(fontsize="x-small")
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.savefig(path, format="svg")


def _curve(samples: list[int]) -> tuple[list[float], list[float]]:
    """How many times rarer than one in one, and microseconds: 10 is the 90th percentile, 100 the 99th."""
    count = len(samples)
    rarities = [10 ** (log10(count) * point / POINTS) for point in range(POINTS + 1)]
    places = [min(count - 1, int(count * (1 - 1 / rarity))) for rarity in rarities]
    return rarities, [samples[place] / 1_000 for place in places]


def _name_percentiles(panel: Any) -> None:
    named = {1: "0", 2: "50", 10: "90", 100: "99", 1_000: "99.9", 10_000: "99.99", 100_000: "99.999"}
    most = panel.get_xlim()[1]
    shown = {rarity: name for rarity, name in named.items() if rarity <= most}
    panel.set_xticks(list(shown), list(shown.values()), minor=False)
    panel.set_xticks([], minor=True)
