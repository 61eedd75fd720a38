"""Request and answer models of /v1: events, and the parts that several models share."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict

from kit.reply import etag
from kit.wire import (
    CLEAN,
    WHOLE,
    Amount,
    Answer,
    Code,
    Count,
    Country,
    Day,
    Flag,
    Instant,
    Line,
    Ref,
    Request,
    When,
)
from training.api import examples
from training.api.words import Prose, Words
from training.commands import events
from training.domain import figures, fuzzy_date, training_event
from training.domain.event_kind import EventKind
from training.domain.figures import Basis, Qualifier
from training.domain.fuzzy_date import Precision
from training.domain.training_event import (
    EventPlan,
    EventStatus,
    PlacePrecision,
    TrainingEvent,
    Travel,
)

Slug = Annotated[
    str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9][a-z0-9-]*$"), CLEAN
]
Seats = Annotated[int, Field(ge=1, le=10_000), WHOLE]
Minutes = Annotated[int, Field(ge=1, le=100_000), WHOLE]
Percent = Annotated[int, Field(ge=1, le=100), WHOLE]
Region = Annotated[
    str, StringConstraints(min_length=4, max_length=6, pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$"), CLEAN
]


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("is not an IANA time zone") from error


Zone = Annotated[Line, AfterValidator(_known_zone)]
ShownFuzzyDate = TypedDict(
    "ShownFuzzyDate",
    {
        "from": date | None,
        "to": date | None,
        "precision": Precision,
        "text": str | None,
        "edtf": str | None,
    },
)


# A year with a digit too few is no year of an event, nor one that nobody travels in.
NearDay = Annotated[Day, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]


class GivenFuzzyDate(Request):
    """A span of civil days, both included, and how precisely it is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: Annotated[NearDay | None, Field(alias="from")] = None
    to: NearDay | None = None
    precision: Precision
    text: Words | None = None
    edtf: Words | None = None

    def dates(self) -> fuzzy_date.FuzzyDate:
        """Return the domain value, or raise DatesInvalid."""
        return fuzzy_date.FuzzyDate(self.from_, self.to, self.precision, self.text, self.edtf)


def dates_out(dates: fuzzy_date.FuzzyDate) -> ShownFuzzyDate:
    """Return the wire form of a fuzzy date."""
    return {
        "from": dates.earliest,
        "to": dates.latest,
        "precision": dates.precision,
        "text": dates.text,
        "edtf": dates.edtf,
    }


class GivenCount(Request):
    """A published number with its wording and what it counts."""

    value: Count
    qualifier: Qualifier
    basis: Basis

    def count(self) -> figures.Count:
        """Return the domain value."""
        return figures.Count(self.value, self.qualifier, self.basis)

    @staticmethod
    def maybe(given: "GivenCount | None") -> figures.Count | None:
        """Return the domain value, None where nothing is stated."""
        return None if given is None else given.count()


class ShownCount(Answer):
    """A number with its wording and what it counts."""

    value: int
    qualifier: Qualifier
    basis: Basis

    @classmethod
    def of(cls, count: figures.Count) -> Self:
        """Return the wire form."""
        return cls(value=count.value, qualifier=count.qualifier, basis=count.basis)

    @classmethod
    def maybe(cls, count: figures.Count | None) -> Self | None:
        """Return the wire form, null where nothing is stated."""
        return None if count is None else cls.of(count)


class GivenSource(Request):
    """Where it is written: a document of the register, the place in it, and its words."""

    document: Slug
    locator: Words
    quote: Prose | None = None

    def source(self) -> figures.Source:
        """Return the domain value."""
        return figures.Source(self.document, self.locator, self.quote)


class ShownSource(Answer):
    """Where it is written."""

    document: str
    locator: str
    quote: str | None

    @classmethod
    def of(cls, source: figures.Source) -> Self:
        """Return the wire form."""
        return cls(document=source.document, locator=source.locator, quote=source.quote)


class GivenPlace(Request):
    """Where, as exactly as it is known; country is ISO 3166-1 alpha-2."""

    city: Words | None = None
    country: Country | None = None
    venue: Words | None = None
    precision: PlacePrecision
    region: Region | None = None

    def place(self) -> training_event.Place:
        """Return the domain value, or raise PlanInvalid."""
        return training_event.Place(
            self.city, self.country, self.venue, self.precision, self.region
        )


class ShownPlace(Answer):
    """Where, as exactly as it is known."""

    city: str | None
    country: str | None
    venue: str | None
    precision: PlacePrecision
    region: str | None

    @classmethod
    def of(cls, place: training_event.Place) -> Self:
        """Return the wire form."""
        return cls(
            city=place.city,
            country=place.country,
            venue=place.venue,
            precision=place.precision,
            region=place.region,
        )


class GivenTravel(Request):
    """When participants leave and return, with offset."""

    departs_at: When
    returns_at: When

    def travel(self) -> Travel:
        """Return the domain value, or raise PlanInvalid."""
        return Travel(self.departs_at, self.returns_at)


class ShownTravel(Answer):
    """When participants leave and return, in UTC."""

    departs_at: Instant
    returns_at: Instant

    @classmethod
    def maybe(cls, travel: Travel | None) -> Self | None:
        """Return the wire form, null where nothing is stated."""
        if travel is None:
            return None
        return cls(departs_at=travel.departs_at, returns_at=travel.returns_at)


class NewEvent(Request):
    """A training event to plan. What is not known yet stays null."""

    model_config = examples.EVENT

    reference: Code
    programme_code: Code
    kind: EventKind
    title: Words
    dates: GivenFuzzyDate
    zone: Zone = "Europe/Warsaw"
    place: GivenPlace | None = None
    topic: Slug | None = None
    capacity: Seats | None = None
    host: Code | None = None
    countries: Annotated[tuple[Country, ...], Field(max_length=60)] = ()
    institutions: Annotated[tuple[Words, ...], Field(max_length=40)] = ()
    series_id: Ref | None = None
    follow_up_of: Ref | None = None
    part_of: Ref | None = None
    travel: GivenTravel | None = None
    budget_line_code: Code | None = None
    mandatory_minutes: Minutes | None = None
    note: Prose | None = None
    sources: Annotated[tuple[GivenSource, ...], Field(max_length=20)] = ()
    synthetic: Flag = False
    component: Code | None = None
    action_code: Code | None = None
    attended_percent: Percent = 80
    training_of_trainers: Flag = False

    def plan(self) -> EventPlan:
        """Return the domain value, or raise DatesInvalid or PlanInvalid."""
        return EventPlan(
            reference=self.reference,
            programme_code=self.programme_code,
            kind=self.kind,
            title=self.title,
            dates=self.dates.dates(),
            zone=self.zone,
            place=self.place.place() if self.place else training_event.NOWHERE,
            topic=self.topic,
            capacity=self.capacity,
            host=self.host,
            countries=self.countries,
            institutions=self.institutions,
            series_id=self.series_id,
            follow_up_of=self.follow_up_of,
            part_of=self.part_of,
            travel=self.travel.travel() if self.travel else None,
            budget_line_code=self.budget_line_code,
            mandatory_minutes=self.mandatory_minutes,
            note=self.note,
            sources=tuple(source.source() for source in self.sources),
            synthetic=self.synthetic,
            component=self.component,
            action_code=self.action_code,
            attended_percent=self.attended_percent,
            training_of_trainers=self.training_of_trainers,
        )


class Event(Answer):
    """A training event; `dates` are civil days in `zone`, `taken` are seats given away.

    Once it has been held, `participants` took part, wholly or in part, and experts worked
    `expert_days`; null while unknown.
    """

    id: UUID
    etag: str
    reference: str
    programme_code: str
    series_id: UUID | None
    kind: EventKind
    title: str
    topic: str | None
    status: EventStatus
    reason: str | None
    dates: ShownFuzzyDate
    zone: str
    place: ShownPlace
    capacity: int | None
    taken: int
    host: str | None
    countries: list[str]
    institutions: list[str]
    follow_up_of: UUID | None
    part_of: UUID | None
    travel: ShownTravel | None
    budget_line_code: str | None
    mandatory_minutes: int | None
    note: str | None
    sources: list[ShownSource]
    synthetic: bool
    component: str | None
    action_code: str | None
    attended_percent: int
    training_of_trainers: bool
    participants: int | None
    expert_days: Amount | None

    @classmethod
    def of(cls, event: TrainingEvent) -> Self:
        """Return the wire form."""
        plan = event.plan
        travel = plan.travel
        return cls(
            id=event.id,
            etag=etag(event.version),
            reference=plan.reference,
            programme_code=plan.programme_code,
            series_id=plan.series_id,
            kind=plan.kind,
            title=plan.title,
            topic=plan.topic,
            status=event.status,
            reason=event.reason,
            dates=dates_out(plan.dates),
            zone=plan.zone,
            place=ShownPlace.of(plan.place),
            capacity=plan.capacity,
            taken=event.taken,
            host=plan.host,
            countries=list(plan.countries),
            institutions=list(plan.institutions),
            follow_up_of=plan.follow_up_of,
            part_of=plan.part_of,
            travel=travel
            and ShownTravel(departs_at=travel.departs_at, returns_at=travel.returns_at),
            budget_line_code=plan.budget_line_code,
            mandatory_minutes=plan.mandatory_minutes,
            note=plan.note,
            sources=[ShownSource.of(source) for source in plan.sources],
            synthetic=plan.synthetic,
            component=plan.component,
            action_code=plan.action_code,
            attended_percent=plan.attended_percent,
            training_of_trainers=plan.training_of_trainers,
            participants=event.delivered.participants,
            expert_days=event.delivered.expert_days,
        )


class Step(Request):
    """The state an event is to enter; cancelling and postponing need a reason.

    `dates` are other days, for an event that is being or was put off.
    """

    to: EventStatus
    reason: Words | None = None
    dates: GivenFuzzyDate | None = None

    def step(self) -> events.Step:
        """Return what the command takes, or raise DatesInvalid."""
        return events.Step(self.to, self.reason, self.dates.dates() if self.dates else None)
