"""Request and answer models of /v1: nominations, attendance, head counts and totals."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, RootModel, StringConstraints

from kit.reply import etag
from kit.wire import CLEAN, WHOLE, Answer, Code, Day, Ref, Request
from training.api import examples
from training.api.wire import GivenCount, GivenSource, ShownCount, ShownSource
from training.api.words import Words
from training.domain import attendance, headcount, nomination, totals
from training.domain.event_kind import LABELS, EventKind
from training.domain.figures import Basis, Qualifier
from training.domain.nomination import NominationStatus, Origin

Role = Annotated[
    str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_-]*$"), CLEAN
]


class NewNomination(Request):
    """Whom the caller's organisation nominates: an opaque participant id, never a name."""

    model_config = examples.NOMINATION

    event_id: Ref
    participant_id: Ref
    unit_code: Code | None = None
    role: Role = "participant"
    overlap_reason: Words | None = None

    def candidate(self) -> nomination.Candidate:
        """Return the domain value."""
        return nomination.Candidate(
            self.participant_id, self.unit_code, self.role, self.overlap_reason
        )


class Nomination(Answer):
    """A nomination; `rank` is the place on the waiting list while it waits.

    `replaces` is the nomination whose seat it took over, `eligibility` the decision on the
    participation of its country that applied.
    """

    id: UUID
    etag: str
    event_id: UUID
    participant_id: UUID
    organisation: str
    country: str
    unit_code: str | None
    status: NominationStatus
    rank: int | None
    reason: str | None
    synthetic: bool
    role: str
    origin: Origin
    replaces: UUID | None
    external_id: str | None
    eligibility: dict[str, Any] | None
    overlap_reason: str | None

    @classmethod
    def of(cls, found: nomination.Nomination) -> Self:
        """Return the wire form."""
        return cls(
            id=found.id,
            etag=etag(found.version),
            event_id=found.event_id,
            participant_id=found.participant_id,
            organisation=found.organisation,
            country=found.country,
            unit_code=found.unit_code,
            status=found.status,
            rank=found.rank,
            reason=found.reason,
            synthetic=found.synthetic,
            role=found.role,
            origin=found.origin,
            replaces=found.replaces,
            external_id=found.external_id,
            eligibility=None if found.eligibility is None else dict(found.eligibility),
            overlap_reason=found.overlap_reason,
        )


class Confirmation(Request):
    """Why somebody is confirmed although booked elsewhere at that time; free of personal data."""

    overlap_reason: Words | None = None


class Withdrawal(Request):
    """Why a nomination is taken back, free of personal data."""

    reason: Words | None = None


class GivenDay(Request):
    """Minutes of presence on one day of the event."""

    day: Day
    minutes: Annotated[int, Field(ge=0, le=1440), WHOLE]


class Presence(Request):
    """The days on which a participant was present; none means never.

    `reason` says what was wrong with what is on record; without it nothing is recorded twice.
    """

    days: Annotated[list[GivenDay], Field(max_length=60)]
    reason: Words | None = None

    def presence(self) -> list[attendance.DayPresence]:
        """Return the domain value."""
        return [attendance.DayPresence(each.day, each.minutes) for each in self.days]


class HeadcountFigures(Request):
    """What a source says: how many took part, from how many units, in its words."""

    participants: GivenCount
    participants_of: Words | None = None
    units: GivenCount | None = None
    units_of: Words | None = None
    source: GivenSource

    def change(self) -> Callable[[headcount.Headcount], headcount.Headcount]:
        """Return what puts these figures in place of others; it may raise CountInconsistent."""
        return partial(
            replace,
            participants=self.participants.count(),
            participants_of=self.participants_of,
            units=GivenCount.maybe(self.units),
            units_of=self.units_of,
            source=self.source.source(),
        )


class NewHeadcount(HeadcountFigures):
    """A published head count of one event or one series."""

    reference: Code
    event_id: Ref | None = None
    series_id: Ref | None = None

    def headcount(self) -> headcount.Headcount:
        """Return the domain value, or raise SubjectRequired or CountInconsistent."""
        return headcount.Headcount(
            reference=self.reference,
            event_id=self.event_id,
            series_id=self.series_id,
            participants=self.participants.count(),
            participants_of=self.participants_of,
            units=GivenCount.maybe(self.units),
            units_of=self.units_of,
            source=self.source.source(),
        )


class HeadcountReport(Answer):
    """A head count on record."""

    id: UUID
    etag: str
    reference: str
    programme_code: str
    kind: EventKind
    event_id: UUID | None
    series_id: UUID | None
    participants: ShownCount
    participants_of: str | None
    units: ShownCount | None
    units_of: str | None
    source: ShownSource

    @classmethod
    def of(cls, report: headcount.HeadcountReport) -> Self:
        """Return the wire form."""
        count = report.count
        return cls(
            id=report.id,
            etag=etag(report.version),
            reference=count.reference,
            programme_code=report.programme_code,
            kind=report.kind,
            event_id=count.event_id,
            series_id=count.series_id,
            participants=ShownCount.of(count.participants),
            participants_of=count.participants_of,
            units=ShownCount.maybe(count.units),
            units_of=count.units_of,
            source=ShownSource.of(count.source),
        )


class Published(Answer):
    """A figure as a source prints it."""

    figure: str
    value: int
    qualifier: Qualifier
    basis: Basis
    of: str | None
    source: ShownSource


class Computed(Answer):
    """A figure as the individual records add up; synthetic if any of them is."""

    figure: str
    value: int
    basis: Basis
    synthetic: bool


class Compared(Answer):
    """One figure both ways; `difference` is computed minus published."""

    figure: str
    published: int
    computed: int
    difference: int
    basis_published: Basis
    basis_computed: Basis


class ProgrammeTotals(Answer):
    """What a programme's training adds up to; empty lists where nothing is on record."""

    programme_code: str
    published: list[Published]
    computed: list[Computed]
    compared: list[Compared]

    @classmethod
    def of(cls, found: totals.ProgrammeTotals) -> Self:
        """Return the wire form."""
        return cls(
            programme_code=found.programme_code,
            published=[_published(each) for each in found.published],
            computed=[
                Computed(
                    figure=each.figure,
                    value=each.value,
                    basis=each.basis,
                    synthetic=each.synthetic,
                )
                for each in found.computed
            ],
            compared=[_compared(each) for each in found.compared],
        )


class PortfolioTotals(RootModel[dict[str, ProgrammeTotals]], Answer):
    """The totals of every programme with records, by programme code."""

    @classmethod
    def of(cls, found: Sequence[totals.ProgrammeTotals]) -> Self:
        """Return the wire form."""
        return cls({each.programme_code: ProgrammeTotals.of(each) for each in found})


def _published(figure: totals.PublishedFigure) -> Published:
    return Published(
        figure=figure.figure,
        value=figure.count.value,
        qualifier=figure.count.qualifier,
        basis=figure.count.basis,
        of=figure.of,
        source=ShownSource.of(figure.source),
    )


def _compared(figure: totals.ComparedFigure) -> Compared:
    return Compared(
        figure=figure.figure,
        published=figure.published,
        computed=figure.computed,
        difference=figure.difference,
        basis_published=figure.basis_published,
        basis_computed=figure.basis_computed,
    )


class CodeLabel(Answer):
    """A stable code and its names."""

    code: str
    label: dict[str, str]


class Codelist(Answer):
    """The codes that a field may hold."""

    items: list[CodeLabel]


def event_kinds() -> Codelist:
    """Return the kinds of training events with their English and Polish names."""
    named = LABELS.items()
    return Codelist(
        items=[CodeLabel(code=kind.value, label={"en": en, "pl": pl}) for kind, (en, pl) in named]
    )
