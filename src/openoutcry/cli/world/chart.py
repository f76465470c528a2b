"""Panels of lines over one time axis, as SVG: bands behind the lines, and vertical marks through all panels."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WIDTH: Final = 1_200
_LEFT: Final = 70
_RIGHT: Final = 20
_TOP: Final = 72
_GAP: Final = 46
_BOTTOM: Final = 40
_COLUMNS: Final = WIDTH - _LEFT - _RIGHT
_MARGIN: Final = 0.04
"""Above and below what is drawn in a panel, as a share of it."""
_TICKS: Final = 6
"""About as many on each vertical axis."""
_GREY: Final = "#666"
_LETTER: Final = 6.2
"""Width of a letter, about."""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    places: Floats
    """On the time axis, rising."""
    values: Floats
    colour: str
    is_dashed: bool = False
    width: float = 1.2


@dataclass(frozen=True, slots=True)
class Dot:
    place: float
    value: float
    colour: str
    says: str
    """Shown where the pointer rests on it."""


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    height: int
    lines: Sequence[Line]
    dots: Sequence[Dot] = ()


@dataclass(frozen=True, slots=True)
class Band:
    begin: float
    end: float
    colour: str


@dataclass(frozen=True, slots=True)
class Mark:
    place: float
    label: str
    colour: str
    says: str


@dataclass(frozen=True, slots=True)
class Sample:
    """What a colour means, of a band or of a mark."""

    name: str
    colour: str
    is_mark: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    most: float
    """The time axis goes from 0 to it."""
    times: Sequence[tuple[float, str]]
    """Where the time axis is labelled, and how."""
    panels: Sequence[Panel]
    bands: Sequence[Band]
    marks: Sequence[Mark]
    legend: Sequence[Sample]

    def svg(self) -> bytes:
        height = _TOP + sum(panel.height + _GAP for panel in self.panels) - _GAP + _BOTTOM
        root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}")
        root.set("font-family", "sans-serif")
        root.set("font-size", "12")
        _rectangle(root, 0, 0, WIDTH, height, "#fff")
        _text(root, _LEFT, 24, self.title, size=16)
        self._explain(root)
        top = _TOP
        for panel in self.panels:
            self._draw(root, panel, top)
            top += panel.height + _GAP
        for place, label in self.times:
            _text(root, self._across(place), height - _BOTTOM + 18, label, anchor="middle", colour=_GREY)
        for mark in self.marks:
            _text(
                root,
                self._across(mark.place),
                _TOP - 4,
                mark.label,
                anchor="middle",
                colour=mark.colour,
                says=mark.says,
            )
        ET.indent(root)
        document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return document

    def _draw(self, root: ET.Element, panel: Panel, top: int) -> None:
        values = np.concatenate([line.values for line in panel.lines])
        ticks = _ticks(float(values.min()), float(values.max()))
        least, most = min(ticks[0], float(values.min())), max(ticks[-1], float(values.max()))
        margin = _MARGIN * (most - least)
        least, most = least - margin, most + margin

        def down(value: float) -> float:
            return top + panel.height * (most - value) / (most - least)

        for band in self.bands:
            begin, end = self._across(band.begin), self._across(band.end)
            _rectangle(root, begin, top, end - begin, panel.height, band.colour)
        for tick in ticks:
            _rule(root, _LEFT, down(tick), WIDTH - _RIGHT, down(tick), "#ddd")
            _text(root, _LEFT - 6, down(tick) + 4, f"{tick:,.10g}", anchor="end", colour=_GREY)
        for place, _ in self.times:
            _rule(root, self._across(place), top, self._across(place), top + panel.height, "#ddd")
        for mark in self.marks:
            across = self._across(mark.place)
            _rule(root, across, top, across, top + panel.height, mark.colour, says=mark.says)
        for line in panel.lines:
            _path(root, line, self._across, down)
        for dot in panel.dots:
            drawn = ET.SubElement(root, "circle", cx=_n(self._across(dot.place)), cy=_n(down(dot.value)), r="3")
            drawn.set("fill", dot.colour)
            ET.SubElement(drawn, "title").text = dot.says
        # Above the first panel are the labels of the marks.
        title = top - (8 if top > _TOP else 22)
        _text(root, _LEFT, title, panel.title, weight="bold")
        across = _LEFT + 8.0 + _LETTER * 1.15 * len(panel.title)
        for line in panel.lines if len(panel.lines) > 1 else ():
            middle = title - 4
            _rule(
                root, across + 10, middle, across + 34, middle, line.colour, width=line.width, is_dashed=line.is_dashed
            )
            _text(root, across + 40, middle + 4, line.name)
            across += 50 + _LETTER * len(line.name)

    def _across(self, place: float) -> float:
        return _LEFT + _COLUMNS * place / self.most

    def _explain(self, root: ET.Element) -> None:
        """The legend, at the top on the right."""
        across = WIDTH - _RIGHT - sum(30 + _LETTER * len(sample.name) for sample in self.legend)
        for sample in self.legend:
            if sample.is_mark:
                _rule(root, across + 7, 14, across + 7, 26, sample.colour, width=2)
            else:
                _rectangle(root, across, 14, 14, 12, sample.colour, stroke="#bbb")
            _text(root, across + 19, 24, sample.name)
            across += 30 + _LETTER * len(sample.name)


def _path(root: ET.Element, line: Line, across: Callable[[float], float], down: Callable[[float], float]) -> None:
    kept = _extremes(line.values)
    points = zip(line.places[kept].tolist(), line.values[kept].tolist(), strict=True)
    steps = " ".join(f"{_n(across(place))},{_n(down(value))}" for place, value in points)
    drawn = ET.SubElement(root, "polyline", points=steps, fill="none", stroke=line.colour)
    drawn.set("stroke-width", _n(line.width))
    if line.is_dashed:
        drawn.set("stroke-dasharray", "5 3")


def _extremes(values: Floats) -> NDArray[np.int64]:
    """Places to be drawn: of those that share a column of the picture, the lowest and the highest."""
    columns = np.linspace(0, len(values), min(_COLUMNS, len(values)) + 1).astype(np.int64)
    kept = {0, len(values) - 1}
    for begin, end in zip(columns[:-1].tolist(), columns[1:].tolist(), strict=True):
        part = values[begin:end]
        kept |= {begin + int(part.argmin()), begin + int(part.argmax())}
    return np.array(sorted(kept))


def _ticks(least: float, most: float) -> list[float]:
    """Round numbers within the range, at least two that enclose something."""
    span = (most - least) or max(abs(most), 1.0)
    rough = 10 ** math.floor(math.log10(span / _TICKS))
    step = next(rough * factor for factor in (1, 2, 5, 10) if rough * factor * _TICKS >= span)
    first, last = math.ceil(least / step), math.floor(most / step)
    if last <= first:
        first, last = math.floor(least / step), math.ceil(most / step) + (least == most)
    return [round(number * step, 12) for number in range(first, last + 1)]


def _rectangle(
    root: ET.Element, x: float, y: float, width: float, height: float, colour: str, stroke: str = "none"
) -> None:
    ET.SubElement(root, "rect", x=_n(x), y=_n(y), width=_n(width), height=_n(height), fill=colour, stroke=stroke)


def _rule(
    root: ET.Element,
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    colour: str,
    width: float = 1,
    says: str = "",
    *,
    is_dashed: bool = False,
) -> None:
    drawn = ET.SubElement(root, "line", x1=_n(x1), y1=_n(y1), x2=_n(x2), y2=_n(y2), stroke=colour)
    drawn.set("stroke-width", _n(width))
    if is_dashed:
        drawn.set("stroke-dasharray", "5 3")
    if says:
        ET.SubElement(drawn, "title").text = says


def _text(
    root: ET.Element,
    x: float,
    y: float,
    text: str,
    anchor: str = "start",
    colour: str = "#222",
    weight: str = "normal",
    size: int = 12,
    says: str = "",
) -> None:
    drawn = ET.SubElement(root, "text", x=_n(x), y=_n(y), fill=colour)
    drawn.text = text
    drawn.set("text-anchor", anchor)
    drawn.set("font-weight", weight)
    drawn.set("font-size", str(size))
    if says:
        ET.SubElement(drawn, "title").text = says


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
