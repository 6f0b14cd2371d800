"""The plots, as SVG written by hand: bars of a suite's medians, and curves. The same input gives
the same bytes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from figures import at, timing
from report import CURVES
from roster import ALL_PEERS, Karat
from suites import SUITES

COLOURS = {"karat": "#b8860b", "karat-none": "#5b7083"}
OTHER = "#9aa5ad"
INK = "#30363c"
STYLE = f"<style>text{{font:12px sans-serif;fill:{INK}}}.small{{font-size:11px;fill:#667}}</style>"


def write(results: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stage, suites in at(results, "timings").items():
        for suite, cells in suites.items():
            drawn = bars(f"{SUITES[suite].title}: seconds, logarithmic", cells)
            (folder / f"{stage}-{suite}.svg").write_text(drawn)
    for name, title in CURVES.items():
        series = at(results, "curves", name)
        if series:
            (folder / f"curve-{name.replace(', ', '-')}.svg").write_text(curve(title, series))


def svg(width: int, height: int, parts: list[str]) -> str:
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    paper = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', STYLE, paper, *parts, "</svg>"]) + "\n"


def bars(title: str, cells: dict[str, Any]) -> str:
    """A bar of each peer's median, with its interquartile range; what did not end is named."""
    timed = [(name, of) for name, cell in cells.items() if (of := timing(cell))]
    timed.sort(key=lambda item: item[1].median)
    left, width, row = 210, 720, 22
    values = [of.median for _, of in timed]
    low, high = min(values) / 1.5, max(values) * 1.2
    scale = (width - left - 90) / math.log(high / low)

    def x(value: float) -> float:
        return left + math.log(max(value, low) / low) * scale

    parts = [f'<text x="10" y="20" font-weight="bold">{escape(title)}</text>']
    for index, (name, of) in enumerate(timed):
        y = 36 + index * row
        colour = COLOURS.get(name, COLOURS["karat"] if isinstance(ALL_PEERS[name], Karat) else OTHER)
        told = f"{of.median:.3g} s" if of.outcome == "done" else of.outcome
        parts += [
            f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{escape(ALL_PEERS[name].title)}</text>',
            f'<rect x="{left}" y="{y}" width="{x(of.median) - left:.1f}" height="16" fill="{colour}"/>',
            f'<path d="M{x(of.low):.1f} {y + 8}H{x(of.high):.1f}" stroke="{INK}" stroke-width="2"/>',
            f'<text class="small" x="{max(x(of.high), x(of.median)) + 6:.1f}" y="{y + 12}">{told}</text>',
        ]
    return svg(width, 44 + len(timed) * row, parts)


def curve(title: str, series: dict[str, Any]) -> str:
    """Seconds and anonymous memory side by side, both axes logarithmic."""
    panels = [("seconds", lambda of: of.median), ("anonymous MB", lambda of: of.anon / 1e6)]
    parts = [f'<text x="10" y="20" font-weight="bold">{escape(title)}</text>']
    for index, (what, value) in enumerate(panels):
        lines = {
            peer: sorted((int(x), value(of)) for x, cell in points.items() if (of := timing(cell)))
            for peer, points in series.items()
        }
        parts += panel(what, lines, 10 + index * 370)
    for index, peer in enumerate(series):
        x = 60 + index * 180
        parts.append(f'<rect x="{x}" y="282" width="14" height="4" fill="{COLOURS.get(peer, OTHER)}"/>')
        parts.append(f'<text x="{x + 20}" y="288">{escape(ALL_PEERS[peer].title)}</text>')
    return svg(750, 300, parts)


def panel(what: str, lines: dict[str, list[tuple[int, float]]], left: int) -> list[str]:
    width, height, top, margin = 300, 190, 50, 50
    points = [point for line in lines.values() for point in line]
    xs, ys = [x for x, _ in points], [max(y, 1e-6) for _, y in points]
    low, high = min(ys) / 1.2, max(ys) * 1.2

    def place(x: float, y: float) -> tuple[float, float]:
        across = math.log(x / min(xs)) / (math.log(max(xs) / min(xs)) or 1)
        up = math.log(max(y, low) / low) / math.log(high / low)
        return left + margin + across * width, top + height - up * height

    parts = [
        f'<text class="small" x="{left + margin}" y="{top - 8}">{what}</text>',
        f'<rect x="{left + margin}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#ccd2d6"/>',
    ]
    for x in sorted(set(xs)):
        across, _ = place(x, low)
        parts.append(f'<text class="small" x="{across:.1f}" y="{top + height + 16}" text-anchor="middle">{x:,}</text>')
    for y in ticks(low, high):
        _, up = place(min(xs), y)
        parts.append(f'<path d="M{left + margin} {up:.1f}h{width}" stroke="#eef0f2"/>')
        parts.append(f'<text class="small" x="{left + margin - 6}" y="{up + 4:.1f}" text-anchor="end">{y:g}</text>')
    for peer, line in lines.items():
        placed = [place(*point) for point in line]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
        colour = COLOURS.get(peer, OTHER)
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed]
    return parts


def ticks(low: float, high: float) -> list[float]:
    """Ones, twos and fives between two values."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [step * 10.0**decade for decade in decades for step in (1, 2, 5) if low <= step * 10.0**decade <= high]
