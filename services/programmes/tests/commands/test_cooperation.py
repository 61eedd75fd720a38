"""Cooperation through its commands: what is refused writes nothing, what happens is told."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from make_programmes import (
    MINISTRY,
    OFFICER,
    SOURCE,
    count,
    organisation,
    partner,
    programme,
    told,
    told_last,
)

from kit.errors import StaleVersion
from programmes.api import requests_cooperation as bodies
from programmes.api import requests_governance as governance
from programmes.commands import participation, parts, registers
from programmes.domain.component import (
    BilateralExists,
    LeadUnclear,
    LeadWarning,
    NoSuchPart,
    PartnershipEnded,
    PartTaken,
)
from programmes.domain.errors import DatesInvalid, NoSuchOrganisation, NoSuchProgramme
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.governance import (
    DecisionEffectTwice,
    MeetingCancelled,
    MeetingNotDated,
    MeetingStatus,
)
from programmes.domain.moves import IllegalMove
from programmes.domain.participation import ParticipationOutOfOrder, ScopeMisplaced
from programmes.domain.partner import PartnerRole
from programmes.domain.register import EntryTaken, NoSuchEntry
from programmes.storage import tables_cooperation as tables

CITED = {"document": SOURCE.document, "locator": SOURCE.locator, "quote": SOURCE.quote}
MARCH = FuzzyDate.month(2014, 3, "March 2014")


async def topic(unit, code="drugs", scheme="a-scheme"):
    new = bodies.NewTopic(scheme=scheme, code=code, title=code, position=1, source=CITED)
    return await registers.register_topic(unit, new.topic, by=OFFICER)


async def component(unit, code="C2"):
    new = bodies.NewComponent(code=code, title="Multilateral", topic_scheme="a-scheme")
    return await parts.add_part(unit, "P-1", new.component, by=OFFICER)


async def lead(unit, component="C2", topic="drugs", **who):
    new = bodies.NewTopicLead(topic_scheme="a-scheme", topic=topic, **who)
    return await parts.name_topic_lead(
        unit, "P-1", lambda i, it: new.lead(i, it, component), by=OFFICER
    )


async def partnership(unit, country="MD", helper="PL-MOI"):
    new = bodies.NewPartnership(country=country, partner=helper)
    return await parts.form_partnership(unit, "P-1", new.partnership, by=OFFICER)


async def begun(unit, country="BY", valid_from=MARCH):
    return await participation.begin_participation(
        unit, "P-1", country, valid_from, source=None, by=OFFICER
    )


async def decided(unit, *effects, by=OFFICER, **fields):
    new = governance.NewDecision(
        decided_by="Project Manager", text="suspended", effects=effects, **fields
    )
    return await participation.record_decision(
        unit, "P-1", lambda ids: new.decision("P-1", ids), by=by
    )


async def test_register_when_an_entry_is_there_or_names_nothing_then_is_refused(unit):
    await topic(unit)
    with pytest.raises(EntryTaken):
        await topic(unit)
    key = {"scheme": "a-scheme", "code": "drugs"}
    new = bodies.NewTopicMapping(from_topic=key, to_topic={**key, "code": "none"}, relation="exact")
    with pytest.raises(NoSuchEntry):
        await registers.map_topics(unit, new.mapping, by=OFFICER)
    ifs = bodies.NewInstrument(code="X", title="X", replaces="NONE", source=CITED)
    with pytest.raises(NoSuchEntry):
        await registers.register_instrument(unit, ifs.instrument, by=OFFICER)
    standing = bodies.NewStanding(status="mandated_body", source=CITED)
    with pytest.raises(NoSuchOrganisation):
        await registers.give_standing(unit, lambda i: standing.standing(i, "NONE"), by=OFFICER)
    assert await told(unit) == ["programmes.register_entry_added.v1"]
    assert await count(unit, tables.topic_mapping) == 0


async def test_lead_when_outside_the_consortium_then_is_recorded_with_a_warning(unit):
    await organisation(unit, "PL-MOI", "PL")
    await programme(unit)
    await partner(unit, who="PL-MOI", role=PartnerRole.LEAD)
    await component(unit)
    for code in ("drugs", "thb", "ethics"):
        await topic(unit, code)
    inside = await lead(unit, country="PL")
    outside = await lead(unit, topic="thb", country="FR")
    nobody = await lead(unit, topic="ethics", reason="not_stated")
    assert [each.warnings for each in (inside, outside, nobody)] == [
        (), (LeadWarning.NOT_PARTNER,), (),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ({"country": "PL", "reason": "not_stated"}, LeadUnclear),
        ({}, LeadUnclear),
        ({"country": "PL", "component": "C9"}, NoSuchPart),
        ({"country": "PL", "topic": "none"}, NoSuchEntry),
        ({"organisation": "NONE"}, NoSuchOrganisation),
    ],
)
async def test_lead_when_it_cannot_be_then_is_refused_and_not_written(unit, who, refusal):
    await programme(unit)
    await component(unit)
    await topic(unit)
    before = await told(unit)
    with pytest.raises(refusal):
        await lead(unit, **who)
    assert await told(unit) == before
    assert await count(unit, tables.topic_lead) == 0


async def test_component_when_twice_or_of_an_unseen_programme_then_is_refused(unit):
    await programme(unit)
    await component(unit)
    with pytest.raises(PartTaken):
        await component(unit)
    new = bodies.NewComponent(code="C1", title="Bilateral")
    with pytest.raises(NoSuchProgramme):
        await parts.add_part(unit, "P-1", new.component, by=MINISTRY)
    assert await count(unit, tables.component) == 1


async def test_partnership_when_a_country_has_one_then_another_waits_for_its_end(unit):
    await organisation(unit, "PL-MOI", "PL")
    await programme(unit)
    first = await partnership(unit)
    await partnership(unit, "AM")
    with pytest.raises(BilateralExists):
        await partnership(unit)
    with pytest.raises(StaleVersion):
        await parts.end_partnership(unit, "P-1", first.id, expected=9, by=OFFICER)
    with pytest.raises(NoSuchPart):
        await parts.end_partnership(unit, "P-1", uuid4(), expected=1, by=OFFICER)
    await parts.end_partnership(unit, "P-1", first.id, expected=1, by=OFFICER)
    with pytest.raises(PartnershipEnded):
        await parts.end_partnership(unit, "P-1", first.id, expected=2, by=OFFICER)
    await partnership(unit)
    assert await count(unit, tables.bilateral_partnership) == 3


async def test_decision_when_it_suspends_then_makes_the_row_and_tells_both(unit):
    await programme(unit)
    await begun(unit)
    made = await decided(unit, {"country": "BY", "status": "suspended"})
    assert (await told(unit))[-2:] == [
        "programmes.part_changed.v1",
        "programmes.participation_changed.v1",
    ]
    last = await told_last(unit)
    assert str(made.id) in last.data
    assert '"status":"suspended"' in last.data
    assert last.audience == ["staff"]
    assert await count(unit, tables.participation_status) == 2


SCOPE = {"components_in": ["C2"], "topics_out": ["forensic-databases"]}


@pytest.mark.parametrize(
    ("effects", "refusal"),
    [
        ([{"country": "BY", "status": "active"}], IllegalMove),
        ([{"country": "BY", "status": "readmitted_partial", "scope": SCOPE}], IllegalMove),
        ([{"country": "BY", "status": "suspended", "scope": SCOPE}], ScopeMisplaced),
        (
            [{"country": "BY", "status": "suspended", "valid_from": {"edtf": "2013"}}],
            ParticipationOutOfOrder,
        ),
        ([{"country": "BY", "status": "suspended"}] * 2, DecisionEffectTwice),
        ([{"country": "BY", "status": "suspended"}, {"country": "UA", "status": "suspended"}],
         IllegalMove),
    ],
)  # fmt: skip
async def test_decision_when_one_effect_cannot_be_then_nothing_at_all_is_recorded(
    unit, effects, refusal
):
    await programme(unit)
    await begun(unit)
    before = await told(unit)
    with pytest.raises(refusal):
        await decided(unit, *effects)
    assert await told(unit) == before
    assert await count(unit, tables.decision) == 0
    assert await count(unit, tables.participation_status) == 1


async def test_decision_when_programme_or_meeting_is_unseen_then_is_refused(unit):
    await programme(unit)
    with pytest.raises(NoSuchProgramme):
        await decided(unit, by=MINISTRY)
    with pytest.raises(NoSuchPart):
        await decided(unit, meeting=uuid4())
    with pytest.raises(DatesInvalid):
        await decided(unit, taken_on={"edtf": "2999-05-05"})
    assert await count(unit, tables.decision) == 0


async def test_participation_when_begun_twice_then_is_refused(unit):
    await programme(unit)
    await begun(unit)
    with pytest.raises(IllegalMove):
        await begun(unit)
    assert await count(unit, tables.participation_status) == 1


async def meeting(unit, edtf):
    body = governance.NewBody(code="SC", name="Steering Committee", kind="steering_committee")
    await parts.add_part(unit, "P-1", body.body, by=OFFICER)
    new = governance.NewMeeting(body="SC", on={"edtf": edtf}, city="Warsaw", country="PL")
    return await parts.plan_meeting(unit, "P-1", new.meeting, by=OFFICER)


async def test_meeting_when_cancelled_then_nothing_was_decided_there(unit):
    await programme(unit)
    planned = await meeting(unit, "2014-10")
    away = governance.MeetingMove(to="cancelled").becomes
    cancel = {"meeting_id": planned.id, "becomes": away, "expected": 1, "by": OFFICER}
    await parts.move_meeting(unit, "P-1", **cancel)
    before = await told(unit)
    with pytest.raises(MeetingCancelled):
        await decided(unit, meeting=planned.id)
    assert (await told(unit), await count(unit, tables.decision)) == (before, 0)


async def test_meeting_when_held_then_has_a_day_that_is_not_to_come(unit, clock):
    await programme(unit)
    planned = await meeting(unit, "2014-10")
    held = governance.MeetingMove(to="held").becomes
    with pytest.raises(MeetingNotDated):
        await parts.move_meeting(unit, "P-1", planned.id, held, expected=1, by=OFFICER)
    assert clock.now() > datetime(2015, 1, 1, tzinfo=UTC)
    on = governance.MeetingMove(to="held", on={"edtf": "2014-10-16"}).becomes
    moved = await parts.move_meeting(unit, "P-1", planned.id, on, expected=1, by=OFFICER)
    assert (moved.status, moved.on.edtf) == (MeetingStatus.HELD, "2014-10-16")
    away = governance.MeetingMove(to="cancelled").becomes
    with pytest.raises(IllegalMove):
        await parts.move_meeting(unit, "P-1", planned.id, away, expected=2, by=OFFICER)
    with pytest.raises(StaleVersion):
        await parts.move_meeting(unit, "P-1", planned.id, away, expected=1, by=OFFICER)


async def test_meeting_when_its_body_is_unknown_or_meets_then_is_refused(unit):
    await programme(unit)
    await meeting(unit, "2014-10")
    for code, refusal in (("NONE", NoSuchPart), ("SC", PartTaken)):
        new = governance.NewMeeting(body=code, on={"edtf": "2014-10"})
        with pytest.raises(refusal):
            await parts.plan_meeting(unit, "P-1", new.meeting, by=OFFICER)
    assert await count(unit, tables.governance_meeting) == 1
