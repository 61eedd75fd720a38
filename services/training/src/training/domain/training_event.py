"""A training event: its plan, its state, and its seats."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from training.domain.delivery import NOTHING, Delivery
from training.domain.errors import (
    CapacityBelowTaken,
    EventFull,
    EventNotProven,
    EventNotReady,
    EventNotYet,
    EventSettled,
    EventStepNotAllowed,
    NominationsClosed,
    NoSeatsOffered,
    PlanInvalid,
    ReasonRequired,
)
from training.domain.event_kind import EventKind
from training.domain.figures import Source
from training.domain.fuzzy_date import UNKNOWN, FuzzyDate


class EventStatus(StrEnum):
    """Where a training event stands between plan and proof."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    NOMINATIONS_OPEN = "nominations_open"
    NOMINATIONS_CLOSED = "nominations_closed"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    REPORTED = "reported"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


_S = EventStatus
STEPS: Final[dict[EventStatus, frozenset[EventStatus]]] = {
    _S.DRAFT: frozenset({_S.ANNOUNCED, _S.CANCELLED, _S.POSTPONED}),
    _S.ANNOUNCED: frozenset({_S.NOMINATIONS_OPEN, _S.CANCELLED, _S.POSTPONED}),
    _S.NOMINATIONS_OPEN: frozenset({_S.NOMINATIONS_CLOSED, _S.CANCELLED, _S.POSTPONED}),
    _S.NOMINATIONS_CLOSED: frozenset(
        {_S.NOMINATIONS_OPEN, _S.CONFIRMED, _S.CANCELLED, _S.POSTPONED}
    ),
    _S.CONFIRMED: frozenset({_S.IN_PROGRESS, _S.CANCELLED, _S.POSTPONED}),
    _S.IN_PROGRESS: frozenset({_S.COMPLETED}),
    _S.COMPLETED: frozenset({_S.REPORTED}),
    _S.REPORTED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.POSTPONED: frozenset(
        {_S.ANNOUNCED, _S.NOMINATIONS_OPEN, _S.NOMINATIONS_CLOSED, _S.CANCELLED, _S.POSTPONED}
    ),
}
OPEN_TO_CHANGE: Final = frozenset(STEPS) - {
    _S.IN_PROGRESS,
    _S.COMPLETED,
    _S.REPORTED,
    _S.CANCELLED,
}
"""While what is planned may become known more exactly, or change."""
TRAVELLED_ON: Final = frozenset({"dates", "zone", "place", "travel", "budget_line_code"})
"""What confirmed participants travel on."""
DESCRIBING: Final = frozenset(
    {
        "title",
        "topic",
        "institutions",
        "note",
        "component",
        "action_code",
        "training_of_trainers",
    }
)
"""What nobody travels on or is measured by: it is put right until the event is reported."""
DECIDING: Final = frozenset({_S.NOMINATIONS_OPEN, _S.NOMINATIONS_CLOSED, _S.CONFIRMED})
"""While the host decides on nominations and seats are given and freed."""
TAKING_PLACE: Final = frozenset({_S.IN_PROGRESS, _S.COMPLETED})
"""While attendance is recorded."""
HELD: Final = frozenset({_S.COMPLETED, _S.REPORTED})
"""States of an event that has been held."""
PUBLISHED_AS: Final = frozenset({_S.ANNOUNCED, _S.COMPLETED})
"""States in which an event known from a source alone enters the record."""


_LONGEST_WAY: Final = timedelta(days=7)
"""A departure longer ahead is none that an event begins with, or a wrong year."""


class PlacePrecision(StrEnum):
    """How exactly the place is known."""

    VENUE = "venue"
    CITY = "city"
    COUNTRY = "country"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """Where; `country` is ISO 3166-1 alpha-2, `region` ISO 3166-2. What is not stated is None."""

    city: str | None
    country: str | None
    venue: str | None
    precision: PlacePrecision
    region: str | None = None

    def __post_init__(self) -> None:
        """Refuse a place whose precision promises what is not there."""
        known = {
            PlacePrecision.VENUE: self.venue and self.city and self.country,
            PlacePrecision.CITY: self.city and self.country,
            PlacePrecision.COUNTRY: self.country,
            PlacePrecision.UNKNOWN: True,
        }
        if not known[self.precision]:
            raise PlanInvalid(f"the place is not known to the precision `{self.precision.value}`")


NOWHERE: Final = Place(None, None, None, PlacePrecision.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Travel:
    """When participants leave and return; instants in UTC, shown in the zone of the event."""

    departs_at: datetime
    returns_at: datetime

    def __post_init__(self) -> None:
        """Refuse a return that is not after the departure."""
        if self.returns_at <= self.departs_at:
            raise PlanInvalid("the return is not after the departure")


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What is planned or published about an event.

    `dates` are civil days in `zone` (IANA name). `capacity` is None when no source states one.
    `countries` are the countries it is held for or with, apart from where it is held;
    `institutions` the categories of institutions attending; `host` an organisation code.
    `mandatory_minutes` are the minutes of the whole event that count for attendance, unless its
    sessions say so; who was present for `attended_percent` of them attended.
    """

    reference: str
    programme_code: str
    kind: EventKind
    title: str
    dates: FuzzyDate = UNKNOWN
    zone: str = "Europe/Warsaw"
    place: Place = NOWHERE
    topic: str | None = None
    capacity: int | None = None
    host: str | None = None
    countries: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    series_id: UUID | None = None
    follow_up_of: UUID | None = None
    part_of: UUID | None = None
    travel: Travel | None = None
    budget_line_code: str | None = None
    mandatory_minutes: int | None = None
    note: str | None = None
    sources: tuple[Source, ...] = ()
    synthetic: bool = False
    component: str | None = None
    action_code: str | None = None
    attended_percent: int = 80
    training_of_trainers: bool = False

    def missing_for(self, status: EventStatus) -> list[str]:
        """Return the names of what must be known before the event may be `status`."""
        needs = {
            _S.NOMINATIONS_OPEN: {"capacity": self.capacity is not None},
            _S.CONFIRMED: {
                "host": self.host is not None,
                "place": self.place.city is not None,
                "dates": self.dates.exact,
            },
        }
        return [name for name, known in needs.get(status, {}).items() if not known]

    @property
    def action(self) -> tuple[str, str | None]:
        """The programme, and the code there of the action it belongs to, None where it has none."""
        return self.programme_code, self.action_code

    @property
    def begins_at(self) -> datetime | None:
        """The instant in UTC at which its first day begins, None where that is not known."""
        return None if self.dates.earliest is None else self.midnight(self.dates.earliest)

    def midnight(self, day: date) -> datetime:
        """Return the instant in UTC at which a day begins in its zone."""
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)

    def due(self, status: EventStatus) -> date | None:
        """Return the first day on which the event may be `status`, in its zone; None is any day.

        It is under way from its first day on, or from a departure shortly before, and over from
        its last day on; where its days are not known exactly, from the first that it may have.
        """
        dates = self.dates
        if status in HELD:
            return dates.latest if dates.exact else dates.earliest
        if status is not _S.IN_PROGRESS or self.travel is None or dates.earliest is None:
            return dates.earliest if status is _S.IN_PROGRESS else None
        leaves = self.travel.departs_at.astimezone(ZoneInfo(self.zone)).date()
        return min(dates.earliest, max(leaves, dates.earliest - _LONGEST_WAY))

    def must_be_due(self, status: EventStatus, now: datetime) -> None:
        """Raise EventNotYet before the first day on which the event may be `status`."""
        day = self.due(status)
        if day is not None and now.astimezone(ZoneInfo(self.zone)).date() < day:
            detail = f"before {day.isoformat()} ({self.zone}) it is not `{status.value}`"
            raise EventNotYet(detail, possible_from=day.isoformat(), zone=self.zone)

    def must_be_published_as(self, status: EventStatus) -> None:
        """Raise PlanInvalid unless a source is cited and can tell of such a state."""
        if status not in PUBLISHED_AS or not self.sources:
            raise PlanInvalid("only a cited source puts an event on record as announced or held")


@dataclass(frozen=True, slots=True)
class TrainingEvent:
    """An event on record. Never more than `plan.capacity` seats are `taken` (INV-22).

    `postponed_from` is the state it goes back to at most while it is postponed. `divided` says
    whether quotas set seats aside; None where that was never noted.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    plan: EventPlan
    status: EventStatus
    taken: int
    reason: str | None
    postponed_from: EventStatus | None = None
    delivered: Delivery = NOTHING
    divided: bool | None = False

    def move(self, to: EventStatus, *, proven: bool = False) -> "TrainingEvent":
        """Take one step forward.

        `proven` says that attendance or a head count is on record; only then is it reported.
        """
        if to in {EventStatus.CANCELLED, EventStatus.POSTPONED} or to not in self.following:
            raise self._no_step(to)
        missing = self.plan.missing_for(to)
        if missing:
            raise EventNotReady(f"`{to.value}` needs {', '.join(missing)}", missing=missing)
        if to is EventStatus.REPORTED and not proven:
            raise EventNotProven("neither attendance nor a head count is on record")
        return replace(self, status=to, postponed_from=None)

    def postpone(self, reason: str | None, dates: FuzzyDate | None) -> "TrainingEvent":
        """Put it off before it begins, or once more; seats stay taken, new dates may follow."""
        if EventStatus.POSTPONED not in self.following:
            raise self._no_step(EventStatus.POSTPONED)
        if not reason:
            raise ReasonRequired("a postponed event says why it was postponed")
        since = self.postponed_from or self.status
        put_off = replace(self, status=EventStatus.POSTPONED, reason=reason, postponed_from=since)
        return put_off.redated(dates)

    def redated(self, dates: FuzzyDate | None) -> "TrainingEvent":
        """Give it other dates; None keeps those it has."""
        if dates is None:
            return self
        return replace(self, plan=replace(self.plan, dates=dates, travel=None))

    def amended(self, plan: EventPlan, *, travelling: bool) -> "TrainingEvent":
        """Plan it otherwise before it begins; how it is described, until it is reported.

        `travelling` says that seats are final: then where and when stay as they are, as they do
        once the event is confirmed. Days that move void the travel that was planned for them.
        """
        if self.status in TAKING_PLACE:
            return self._described(plan)
        if self.status not in OPEN_TO_CHANGE:
            raise EventSettled(f"the event is `{self.status.value}`", members=[])
        fixed = travelling or self.status is _S.CONFIRMED
        changed = {name for name in TRAVELLED_ON if getattr(plan, name) != self._planned(name)}
        if fixed and changed:
            raise EventSettled("seats are final, or the event is", members=sorted(changed))
        if self.taken > (plan.capacity or 0):
            raise CapacityBelowTaken(f"{self.taken} seats are taken", taken=self.taken)
        if plan.dates != self.plan.dates and plan.travel == self.plan.travel:
            plan = replace(plan, travel=None)
        missing = plan.missing_for(self.status)
        if missing:
            raise EventNotReady(
                f"`{self.status.value}` needs {', '.join(missing)}", missing=missing
            )
        return replace(self, plan=plan)

    def _described(self, plan: EventPlan) -> "TrainingEvent":
        names = {each.name for each in fields(plan)} - DESCRIBING
        changed = {name for name in names if getattr(plan, name) != self._planned(name)}
        if changed:
            raise EventSettled(f"the event is `{self.status.value}`", members=sorted(changed))
        return replace(self, plan=plan)

    def _planned(self, name: str) -> object:
        return getattr(self.plan, name)

    @property
    def following(self) -> frozenset[EventStatus]:
        """The states it can enter now; after a postponement, none that it had not reached."""
        if self.postponed_from is None:
            return STEPS[self.status]
        order = list(EventStatus)
        reached = {*order[: order.index(self.postponed_from) + 1], _S.ANNOUNCED}
        return STEPS[self.status] & (reached | {_S.CANCELLED, _S.POSTPONED})

    def cancel(self, reason: str | None) -> "TrainingEvent":
        """Call it off before it begins; every seat becomes free."""
        if EventStatus.CANCELLED not in self.following:
            raise self._no_step(EventStatus.CANCELLED)
        if not reason:
            raise ReasonRequired("a cancelled event says why it was cancelled")
        return replace(
            self, status=EventStatus.CANCELLED, taken=0, reason=reason, postponed_from=None
        )

    def take_seat(self) -> "TrainingEvent":
        """Give one seat away, or raise EventFull."""
        if self.full:
            raise EventFull("no seat is free", capacity=self.plan.capacity, taken=self.taken)
        return replace(self, taken=self.taken + 1)

    def free_seat(self) -> "TrainingEvent":
        """Take one seat back."""
        return replace(self, taken=self.taken - 1)

    @property
    def full(self) -> bool:
        """Whether every seat is taken; raises NoSeatsOffered where no capacity is stated."""
        if self.plan.capacity is None:
            raise NoSeatsOffered("no capacity is stated for this event")
        return self.taken >= self.plan.capacity

    def must_be(self, allowed: frozenset[EventStatus]) -> None:
        """Raise NominationsClosed unless the event is in one of the `allowed` states."""
        if self.status not in allowed:
            raise NominationsClosed(
                f"the event is `{self.status.value}`", event_status=self.status.value
            )

    def _no_step(self, to: EventStatus) -> EventStepNotAllowed:
        return EventStepNotAllowed(
            f"from `{self.status.value}` there is no step to `{to.value}`",
            allowed=sorted(step.value for step in self.following),
        )
