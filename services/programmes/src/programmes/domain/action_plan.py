"""Action plans of countries: editions, areas, numbered actions; planned beside delivered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol, TypeVar
from uuid import UUID

from kit.errors import DomainError, Kind
from programmes.domain.component import NoSuchPart
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.moves import Moves, Way
from programmes.domain.source import Source


class ActionNumberTaken(DomainError):
    """A plan has one action of a number."""

    kind = Kind.CONFLICT
    code = "programmes.action_number_taken"
    title = "The plan has an action of this number"
    advice = "Choose the next free number, or correct the action that has it."


class NoSuchArea(DomainError):
    """The plan has no area of this topic, or no action of this number to follow up."""

    kind = Kind.INVALID
    code = "programmes.no_such_area"
    title = "The plan has no such area or action"
    advice = (
        "Name an area and, for a follow-up, another action that the plan has; correct the draft if "
        "it lacks the area."
    )


class AreaTwice(DomainError):
    """A plan has one area of a topic."""

    kind = Kind.INVALID
    code = "programmes.area_twice"
    title = "The plan has two areas of one topic"
    advice = "Name each topic once."


class PlanClosed(DomainError):
    """Only a draft takes new actions; a plan in force is revised by a new edition."""

    kind = Kind.CONFLICT
    code = "programmes.plan_closed"
    title = "The plan takes no changes"
    advice = "Revise the plan: that makes a new edition to change."


class NothingDelivered(DomainError):
    """An action is completed by an event, or by a reason why there was none."""

    kind = Kind.CONFLICT
    code = "programmes.nothing_delivered"
    title = "The action has no completed event"
    advice = "Complete an event of the action first, or give the reason in writing."


class PlannedNegative(DomainError):
    """Nobody plans fewer than no participants, experts or days."""

    kind = Kind.INVALID
    code = "programmes.planned_negative"
    title = "A planned number must not be negative"
    advice = "Leave out what is not stated; send zero only if zero is planned."


class PlanStatus(StrEnum):
    """Where an edition of a plan stands; a revised one is replaced by the next edition."""

    DRAFT = "draft"
    AGREED = "agreed"
    IN_FORCE = "in_force"
    REVISED = "revised"
    COMPLETED = "completed"


PLAN_MOVES: Final = Moves(
    "action plan",
    {
        PlanStatus.DRAFT: frozenset({PlanStatus.AGREED}),
        PlanStatus.AGREED: frozenset({PlanStatus.IN_FORCE}),
        PlanStatus.IN_FORCE: frozenset({PlanStatus.REVISED, PlanStatus.COMPLETED}),
        PlanStatus.REVISED: frozenset({PlanStatus.COMPLETED}),
        PlanStatus.COMPLETED: frozenset(),
    },
)


class AreaStatus(StrEnum):
    """Whether work in an area goes on."""

    OPEN = "open"
    COMPLETED = "completed"


class ActionStatus(StrEnum):
    """Where an action stands."""

    PLANNED = "planned"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


ACTION_MOVES: Final = Moves(
    "action",
    {
        ActionStatus.PLANNED: frozenset(
            {ActionStatus.SCHEDULED, ActionStatus.POSTPONED, ActionStatus.CANCELLED}
        ),
        ActionStatus.SCHEDULED: frozenset(
            {ActionStatus.IN_PROGRESS, ActionStatus.POSTPONED, ActionStatus.CANCELLED}
        ),
        ActionStatus.IN_PROGRESS: frozenset({ActionStatus.COMPLETED, ActionStatus.CANCELLED}),
        ActionStatus.POSTPONED: frozenset({ActionStatus.SCHEDULED, ActionStatus.CANCELLED}),
        ActionStatus.COMPLETED: frozenset(),
        ActionStatus.CANCELLED: frozenset(),
    },
)


def action_ways(present: ActionStatus, *, held: int) -> tuple[Way[ActionStatus], ...]:
    """Return every other state with what it needs, or why it is out of reach.

    `held` are the events of the action that have been held.
    """
    reason = None if held else "a reason in writing: no event of the action has been held"
    return tuple(
        replace(way, needs=reason)
        if way.to is ActionStatus.COMPLETED and way.why_not is None
        else way
        for way in ACTION_MOVES.ways(present)
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned for an action; absent where the plan does not say."""

    participants: int | None = None
    ste_count: int | None = None
    ste_days: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers below zero."""
        given = (self.participants, self.ste_count, self.ste_days)
        if any(number is not None and number < 0 for number in given):
            raise PlannedNegative("a planned number is below zero")


@dataclass(frozen=True, slots=True)
class Area:
    """A topic of the plan."""

    topic: str
    title: str
    status: AreaStatus = AreaStatus.OPEN
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A numbered action of an area; `follow_up_of` is the number of the action it continues."""

    number: int
    area: str
    title: str
    calendar: FuzzyDate
    planned: Planned
    expected_results: str | None = None
    status: ActionStatus = ActionStatus.PLANNED
    follow_up_of: int | None = None
    closing_reason: str | None = None
    source: Source | None = None

    def advanced(
        self, status: ActionStatus, *, completed_events: int = 0, reason: str | None = None
    ) -> "Action":
        """Return the action in another state, or raise IllegalMove or NothingDelivered."""
        ACTION_MOVES.check(self.status, status)
        if status is ActionStatus.COMPLETED and completed_events < 1 and not (reason or "").strip():
            raise NothingDelivered(f"the action {self.number} has no completed event")
        return replace(self, status=status, closing_reason=reason or self.closing_reason)


@dataclass(frozen=True, slots=True)
class ActionCounts:
    """How many actions a source states and how many are recorded, side by side (INV-33)."""

    planned: int | None
    recorded: int

    @property
    def difference(self) -> int | None:
        """Recorded less planned; None if no source states a number."""
        return None if self.planned is None else self.recorded - self.planned

    @property
    def warning(self) -> bool:
        """Say whether more are recorded than were planned."""
        return self.difference is not None and self.difference > 0


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """One edition of a country's plan in a programme."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    country: str
    edition: int
    status: PlanStatus
    planned_action_count: int | None
    areas: tuple[Area, ...] = ()
    actions: tuple[Action, ...] = ()
    source: Source | None = None

    def __post_init__(self) -> None:
        """Refuse two areas of one topic."""
        topics = [area.topic for area in self.areas]
        if len(set(topics)) < len(topics):
            raise AreaTwice("a topic occurs twice among the areas")

    @property
    def counts(self) -> ActionCounts:
        """Planned and recorded actions; cancelled ones were planned and are recorded."""
        return ActionCounts(self.planned_action_count, len(self.actions))

    def with_action(self, action: Action) -> "ActionPlan":
        """Return the plan with one more action, or raise why it does not take it."""
        self._must_be_draft()
        if action.number in {each.number for each in self.actions}:
            raise ActionNumberTaken(f"the plan has an action {action.number}")
        self._must_hold(action)
        return replace(self, version=self.version + 1, actions=(*self.actions, action))

    def with_corrected(self, action: Action) -> "ActionPlan":
        """Return the draft in which this is said of an action, which stands where it stood."""
        self._must_be_draft()
        former = self.action(action.number)
        self._must_hold(action)
        said = replace(action, status=former.status, closing_reason=former.closing_reason)
        return self.with_moved(said)

    def with_areas(
        self, areas: tuple[Area, ...], planned_action_count: int | None, source: Source | None
    ) -> "ActionPlan":
        """Return the draft with these areas; NoSuchArea if one is left out that has actions."""
        self._must_be_draft()
        said = replace(
            self,
            version=self.version + 1,
            areas=areas,
            planned_action_count=planned_action_count,
            source=source,
        )
        for action in self.actions:
            said._must_hold(action)  # noqa: SLF001 (it is one of us)
        return said

    def _must_be_draft(self) -> None:
        if self.status is not PlanStatus.DRAFT:
            raise PlanClosed(f"the edition {self.edition} is {self.status}")

    def _must_hold(self, action: Action) -> None:
        """Raise NoSuchArea unless the area is here and what it follows is not after itself."""
        if action.area not in {each.topic for each in self.areas}:
            raise NoSuchArea(f"the plan has no area {action.area}")
        followed = {each.number: each.follow_up_of for each in self.actions}
        step = action.follow_up_of
        while step is not None:
            if step not in followed or step == action.number:
                raise NoSuchArea(f"the action {action.number} cannot follow up the action {step}")
            step = followed[step]

    def action(self, number: int) -> Action:
        """Return the action of a number, or raise NoSuchPart."""
        for each in self.actions:
            if each.number == number:
                return each
        raise NoSuchPart(f"the plan has no action {number}")

    def with_area_completed(self, topic: str) -> "ActionPlan":
        """Return the plan with an area in which work has ended, or raise NoSuchPart."""
        if topic not in {each.topic for each in self.areas}:
            raise NoSuchPart("the plan has no area of this topic")
        areas = tuple(
            replace(each, status=AreaStatus.COMPLETED) if each.topic == topic else each
            for each in self.areas
        )
        return replace(self, version=self.version + 1, areas=areas)

    def with_moved(self, action: Action) -> "ActionPlan":
        """Return the plan with an action in the state it has now."""
        kept = tuple(action if each.number == action.number else each for each in self.actions)
        return replace(self, version=self.version + 1, actions=kept)

    def passed_to(self, status: PlanStatus) -> "ActionPlan":
        """Return the edition in another state, or raise IllegalMove."""
        PLAN_MOVES.check(self.status, status)
        return replace(self, version=self.version + 1, status=status)

    def revised(self, new_id: UUID) -> tuple["ActionPlan", "ActionPlan"]:
        """Return this edition, replaced, and the next one: a draft that starts with all of it.

        Both are read at one address: versions go on counting, so that no ETag of this edition
        ever fits the next.
        """
        former = self.passed_to(PlanStatus.REVISED)
        version, edition = former.version + 1, self.edition + 1
        draft = replace(self, id=new_id, version=version, edition=edition, status=PlanStatus.DRAFT)
        return former, draft


@dataclass(frozen=True, slots=True)
class Delivered:
    """What training tells of the events of an action; absent is what it has not told.

    `events` are those held, `trainings` those of them that are trainings, `events_to_come` those
    neither held nor cancelled. `places` are different cities. `synthetic` if the events are
    invented.
    """

    events: int = 0
    events_to_come: int = 0
    trainings: int = 0
    participants: int | None = None
    places: int | None = None
    ste_count: int | None = None
    ste_days: Decimal | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Delivered less planned; absent where one of them is not known in numbers."""

    participants: int | None
    ste_count: int | None
    ste_days: Decimal | None


class PlannedNumbers(Protocol):
    """What is planned for an action in numbers, as it is stored or as it is shown."""

    @property
    def participants(self) -> int | None:
        """How many take part."""

    @property
    def ste_count(self) -> int | None:
        """How many short-term experts."""

    @property
    def ste_days(self) -> int | None:
        """How many days they work together."""


def difference(planned: PlannedNumbers, delivered: Delivered) -> Difference:
    """Compare what an action planned with what was delivered."""
    return Difference(
        _less(delivered.participants, planned.participants),
        _less(delivered.ste_count, planned.ste_count),
        _less(delivered.ste_days, planned.ste_days),
    )


_T = TypeVar("_T", int, Decimal)


def _less(delivered: _T | None, planned: int | None) -> _T | None:
    return None if planned is None or delivered is None else delivered - planned


def action_name(country: str, number: int) -> str:
    """Return the name by which events say to which action they belong, such as MD-3."""
    return f"{country}-{number}"


def in_force(editions: Iterable[ActionPlan]) -> ActionPlan | None:
    """Return the edition that counts: the latest in force or completed."""
    counted = {PlanStatus.IN_FORCE, PlanStatus.COMPLETED}
    found = [each for each in editions if each.status in counted]
    return max(found, key=lambda each: each.edition, default=None)
