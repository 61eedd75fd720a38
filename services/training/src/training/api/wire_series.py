"""Request and answer models of /v1: series."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from kit.reply import etag
from kit.wire import Answer, Code, Request
from training.api.wire import (
    GivenCount,
    GivenFuzzyDate,
    GivenSource,
    ShownCount,
    ShownFuzzyDate,
    ShownSource,
    dates_out,
)
from training.api.words import Prose, Words
from training.domain import fuzzy_date
from training.domain.event_kind import EventKind
from training.domain.event_series import EventSeries, SeriesPlan


class NewSeries(Request):
    """A series to put on record; counts no source states stay null."""

    reference: Code
    programme_code: Code
    kind: EventKind
    title: Words
    planned_count: GivenCount | None = None
    held_count: GivenCount | None = None
    distinct_places: GivenCount | None = None
    dates: GivenFuzzyDate | None = None
    note: Prose | None = None
    sources: Annotated[tuple[GivenSource, ...], Field(max_length=20)] = ()

    def plan(self) -> SeriesPlan:
        """Return the domain value, or raise CountInconsistent or DatesInvalid."""
        return SeriesPlan(
            reference=self.reference,
            programme_code=self.programme_code,
            kind=self.kind,
            title=self.title,
            planned_count=GivenCount.maybe(self.planned_count),
            held_count=GivenCount.maybe(self.held_count),
            distinct_places=GivenCount.maybe(self.distinct_places),
            dates=self.dates.dates() if self.dates else fuzzy_date.UNKNOWN,
            note=self.note,
            sources=tuple(source.source() for source in self.sources),
        )


class Series(Answer):
    """Trainings or visits that are counted together."""

    id: UUID
    etag: str
    reference: str
    programme_code: str
    kind: EventKind
    title: str
    planned_count: ShownCount | None
    held_count: ShownCount | None
    distinct_places: ShownCount | None
    dates: ShownFuzzyDate
    note: str | None
    sources: list[ShownSource]

    @classmethod
    def of(cls, series: EventSeries) -> Self:
        """Return the wire form."""
        plan = series.plan
        return cls(
            id=series.id,
            etag=etag(series.version),
            reference=plan.reference,
            programme_code=plan.programme_code,
            kind=plan.kind,
            title=plan.title,
            planned_count=ShownCount.maybe(plan.planned_count),
            held_count=ShownCount.maybe(plan.held_count),
            distinct_places=ShownCount.maybe(plan.distinct_places),
            dates=dates_out(plan.dates),
            note=plan.note,
            sources=[ShownSource.of(source) for source in plan.sources],
        )
