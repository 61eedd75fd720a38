"""Action plans: editions, numbered actions, planned against recorded and delivered."""

from decimal import Decimal
from uuid import UUID

import pytest

from programmes.domain.action_plan import (
    Action,
    ActionNumberTaken,
    ActionPlan,
    ActionStatus,
    Area,
    Delivered,
    NoSuchArea,
    NothingDelivered,
    PlanClosed,
    Planned,
    PlannedNegative,
    PlanStatus,
    action_ways,
    difference,
    in_force,
)
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.moves import IllegalMove

MOLDOVA = ActionPlan(
    id=UUID(int=1),
    version=1,
    audience=frozenset({"staff"}),
    programme="EAP-PCP",
    country="MD",
    edition=1,
    status=PlanStatus.DRAFT,
    planned_action_count=27,
    areas=(Area("eu-fund-management", "EU fund management"),),
)


def action(number, area="eu-fund-management", planned=None, **fields):
    calendar = FuzzyDate.month(2014, 11)
    return Action(number, area, "Study visit", calendar, planned or Planned(), **fields)


def test_plan_when_27_are_planned_and_one_recorded_then_both_are_told():
    counts = MOLDOVA.with_action(action(1)).counts
    assert (counts.planned, counts.recorded, counts.difference, counts.warning) == (
        27,
        1,
        -26,
        False,
    )


def test_plan_when_more_are_recorded_than_planned_then_a_warning_not_a_refusal():
    plan = ActionPlan(
        MOLDOVA.id, 1, MOLDOVA.audience, "EAP-PCP", "MD", 1, PlanStatus.DRAFT, 0, MOLDOVA.areas
    )
    assert plan.with_action(action(1)).counts.warning


def test_plan_when_no_number_is_stated_then_no_difference():
    plan = ActionPlan(MOLDOVA.id, 1, MOLDOVA.audience, "X", "MD", 1, PlanStatus.DRAFT, None)
    assert (plan.counts.difference, plan.counts.warning) == (None, False)


def test_action_when_it_follows_another_then_that_one_must_be_in_the_plan():
    plan = MOLDOVA.with_action(action(1))
    assert plan.with_action(action(2, follow_up_of=1)).version == 3
    with pytest.raises(NoSuchArea):
        plan.with_action(action(2, follow_up_of=9))


def test_action_when_number_or_area_do_not_fit_then_refused():
    plan = MOLDOVA.with_action(action(1))
    with pytest.raises(ActionNumberTaken):
        plan.with_action(action(1))
    with pytest.raises(NoSuchArea):
        plan.with_action(action(2, area="data-protection"))


def test_plan_when_revised_then_the_next_edition_starts_with_all_of_it():
    plan = (
        MOLDOVA.with_action(action(1)).passed_to(PlanStatus.AGREED).passed_to(PlanStatus.IN_FORCE)
    )
    with pytest.raises(PlanClosed):
        plan.with_action(action(2))
    former, draft = plan.revised(UUID(int=2))
    assert (former.status, draft.status, draft.edition) == (
        PlanStatus.REVISED,
        PlanStatus.DRAFT,
        2,
    )
    assert (draft.id, draft.version, draft.actions) == (UUID(int=2), plan.version + 2, plan.actions)
    assert in_force([former, draft]) is None
    begun = draft.passed_to(PlanStatus.AGREED).passed_to(PlanStatus.IN_FORCE)
    assert in_force([begun, former]) == begun


def test_plan_when_a_draft_then_not_revised():
    with pytest.raises(IllegalMove):
        MOLDOVA.revised(UUID(int=2))


def test_action_when_completed_then_by_an_event_or_a_written_reason():
    begun = action(1).advanced(ActionStatus.SCHEDULED).advanced(ActionStatus.IN_PROGRESS)
    assert begun.advanced(ActionStatus.COMPLETED, completed_events=1).closing_reason is None
    told = begun.advanced(ActionStatus.COMPLETED, reason="merged into action 2")
    assert told.closing_reason == "merged into action 2"
    with pytest.raises(NothingDelivered):
        begun.advanced(ActionStatus.COMPLETED, reason=" ")


def test_action_when_postponed_then_scheduled_again():
    moved = action(1).advanced(ActionStatus.POSTPONED).advanced(ActionStatus.SCHEDULED)
    plan = MOLDOVA.with_action(action(1)).with_moved(moved)
    assert plan.actions == (moved,)
    with pytest.raises(IllegalMove):
        action(1).advanced(ActionStatus.COMPLETED, completed_events=1)


def test_delivery_when_something_is_not_planned_in_numbers_then_no_difference():
    found = difference(Planned(20, 2), Delivered(1, participants=18, ste_days=Decimal(10)))
    assert (found.participants, found.ste_count, found.ste_days) == (-2, None, None)
    more = difference(Planned(ste_days=4), Delivered(ste_days=Decimal("4.5")))
    assert more.ste_days == Decimal("0.5")


def test_action_when_completed_by_nothing_then_says_what_that_needs():
    begun = ActionStatus.IN_PROGRESS
    needs = {way.to: way.needs for way in action_ways(begun, held=0) if way.why_not is None}
    assert needs.keys() == {ActionStatus.COMPLETED, ActionStatus.CANCELLED}
    assert needs[ActionStatus.COMPLETED].startswith("a reason in writing")
    assert all(way.needs is None for way in action_ways(begun, held=1))


def test_planned_when_below_zero_then_refused():
    with pytest.raises(PlannedNegative):
        Planned(ste_days=-1)
