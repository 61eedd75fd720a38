"""Published figures beside computed ones, never mixed (INV-30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from training.domain.event_kind import EventKind
from training.domain.figures import Basis, Count, Source

_SUFFIX: Final = {
    "held": "s_held",
    "planned": "s_planned",
    "places": "_places",
    "participants": "_participants",
    "units": "_units",
}


def figure_name(kind: EventKind, measure: str) -> str:
    """Return the name of a figure, such as `trainings_held` or `training_participants`."""
    return kind.value + _SUFFIX[measure]


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """What a source prints; `of` says of whom or of what, where the source says it."""

    figure: str
    count: Count
    of: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class ComputedFigure:
    """What the individual records add up to; synthetic if any of them is."""

    figure: str
    value: int
    basis: Basis
    synthetic: bool


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure seen both ways; `difference` is computed minus published."""

    figure: str
    published: int
    computed: int
    difference: int
    basis_published: Basis
    basis_computed: Basis


@dataclass(frozen=True, slots=True)
class ProgrammeTotals:
    """All figures of one programme. Figures no record speaks of are absent, not zero."""

    programme_code: str
    published: tuple[PublishedFigure, ...] = ()
    computed: tuple[ComputedFigure, ...] = ()

    @property
    def compared(self) -> list[ComparedFigure]:
        """The figures known both ways; one published twice is not comparable."""
        return [
            ComparedFigure(
                computed.figure,
                published[0].count.value,
                computed.value,
                computed.value - published[0].count.value,
                published[0].count.basis,
                computed.basis,
            )
            for computed in self.computed
            if len(published := self._published_as(computed.figure)) == 1
        ]

    def _published_as(self, figure: str) -> Sequence[PublishedFigure]:
        return [each for each in self.published if each.figure == figure]
