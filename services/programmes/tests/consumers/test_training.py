"""What training tells is counted as it stands: once each, corrected, moved, cancelled."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_programmes import OFFICER, programme

from contracts.training import facts
from kit.facts import Envelope
from programmes.api import requests_results as bodies
from programmes.commands import action_plans
from programmes.consumers import training
from programmes.domain.action_plan import ActionStatus, Delivered, NothingDelivered
from programmes.domain.counted import FigureUnknown, action_named, require_figure
from programmes.queries import counted
from programmes.queries.counted import Window

EVENT = UUID("01980000-0000-7000-8000-00000000000e")
HANDLERS = {
    facts.EventChanged: training.on_event_changed,
    facts.SeatConfirmed: training.on_seat_confirmed,
    facts.SeatReleased: training.on_seat_released,
    facts.AttendanceRecorded: training.on_attendance_recorded,
    facts.SeriesChanged: training.on_series_changed,
    facts.HeadcountReported: training.on_headcount_reported,
    facts.ExpertAssignmentChanged: training.on_expert_assigned,
}


def changed(status="completed", event_id=EVENT, kind="training", **changes):
    values = {
        "event_id": event_id,
        "reference": "REF",
        "programme_code": "P-1",
        "kind": kind,
        "title": "A training",
        "status": status,
        "starts_on": None,
        "ends_on": None,
        "capacity": None,
        "taken": 0,
        "reason": None,
        "synthetic": False,
    }
    return facts.EventChanged(**{**values, **changes})


def confirmed(seat, who, unit_code="FO-1", event_id=EVENT, organisation="PL-BGHQ"):
    return facts.SeatConfirmed(
        nomination_id=seat,
        event_id=event_id,
        participant_id=who,
        programme_code="P-1",
        organisation=organisation,
        country="PL",
        unit_code=unit_code,
        destination_country=None,
        destination_city=None,
        starts_on=None,
        ends_on=None,
        departs_at=None,
        returns_at=None,
        budget_line_code=None,
        synthetic=False,
    )


def attended(seat, who, outcome="attended", event_id=EVENT):
    return facts.AttendanceRecorded(
        nomination_id=seat, event_id=event_id, participant_id=who, minutes=60, outcome=outcome
    )


def teaches(status="assigned", role="ste", days="2.5", assignment_id=None, who=None):
    return facts.ExpertAssignmentChanged(
        assignment_id=assignment_id or uuid4(),
        reference="EXP",
        programme_code="P-1",
        event_id=EVENT,
        series_id=None,
        participant_id=who,
        organisation="PL-MOI",
        role=role,
        status=status,
        days=Decimal(days),
        first_on=None,
        last_on=None,
        payer=None,
        reason=None,
        synthetic=False,
    )


async def heard(unit, fact, sequence=1):
    meta = Envelope(
        id=uuid4(),
        source="urn:entente:training",
        type=fact.type,
        subject=EVENT,
        time=unit.clock.now(),
        sequence=sequence,
        position=sequence,
        cause="test",
    )
    await HANDLERS[type(fact)](unit, fact, meta)


async def figure(unit, name="trainings_held", window=counted.ALL_DAYS):
    found = (await counted.measures(unit, "P-1", window)).get(name)
    return None if found is None else found.measure.value


async def basis(unit, name):
    found = (await counted.measures(unit, "P-1"))[name]
    return found.measure.basis, found.measure.qualifier, found.synthetic


async def delivered(unit, country="MD"):
    return await counted.delivered(unit, "P-1", country)


async def test_event_when_held_then_is_counted_once_and_older_news_changes_nothing(unit):
    assert await figure(unit) is None
    await heard(unit, changed("confirmed"), 1)
    assert (await figure(unit), await figure(unit, "training_participants")) == (0, 0)
    await heard(unit, changed("completed"), 3)
    await heard(unit, changed("confirmed"), 2)
    await heard(unit, changed("reported"), 4)
    await heard(unit, changed("reported"), 4)
    assert await figure(unit) == 1
    assert await figure(unit, "events_held") == 1


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
async def test_event_when_it_does_not_take_place_then_is_not_counted(unit, status):
    await heard(unit, changed(status))
    await heard(unit, changed("completed", uuid4(), "workshop"))
    assert (await figure(unit), await figure(unit, "workshops_held")) == (0, 1)


async def test_event_when_synthetic_then_counts_only_for_lack_of_real_ones_and_says_so(unit):
    await heard(unit, changed(event_id=uuid4(), synthetic=True, participants=5))
    await heard(unit, changed(event_id=uuid4(), synthetic=True, participants=6))
    assert await figure(unit) == 2
    assert await basis(unit, "training_participants") == ("attendances", "exact", True)
    await heard(unit, changed())
    assert await figure(unit) == 1
    assert await basis(unit, "trainings_held") == ("events", "exact", False)


async def test_figures_when_events_tell_more_then_each_has_its_basis(unit):
    one, two, three = uuid4(), uuid4(), uuid4()
    told = {"country": "MD", "city": "Chisinau", "participants": 20, "expert_days": "2.5"}
    await heard(unit, changed(event_id=one, **told))
    await heard(unit, changed(event_id=two, **{**told, "participants": 5}))
    assert await figure(unit, "training_places") == 1
    assert await figure(unit, "training_participants") == 25
    assert await figure(unit, "training_expert_days") == 5
    assert (await basis(unit, "training_expert_days"))[:2] == ("days", "exact")
    await heard(unit, changed(event_id=three))
    assert await figure(unit, "training_participants") == 25
    for name in ("training_places", "training_participants", "training_expert_days"):
        assert (await basis(unit, name))[1] == "over"


async def test_figures_when_no_event_tells_its_number_then_there_is_none(unit):
    await heard(unit, changed())
    for name in ("participants", "places", "expert_days", "persons", "headcount"):
        assert await figure(unit, f"training_{name}") is None


async def test_seats_when_attendance_is_told_then_persons_attendances_and_units_are_counted(unit):
    other, anna, boris = uuid4(), uuid4(), uuid4()
    seats = {(event, who): uuid4() for event in (EVENT, other) for who in (anna, boris)}
    for event in (EVENT, other):
        await heard(unit, changed(event_id=event))
    for (event, who), seat in seats.items():
        unit_code = "FO-1" if who == anna else "FO-2"
        await heard(unit, confirmed(seat, who, unit_code, event), 3)
    assert await figure(unit, "training_persons") is None
    for (event, who), seat in seats.items():
        await heard(unit, attended(seat, who, event_id=event), 4)
    shown = [await figure(unit, f"training_{name}") for name in ("persons", "attendances", "units")]
    assert shown == [2, 4, 2]
    gone = seats[other, boris]
    await heard(unit, attended(gone, boris, "no_show", other), 5)
    await heard(unit, attended(gone, boris, "attended", other), 4)
    assert await figure(unit, "training_attendances") == 3
    await heard(unit, attended(seats[EVENT, boris], boris, "partially_attended"), 5)
    await heard(unit, changed("cancelled", other), 9)
    assert [await figure(unit, f"event_{name}") for name in ("persons", "units")] == [2, 2]
    released = facts.SeatReleased(
        nomination_id=seats[EVENT, anna], event_id=EVENT, participant_id=anna, reason="withdrawn"
    )
    await heard(unit, released, 6)
    assert [await figure(unit, f"event_{name}") for name in ("persons", "units")] == [1, 1]


async def test_head_counts_when_of_events_and_series_then_are_added_with_their_basis(unit):
    series = uuid4()
    await heard(unit, changed(kind="workshop", ends_on=date(2015, 5, 30)))
    fact = facts.SeriesChanged(
        series_id=series, reference="S", programme_code="P-1", kind="workshop", title="W"
    )
    await heard(unit, fact)

    async def counted_as(basis_, number, event_id=None, series_id=None):
        report = facts.HeadcountReported(
            report_id=uuid4(),
            reference="R",
            programme_code="P-1",
            event_id=event_id,
            series_id=series_id,
            participants=number,
            basis=basis_,
        )
        await heard(unit, report)

    await counted_as("persons", 144, series_id=series)
    assert await basis(unit, "workshop_headcount") == ("persons", "exact", False)
    await counted_as("unknown", 6, event_id=EVENT)
    assert await figure(unit, "workshop_headcount") == 150
    assert (await basis(unit, "event_headcount"))[0] == "unknown"
    in_may = Window(date(2015, 5, 1), date(2015, 5, 31))
    assert await figure(unit, "workshop_headcount", in_may) == 6


async def test_figures_when_of_a_period_then_only_its_events_count_and_undated_ones_are_named(unit):
    for event_id, day in ((uuid4(), date(2014, 12, 31)), (uuid4(), date(2015, 1, 1))):
        await heard(unit, changed(event_id=event_id, starts_on=day, ends_on=day))
    of_2015 = Window(date(2015, 1, 1), date(2015, 12, 31))
    assert await figure(unit, window=of_2015) == 1
    assert await figure(unit, window=Window(last=date(2014, 12, 31))) == 1
    await heard(unit, changed())
    found = (await counted.measures(unit, "P-1", of_2015))["trainings_held"].measure
    assert (found.value, found.qualifier) == (1, "over")


async def test_action_when_events_name_it_then_shows_what_they_delivered(unit):
    assert await delivered(unit) == {}
    await heard(unit, changed("confirmed", action_code="MD-3"))
    nothing = Delivered(0, 1, 0, 0, 0, 0, Decimal(0))
    assert await delivered(unit) == {"MD-3": nothing}
    told = {"city": "Chisinau", "country": "MD", "participants": 18, "expert_days": "4.5"}
    await heard(unit, changed("completed", action_code="md-03", **told), 2)
    await heard(unit, changed("completed", action_code="md-03", **told), 2)
    expert = uuid4()
    await heard(unit, teaches(who=expert))
    await heard(unit, teaches(who=expert))
    await heard(unit, teaches(role="interpreter"))
    withdrawn = uuid4()
    await heard(unit, teaches(assignment_id=withdrawn))
    await heard(unit, teaches("withdrawn", assignment_id=withdrawn), 2)
    shown = {"MD-3": Delivered(1, 0, 1, 18, 1, 1, Decimal("4.50"))}
    assert await delivered(unit) == shown
    assert await figure(unit, "training_experts") == 1
    await heard(unit, changed("completed", action_code="MD-4", **told), 3)
    assert list(await delivered(unit)) == ["MD-4"]
    await heard(unit, changed("reported", action_code="MD-4", **{**told, "participants": 17}), 4)
    assert (await delivered(unit))["MD-4"].participants == 17
    assert await delivered(unit, "UA") == {}
    await heard(unit, changed("cancelled", action_code="MD-4"), 5)
    assert await delivered(unit) == {"MD-4": Delivered(0, 0, 0, 0, 0, 0, Decimal(0))}


async def test_action_when_the_events_do_not_tell_numbers_then_they_are_unknown(unit):
    await heard(unit, changed("completed", kind="study_visit", action_code="MD-1"))
    assert await delivered(unit) == {"MD-1": Delivered(1, 0, 0, None, None, None, None)}


async def test_action_when_an_event_was_held_then_is_completed_without_a_reason(unit):
    await programme(unit)
    areas = [{"topic": "dp", "title": "data protection"}]
    new = bodies.NewActionPlan(country="MD", areas=areas)
    await action_plans.draft_plan(unit, "P-1", new.plan, by=OFFICER)
    action = bodies.NewAction(number=1, area="dp", title="T").action()
    await action_plans.plan_action(unit, "P-1", "MD", action, by=OFFICER)

    async def move(to, expected):
        return await action_plans.advance_action(
            unit, "P-1", "MD", 1, to, reason=None, expected=expected, by=OFFICER
        )

    await move(ActionStatus.SCHEDULED, 2)
    await move(ActionStatus.IN_PROGRESS, 3)
    await heard(unit, changed("confirmed", action_code="MD-1"), 1)
    with pytest.raises(NothingDelivered):
        await move(ActionStatus.COMPLETED, 4)
    await heard(unit, changed("completed", action_code="MD-1"), 2)
    done = await move(ActionStatus.COMPLETED, 4)
    assert (done.actions[0].status, done.actions[0].closing_reason) == ("completed", None)


@pytest.mark.parametrize(
    ("code", "action"),
    [("MD-3", "MD-3"), ("md-03", "MD-3"), ("MD-0", None), ("3", None), (None, None)],
)
def test_action_code_when_read_then_names_a_country_and_a_number(code, action):
    assert action_named(code) == action


@given(st.from_regex(r"[a-z_]{1,30}", fullmatch=True))
@settings(max_examples=50, deadline=None)
def test_figure_when_nothing_is_counted_under_its_name_then_is_refused(name):
    endings = ("s_held", "_places", "_participants", "_persons", "_attendances", "_units")
    if not name.endswith((*endings, "_headcount", "_experts", "_expert_days")):
        with pytest.raises(FigureUnknown):
            require_figure(name)


@pytest.mark.parametrize("name", [None, "trainings_held", "study_visit_expert_days", "event_units"])
def test_figure_when_it_is_counted_then_may_be_named(name):
    require_figure(name)
