"""One figure of the bench: what was measured, in which unit, and the mark it should reach."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Rounds = Sequence[dict[str, float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """`least` or `most` is the mark; a figure without one is shown for orientation."""

    what: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None

    @property
    def verdict(self) -> str:
        if self.least is not None:
            return "ok" if self.value >= self.least else "MISSED"
        if self.most is not None:
            return "ok" if self.value <= self.most else "MISSED"
        return ""

    @property
    def mark(self) -> str:
        if self.least is not None:
            return f">= {self.least:g}"
        return "" if self.most is None else f"<= {self.most:g}"


def ratio(top: Rounds, bottom: Rounds, key: str) -> float:
    """Median over the rounds of the ratio within a round: what is noisy hits both."""
    return statistics.median(a[key] / b[key] for a, b in zip(top, bottom, strict=True))


def median(rounds: Rounds, key: str) -> float:
    """Median over the rounds."""
    return statistics.median(each[key] for each in rounds)


def table(figures: Iterable[Figure]) -> str:
    """Lay the figures out in columns."""
    rows = [(f.what, f"{f.value:,.2f}", f.unit, f.mark, f.verdict) for f in figures]
    rows = [("what", "value", "unit", "mark", ""), *rows]
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    lines = [
        f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:<{widths[2]}}  {d:>{widths[3]}}  {e}".rstrip()
        for a, b, c, d, e in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
