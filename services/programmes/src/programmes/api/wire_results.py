"""What the API answers of results: action plans, indicators, cooperation units, deliverables."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BeforeValidator

from kit.wire import Amount, Answer
from programmes.api.values import Count, FuzzyDate, Mirror, Source
from programmes.api.wire import FundingRules
from programmes.domain import action_plan, deliverable, indicator
from programmes.domain.component import NoSuchPart
from programmes.domain.counted import Computed
from programmes.domain.source import CountBasis, CountQualifier


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever is not a decimal is refused later)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return Decimal(f"{value.normalize():f}") if isinstance(value, Decimal) else value


Number = Annotated[Amount, BeforeValidator(_plain)]
Counted = Mapping[str, Computed]
"""What records add up to, by the name of the figure."""


class Area(Mirror):
    """A topic of a plan, under the title its source prints."""

    topic: str
    title: str
    status: action_plan.AreaStatus
    source: Source | None


class ActionCounts(Mirror):
    """How many actions a source states and how many are recorded, side by side."""

    planned: int | None
    recorded: int
    difference: int | None
    warning: bool


class ActionPlan(Mirror):
    """An edition of a country's action plan."""

    country: str
    edition: int
    status: action_plan.PlanStatus
    counts: ActionCounts
    areas: list[Area]
    source: Source | None
    version: int

    def area(self, topic: str) -> Area:
        """Return the area of a topic, or raise NoSuchPart."""
        for each in self.areas:
            if each.topic == topic:
                return each
        raise NoSuchPart("the plan has no area of this topic")


class Planned(Mirror):
    """What is planned for an action; null where the plan does not say."""

    participants: int | None
    ste_count: int | None
    ste_days: int | None


class Delivered(Mirror):
    """What events of training delivered of an action; null is what is not known.

    `events` were held, `trainings` are those of them that are trainings, `events_to_come` are
    neither held nor cancelled. `places` are different cities. `synthetic` if they are invented.
    """

    events: int
    events_to_come: int
    trainings: int
    participants: int | None
    places: int | None
    ste_count: int | None
    ste_days: Number | None
    synthetic: bool


class Difference(Mirror):
    """Delivered less planned; null where one of them is not known in numbers."""

    participants: int | None
    ste_count: int | None
    ste_days: Number | None


class PlannedAction(Answer):
    """A numbered action as the plan has it."""

    number: int
    area: str
    title: str
    calendar: FuzzyDate
    planned: Planned
    expected_results: str | None
    status: action_plan.ActionStatus
    follow_up_of: int | None
    closing_reason: str | None
    source: Source | None


class Action(PlannedAction):
    """A numbered action, planned beside delivered.

    `code` is what an event of training gives as its `action_code` to belong to the action.
    `delivered` is null, with the reason, only while no event does.
    """

    code: str
    delivered: Delivered | None
    delivered_reason: str | None
    difference: Difference | None

    @classmethod
    def found(
        cls, it: PlannedAction, country: str, told: Mapping[str, action_plan.Delivered]
    ) -> Self:
        """Return an action of a country's plan beside what was told of it."""
        code = action_plan.action_name(country, it.number)
        known = told.get(code)
        return cls(
            **{name: getattr(it, name) for name in type(it).model_fields},
            code=code,
            delivered=known and Delivered.of(known),
            delivered_reason=None if known else "not_linked",
            difference=known and Difference.of(action_plan.difference(it.planned, known)),
        )


class Actions(Answer):
    """Every action of a plan."""

    items: Sequence[Action]
    next: None


class PlannedActions(Answer):
    """Every action as the plan has it."""

    items: list[PlannedAction]
    next: None

    def status_of(self, number: int) -> action_plan.ActionStatus:
        """Return where the action of a number stands, or raise NoSuchPart."""
        for each in self.items:
            if each.number == number:
                return each.status
        raise NoSuchPart("the plan has no action of this number")


class Measure(Mirror):
    """A number with how it is meant and what was counted."""

    value: Number
    qualifier: CountQualifier
    basis: CountBasis


class Period(Mirror):
    """A time to report on; locked once its value is approved."""

    code: str
    begins: FuzzyDate
    ends: FuzzyDate
    target: Number | None
    locked: bool


class Part(Answer):
    """A part of a value; null if it is too small to be shown."""

    name: str
    value: Number | None


class IndicatorValue(Answer):
    """A reported value; only an approved one counts."""

    id: UUID
    period: str
    measure: Measure
    state: indicator.ValueState
    parts: list[Part]
    note: str | None
    reason: str | None
    source: Source | None


class Comparison(Answer):
    """Reported and computed, side by side.

    The difference is computed less reported; with another basis it proves nothing.
    `computed_reason` says why nothing is computed; `computed_synthetic` that the records counted
    are invented, for lack of real ones. A computed value is `over` where some of the events
    counted have not told theirs.
    """

    period: str
    reported: Measure | None
    computed: Measure | None
    computed_reason: str | None
    computed_synthetic: bool
    difference: Number | None
    same_basis: bool


class Indicator(Answer):
    """What is measured, the values reported, and what records add up to."""

    code: str
    title: str
    unit: str
    basis: CountBasis
    baseline: Number | None
    target: Number | None
    aggregate_only: bool
    smallest_cell: int
    computed_from: str | None
    periods: list[Period]
    values: list[IndicatorValue]
    compared: list[Comparison]
    source: Source | None
    version: int

    @classmethod
    def of(cls, it: indicator.Indicator) -> Self:
        """Return the wire form, with parts hidden that are too small to be shown."""
        return cls.found(it, {})

    @classmethod
    def found(cls, it: indicator.Indicator, counted: Mapping[str, Counted]) -> Self:
        """Return the wire form beside what records add up to in each period, by its code."""
        shown = {
            name: getattr(it, name)
            for name in cls.model_fields
            if name not in {"values", "compared", "periods", "source"}
        }
        return cls(
            **shown,
            periods=[Period.of(each) for each in it.periods],
            values=[_value(each, it.smallest_cell) for each in it.values],
            compared=[_compared(it, each.code, counted.get(each.code, {})) for each in it.periods],
            source=None if it.source is None else Source.of(it.source),
        )


def _value(it: indicator.IndicatorValue, smallest: int) -> IndicatorValue:
    parts = indicator.shown_parts(it, smallest)
    return IndicatorValue(
        id=it.id,
        period=it.period,
        measure=Measure.of(it.measure),
        state=it.state,
        parts=[Part(name=name, value=number) for name, number in parts],
        note=it.note,
        reason=it.reason,
        source=None if it.source is None else Source.of(it.source),
    )


def _compared(it: indicator.Indicator, period: str, counted: Counted) -> Comparison:
    computed = counted.get(it.computed_from or "")
    measure = None if computed is None else computed.measure
    found = it.compared(period, measure)
    return Comparison(
        period=period,
        reported=None if found.reported is None else Measure.of(found.reported),
        computed=None if measure is None else Measure.of(measure),
        computed_reason=None if computed is not None else _reason(it),
        computed_synthetic=computed is not None and computed.synthetic,
        difference=found.difference,
        same_basis=found.same_basis,
    )


def _reason(it: indicator.Indicator) -> str:
    if it.aggregate_only:
        return "aggregate_only"
    return "no_records_to_count" if it.computed_from is None else "not_told_yet"


class Indicators(Answer):
    """Every indicator of a programme."""

    items: Sequence[Indicator]
    next: None


class LegalAct(Mirror):
    """An act as a source cites it; what is not stated is null."""

    act_type: str
    number: str | None
    on: FuzzyDate
    issuer: str | None


class CooperationUnit(Mirror):
    """A cooperation unit of a region; its members are told by kinds of institution."""

    id: UUID
    name: str
    region: str
    founded: FuzzyDate
    legal_act: LegalAct
    member_categories: list[str]
    source: Source | None
    version: int


class UnitSummary(Mirror):
    """How many units are on record, in how many of all voivodeships, and which have none.

    The names of the missing ones are general knowledge: no source prints them. `documents` are
    the codes of the sources that name the units.
    """

    units: int
    regions_covered: int
    regions_in_all: int
    missing: list[str]
    documents: list[str]


class Deliverable(Mirror):
    """What a programme leaves behind."""

    id: UUID
    kind: deliverable.DeliverableKind
    title: str
    quantity: int | None
    status: deliverable.DeliverableStatus
    due: FuzzyDate
    source: Source | None
    version: int


class PartnerSummary(Answer):
    """How many partners a source declares, and how many are on record."""

    declared: Count | None
    recorded: int
    difference: int | None

    @classmethod
    def found(cls, counts: Sequence[Count], recorded: int) -> Self:
        """Return the number on record beside the one declared, if one is."""
        stated = next((each for each in counts if each.subject == "consortium_states"), None)
        difference = None if stated is None else recorded - stated.value
        return cls(declared=stated, recorded=recorded, difference=difference)


class FundingRulesFound(Answer):
    """Whether participants pay and what is paid for them; `stated` false if no source says."""

    stated: bool
    participation: str | None
    covered: list[str]
    source: Source | None

    @classmethod
    def found(cls, it: FundingRules | None) -> Self:
        """Return the rules, or that none are stated."""
        if it is None:
            return cls(stated=False, participation=None, covered=[], source=None)
        return cls(stated=True, **it.model_dump(exclude={"source"}), source=it.source)
