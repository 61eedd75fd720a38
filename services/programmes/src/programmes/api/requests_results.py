"""Bodies of requests of results, and the domain values they stand for."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kit.wire import WHOLE, Amount, Code, Country, Flag, Request
from kit.wire import Count as NotNegative
from programmes.api import examples_results as examples
from programmes.api.requests import cited
from programmes.api.requests_cooperation import Number, Slug, Words
from programmes.api.values import FuzzyDateIn, SourceIn, date_of
from programmes.api.words import Line, Text
from programmes.domain import action_plan, cooperation_unit, deliverable, indicator
from programmes.domain.counted import require_figure
from programmes.domain.programme import Programme
from programmes.domain.source import CountBasis, CountQualifier

Quantity = Annotated[Amount, Field(ge=0, decimal_places=4)]


class AreaIn(Request):
    """A topic of a plan, under the title its source prints."""

    topic: Slug
    title: Line
    status: action_plan.AreaStatus = action_plan.AreaStatus.OPEN
    source: SourceIn | None = None

    def area(self) -> action_plan.Area:
        """Return the domain value."""
        return action_plan.Area(self.topic, self.title, self.status, cited(self.source))


class PlanCorrection(Request):
    """What a draft says; whatever is left out is not stated any more."""

    model_config = examples.PLAN_CORRECTION

    planned_action_count: NotNegative | None = None
    areas: Annotated[tuple[AreaIn, ...], Field(max_length=60)] = ()
    source: SourceIn | None = None

    def change(self, plan: action_plan.ActionPlan) -> action_plan.ActionPlan:
        """Return the draft that says this; raises PlanClosed, AreaTwice or NoSuchArea."""
        areas = tuple(each.area() for each in self.areas)
        return plan.with_areas(areas, self.planned_action_count, cited(self.source))


class NewActionPlan(PlanCorrection):
    """The first edition of a country's plan, a draft."""

    model_config = examples.ACTION_PLAN

    country: Country

    def plan(self, new_id: UUID, programme: Programme) -> action_plan.ActionPlan:
        """Return the domain value."""
        return action_plan.ActionPlan(
            id=new_id,
            version=1,
            audience=programme.audience,
            programme=programme.code,
            country=self.country,
            edition=1,
            status=action_plan.PlanStatus.DRAFT,
            planned_action_count=self.planned_action_count,
            areas=tuple(each.area() for each in self.areas),
            source=cited(self.source),
        )


class ActionCorrection(Request):
    """What a draft says of an action; whatever is left out is not stated any more."""

    model_config = examples.ACTION_CORRECTION

    area: Slug
    title: Line
    calendar: FuzzyDateIn | None = None
    participants: NotNegative | None = None
    ste_count: NotNegative | None = None
    ste_days: NotNegative | None = None
    expected_results: Text | None = None
    follow_up_of: Number | None = None
    source: SourceIn | None = None

    def numbered(self, number: int) -> action_plan.Action:
        """Return the domain value; raises DatesInvalid."""
        planned = action_plan.Planned(self.participants, self.ste_count, self.ste_days)
        return action_plan.Action(
            number=number,
            area=self.area,
            title=self.title,
            calendar=date_of(self.calendar),
            planned=planned,
            expected_results=self.expected_results,
            follow_up_of=self.follow_up_of,
            source=cited(self.source),
        )


class NewAction(ActionCorrection):
    """A numbered action of a draft; what the plan does not say is left out."""

    model_config = examples.ACTION

    number: Number

    def action(self) -> action_plan.Action:
        """Return the domain value; raises DatesInvalid."""
        return self.numbered(self.number)


class PlanMove(Request):
    """Where a plan moves; `revised` closes the edition and drafts the next one."""

    to: action_plan.PlanStatus


class ActionMove(Request):
    """Where an action moves; completing it needs an event or a reason."""

    to: action_plan.ActionStatus
    reason: Line | None = None


class PeriodIn(Request):
    """A time to report on."""

    code: Code
    begins: FuzzyDateIn | None = None
    ends: FuzzyDateIn | None = None
    target: Quantity | None = None

    def period(self) -> indicator.Period:
        """Return the domain value; raises DatesInvalid."""
        return indicator.Period(self.code, date_of(self.begins), date_of(self.ends), self.target)


class NewIndicator(Request):
    """What is measured; `aggregate_only` marks a number about victims."""

    model_config = examples.INDICATOR

    code: Slug
    title: Line
    unit: Line
    basis: CountBasis
    baseline: Quantity | None = None
    target: Quantity | None = None
    aggregate_only: Flag = False
    smallest_cell: Annotated[int, Field(ge=5, le=100), WHOLE] = indicator.SMALLEST_CELL
    periods: Annotated[tuple[PeriodIn, ...], Field(min_length=1, max_length=60)]
    computed_from: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")] | None = None
    source: SourceIn | None = None

    def indicator(self, new_id: UUID, programme: Programme) -> indicator.Indicator:
        """Return the domain value; raises DatesInvalid or FigureUnknown."""
        require_figure(self.computed_from)
        return indicator.Indicator(
            id=new_id,
            version=1,
            audience=programme.audience,
            programme=programme.code,
            code=self.code,
            title=self.title,
            unit=self.unit,
            basis=self.basis,
            baseline=self.baseline,
            target=self.target,
            aggregate_only=self.aggregate_only,
            smallest_cell=self.smallest_cell,
            periods=tuple(each.period() for each in self.periods),
            computed_from=self.computed_from,
            source=cited(self.source),
        )


class PartIn(Request):
    """A part of a value, of a country for example."""

    name: Line
    value: Quantity


class NewValue(Request):
    """A value reported for a period; a draft until it is sent for review."""

    model_config = examples.VALUE

    period: Code
    value: Quantity
    qualifier: CountQualifier
    basis: CountBasis
    parts: Annotated[tuple[PartIn, ...], Field(max_length=300)] = ()
    note: Line | None = None
    source: SourceIn | None = None

    def reported(self, new_id: UUID) -> indicator.IndicatorValue:
        """Return the domain value; raises ValueInvalid."""
        return indicator.IndicatorValue(
            id=new_id,
            period=self.period,
            measure=indicator.Measure(self.value, self.qualifier, self.basis),
            parts=tuple((each.name, each.value) for each in self.parts),
            note=self.note,
            source=cited(self.source),
        )


class ValueMove(Request):
    """Where a value moves in its review."""

    to: indicator.ValueState


class ValueReopening(Request):
    """Why an approved value was wrong."""

    model_config = examples.VALUE_REOPENING

    reason: Line


class LegalActIn(Request):
    """An act as its source cites it; the number is kept as printed."""

    act_type: Line
    number: Line | None = None
    on: FuzzyDateIn | None = None
    issuer: Line | None = None

    def act(self) -> cooperation_unit.LegalActRef:
        """Return the domain value; raises LegalActUnclear or DatesInvalid."""
        on = date_of(self.on)
        return cooperation_unit.LegalActRef(self.act_type, self.number, on, self.issuer)


class NewUnit(Request):
    """A cooperation unit of a region."""

    model_config = examples.UNIT

    name: Line
    region: Line
    founded: FuzzyDateIn | None = None
    legal_act: LegalActIn
    member_categories: Words = ()
    source: SourceIn | None = None

    def unit(self, new_id: UUID, programme: Programme) -> cooperation_unit.CooperationUnit:
        """Return the domain value; raises LegalActUnclear or DatesInvalid."""
        return cooperation_unit.CooperationUnit(
            id=new_id,
            version=1,
            audience=programme.audience,
            programme=programme.code,
            name=self.name,
            region=self.region,
            founded=date_of(self.founded),
            legal_act=self.legal_act.act(),
            member_categories=self.member_categories,
            source=cited(self.source),
        )


class NewDeliverable(Request):
    """What a programme is to leave behind."""

    model_config = examples.DELIVERABLE

    kind: deliverable.DeliverableKind
    title: Line
    quantity: Number | None = None
    status: deliverable.DeliverableStatus = deliverable.DeliverableStatus.NOT_STATED
    due: FuzzyDateIn | None = None
    source: SourceIn | None = None

    def deliverable(self, new_id: UUID, programme: Programme) -> deliverable.Deliverable:
        """Return the domain value; raises QuantityInvalid or DatesInvalid."""
        return deliverable.Deliverable(
            id=new_id,
            version=1,
            audience=programme.audience,
            programme=programme.code,
            kind=self.kind,
            title=self.title,
            quantity=self.quantity,
            status=self.status,
            due=date_of(self.due),
            source=cited(self.source),
        )


class DeliverableMove(Request):
    """Where a deliverable moves."""

    to: deliverable.DeliverableStatus
