"""Plans, indicators, units and deliverables through their commands: refusals and what is told."""

from uuid import uuid4

import pytest
from make_programmes import MINISTRY, OFFICER, count, programme, told

from kit.errors import StaleVersion
from programmes.api import requests_results as bodies
from programmes.commands import action_plans, indicators, parts
from programmes.domain.action_plan import (
    ActionNumberTaken,
    ActionStatus,
    AreaStatus,
    NoSuchArea,
    NothingDelivered,
    PlanClosed,
    PlanStatus,
)
from programmes.domain.component import NoSuchPart, PartTaken
from programmes.domain.cooperation_unit import LegalActDuplicate
from programmes.domain.deliverable import DeliverableStatus
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.indicator import (
    NoSuchPeriod,
    NoSuchValue,
    PeriodLocked,
    PeriodNotBegun,
    ValueInvalid,
    ValueState,
    VictimDataForbidden,
)
from programmes.domain.moves import IllegalMove
from programmes.queries import inventory
from programmes.storage import tables_results as tables


@pytest.fixture
async def plan(unit):
    await programme(unit)
    areas = [{"topic": "data-protection", "title": "data protection"}]
    new = bodies.NewActionPlan(country="MD", planned_action_count=1, areas=areas)
    return await action_plans.draft_plan(unit, "P-1", new.plan, by=OFFICER)


async def act(unit, number=1, by=OFFICER, **changes):
    values = {"number": number, "area": "data-protection", "title": "Training", **changes}
    new = bodies.NewAction(**values).action()
    return await action_plans.plan_action(unit, "P-1", "MD", new, by=by)


async def passed(unit, *states, version):
    for step, to in enumerate(states):
        last = await action_plans.pass_plan(
            unit, "P-1", "MD", to, expected=version + step, by=OFFICER
        )
    return last


async def advanced(unit, to, *, expected, number=1, reason=None):
    return await action_plans.advance_action(
        unit, "P-1", "MD", number, to, reason=reason, expected=expected, by=OFFICER
    )


async def test_plan_when_more_is_recorded_than_planned_then_says_both_and_warns(unit, plan):
    assert (plan.counts.planned, plan.counts.recorded, plan.counts.warning) == (1, 0, False)
    await act(unit)
    more = await act(unit, 2, follow_up_of=1)
    assert (more.counts.recorded, more.counts.difference, more.counts.warning) == (2, 1, True)
    assert (await told(unit))[-1] == "programmes.action_plan_changed.v1"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, ActionNumberTaken),
        ({"number": 2, "area": "none"}, NoSuchArea),
        ({"number": 2, "follow_up_of": 7}, NoSuchArea),
        ({"number": 2, "by": MINISTRY}, NoSuchProgramme),
    ],
)
async def test_action_when_it_cannot_be_planned_then_nothing_is_written(
    unit, plan, changes, refusal
):
    await act(unit)
    before = await told(unit)
    with pytest.raises(refusal):
        await act(unit, **changes)
    assert await told(unit) == before
    assert await count(unit, tables.plan_action) == 1


async def test_plan_when_in_force_then_is_changed_by_the_next_edition(unit, plan):
    await act(unit)
    await passed(unit, PlanStatus.AGREED, PlanStatus.IN_FORCE, version=2)
    with pytest.raises(PlanClosed):
        await act(unit, 2)
    draft = await passed(unit, PlanStatus.REVISED, version=4)
    assert (draft.edition, draft.status, len(draft.actions)) == (2, PlanStatus.DRAFT, 1)
    more = await act(unit, 2)
    assert await count(unit, tables.plan_action) == 3
    with pytest.raises(IllegalMove):
        await passed(unit, PlanStatus.COMPLETED, version=more.version)
    with pytest.raises(StaleVersion):
        await passed(unit, PlanStatus.AGREED, version=9)
    new = bodies.NewActionPlan(country="MD")
    with pytest.raises(PartTaken):
        await action_plans.draft_plan(unit, "P-1", new.plan, by=OFFICER)
    with pytest.raises(NoSuchPart):
        await action_plans.pass_plan(unit, "P-1", "UA", PlanStatus.AGREED, expected=1, by=OFFICER)


async def test_action_when_completed_then_needs_an_event_or_a_reason(unit, plan):
    await act(unit)
    await advanced(unit, ActionStatus.SCHEDULED, expected=2)
    await advanced(unit, ActionStatus.IN_PROGRESS, expected=3)
    with pytest.raises(NothingDelivered):
        await advanced(unit, ActionStatus.COMPLETED, expected=4)
    with pytest.raises(NoSuchPart):
        await advanced(unit, ActionStatus.COMPLETED, expected=4, number=9)
    done = await advanced(unit, ActionStatus.COMPLETED, expected=4, reason="the source says so")
    assert done.actions[0].closing_reason == "the source says so"
    with pytest.raises(IllegalMove):
        await advanced(unit, ActionStatus.SCHEDULED, expected=5)
    ended = await action_plans.complete_area(
        unit, "P-1", "MD", "data-protection", expected=5, by=OFFICER
    )
    assert ended.areas[0].status is AreaStatus.COMPLETED
    with pytest.raises(NoSuchPart):
        await action_plans.complete_area(unit, "P-1", "MD", "none", expected=6, by=OFFICER)


@pytest.fixture
async def indicator(unit):
    await programme(unit)
    new = bodies.NewIndicator(
        code="trainings",
        title="T",
        unit="t",
        basis="events",
        periods=[{"code": "P1"}, {"code": "LATER", "begins": {"edtf": "2999"}}],
    )
    return await parts.add_part(unit, "P-1", new.indicator, by=OFFICER)


async def reported(unit, name="trainings", **changes):
    values = {"period": "P1", "value": "22", "qualifier": "exact", "basis": "events", **changes}
    new = bodies.NewValue(**values)
    return await indicators.report_value(unit, "P-1", name, new.reported, by=OFFICER)


async def moved(unit, value_id, to, *, expected):
    return await indicators.move_value(
        unit, "P-1", "trainings", value_id, to, expected=expected, by=OFFICER
    )


async def test_approved_value_when_wrong_then_reopened_for_a_reason_and_another_counts(
    unit, indicator
):
    draft = await reported(unit)
    wrong = draft.values[0].id
    await moved(unit, wrong, ValueState.PENDING, expected=2)
    await moved(unit, wrong, ValueState.APPROVED, expected=3)
    reopening = unit, "P-1", "trainings", wrong, "one counted twice"
    with pytest.raises(StaleVersion):
        await indicators.reopen_value(*reopening, expected=3, by=OFFICER)
    opened = await indicators.reopen_value(*reopening, expected=4, by=OFFICER)
    assert opened.approved_measure("P1") is None
    known = await inventory.cooperation(unit)
    assert ("P-1", "trainings", "P1", "approved") in known["value_moves"]
    both = await reported(unit, value="21")
    right = both.values[-1].id
    await moved(unit, right, ValueState.PENDING, expected=6)
    done = await moved(unit, right, ValueState.APPROVED, expected=7)
    assert done.approved_measure("P1").value == 21
    assert {each.id: (each.state, each.reason) for each in done.values} == {
        wrong: (ValueState.RETURNED, "one counted twice"),
        right: (ValueState.APPROVED, None),
    }


async def test_value_when_returned_and_approved_then_counts_and_closes_the_period(unit, indicator):
    draft = await reported(unit)
    assert draft.approved_measure("P1") is None
    one = draft.values[0].id
    await moved(unit, one, ValueState.PENDING, expected=2)
    await moved(unit, one, ValueState.RETURNED, expected=3)
    await moved(unit, one, ValueState.PENDING, expected=4)
    approved = await moved(unit, one, ValueState.APPROVED, expected=5)
    assert (approved.approved_measure("P1").value, approved.periods[0].locked) == (22, True)
    with pytest.raises(PeriodLocked):
        await reported(unit)
    with pytest.raises(IllegalMove):
        await moved(unit, one, ValueState.PENDING, expected=6)
    assert await count(unit, tables.indicator_value) == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"period": "P9"}, NoSuchPeriod),
        ({"period": "LATER"}, PeriodNotBegun),
        ({"name": "none"}, NoSuchPart),
        ({"parts": [{"name": "MD", "value": "30"}]}, ValueInvalid),
    ],
)
async def test_value_when_it_cannot_be_then_is_refused_and_not_written(
    unit, indicator, changes, refusal
):
    before = await told(unit)
    with pytest.raises(refusal):
        await reported(unit, **changes)
    with pytest.raises(NoSuchValue):
        await moved(unit, uuid4(), ValueState.PENDING, expected=1)
    with pytest.raises(StaleVersion):
        await moved(unit, uuid4(), ValueState.PENDING, expected=9)
    assert await told(unit) == before
    assert await count(unit, tables.indicator_value) == 0


async def test_value_when_of_victims_then_takes_one_number_and_no_parts(unit):
    await programme(unit)
    new = bodies.NewIndicator(
        code="vots-assisted",
        title="V",
        unit="v",
        basis="persons",
        aggregate_only=True,
        periods=[{"code": "P1"}],
    )
    await parts.add_part(unit, "P-1", new.indicator, by=OFFICER)
    with pytest.raises(VictimDataForbidden):
        await reported(unit, "vots-assisted", parts=[{"name": "MD", "value": "1"}])
    assert await count(unit, tables.indicator_value) == 0
    assert len((await reported(unit, "vots-assisted", value="13")).values) == 1


def unit_of(name, issuer, number="48/15", on="2015-02-09"):
    act = {"act_type": "ordinance", "number": number, "on": {"edtf": on}, "issuer": issuer}
    return bodies.NewUnit(name=name, region=name, legal_act=act)


async def test_units_when_of_one_number_then_issuer_and_day_tell_them_apart(unit):
    await programme(unit)
    for new in (
        unit_of("Silesian", "Silesian Voivode"),
        unit_of("Podkarpackie", "Podkarpackie Voivode", on="2015-03-06"),
        unit_of("Masovian", None, None, "2010-10"),
    ):
        await parts.add_part(unit, "P-1", new.unit, by=OFFICER)
    with pytest.raises(LegalActDuplicate):
        await parts.add_part(unit, "P-1", unit_of("Other", "Silesian Voivode").unit, by=OFFICER)
    with pytest.raises(PartTaken):
        await parts.add_part(unit, "P-1", unit_of("Masovian", "X").unit, by=OFFICER)
    assert await count(unit, tables.cooperation_unit) == 3


async def test_deliverable_when_moved_then_only_on(unit):
    await programme(unit)
    new = bodies.NewDeliverable(kind="film", title="Films", quantity=3)
    made = await parts.add_part(unit, "P-1", new.deliverable, by=OFFICER)

    async def progress(to, expected):
        return await parts.progress_deliverable(
            unit, "P-1", made.id, to, expected=expected, by=OFFICER
        )

    with pytest.raises(StaleVersion):
        await progress(DeliverableStatus.DELIVERED, 2)
    assert (await progress(DeliverableStatus.DELIVERED, 1)).version == 2
    with pytest.raises(IllegalMove):
        await progress(DeliverableStatus.PLANNED, 2)
    with pytest.raises(PartTaken):
        await parts.add_part(unit, "P-1", new.deliverable, by=OFFICER)
    assert await count(unit, tables.deliverable) == 1
