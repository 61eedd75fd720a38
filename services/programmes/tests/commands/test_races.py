"""Everybody asks for the same at once: it happens once, the others are refused as by the rule."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from make_programmes import OFFICER, SOURCE, count, organisation, partner, profile, programme, told

from kit.clock import SystemClock
from kit.db.unit import Unit
from kit.errors import DomainError, StaleVersion
from programmes.api import requests_cooperation as register
from programmes.api import requests_governance as governance
from programmes.api import requests_results as results
from programmes.api.requests import NewFigure, NewSource
from programmes.commands import (
    action_plans,
    indicators,
    participation,
    partners,
    parts,
    programmes,
    registers,
)
from programmes.domain import errors
from programmes.domain.action_plan import ActionNumberTaken, ActionStatus, PlanStatus
from programmes.domain.component import BilateralExists, PartTaken
from programmes.domain.cooperation_unit import LegalActDuplicate
from programmes.domain.deliverable import DeliverableStatus
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.indicator import ValueState
from programmes.domain.moves import IllegalMove
from programmes.domain.partner import CountryRole, PartnerRole
from programmes.domain.programme import Identifier, Milestone, MilestoneKind, Relation, RelationType
from programmes.domain.register import EntryTaken
from programmes.storage import tables_cooperation as tables

CITED = {"document": SOURCE.document, "locator": SOURCE.locator, "quote": SOURCE.quote}
AT_ONCE = 3
DAY = FuzzyDate.from_edtf("2015-06-01")


@dataclass(frozen=True)
class Race:
    """What several ask for at once, and how those who lose are refused."""

    what: str
    ask: Callable[[int], Awaitable[object]]
    refused: type[DomainError]


async def _run(unit: Unit, races: Sequence[Race]) -> list[str]:
    """Return what went wrong: more or less than one winner, or another refusal."""
    wrong = []
    for race in races:
        before = len(await told(unit))
        ends = await asyncio.gather(
            *(race.ask(number) for number in range(AT_ONCE)), return_exceptions=True
        )
        won = [each for each in ends if not isinstance(each, BaseException)]
        lost = [each for each in ends if isinstance(each, race.refused)]
        if (len(won), len(lost)) != (1, AT_ONCE - 1):
            wrong.append(f"{race.what}: {ends}")
        if len(await told(unit)) == before:
            wrong.append(f"{race.what}: nothing is told")
    return wrong


def _registers(unit: Unit) -> Sequence[Race]:
    instrument = register.NewInstrument(code="ENPI", title="ENPI", source=CITED)
    topic = register.NewTopic(scheme="s", code="drugs", title="d", position=1, source=CITED)
    group = register.NewCountryGroup(code="EAP", title="Eastern Partnership", source=CITED)
    standing = register.NewStanding(status="mandated_body", source=CITED)
    mapping = register.NewTopicMapping(
        from_topic={"scheme": "s", "code": "drugs"},
        to_topic={"scheme": "t", "code": "drugs"},
        relation="exact",
    )
    source = NewSource(code="a-page", title="A page", publisher="MoI", language="en")
    other = register.NewTopic(scheme="t", code="drugs", title="d", position=1, source=CITED)
    return (
        Race("organisation", lambda _: organisation(unit, "PL-X"), errors.OrganisationCodeTaken),
        Race(
            "instrument",
            lambda _: registers.register_instrument(unit, instrument.instrument, by=OFFICER),
            EntryTaken,
        ),
        Race(
            "topic", lambda _: registers.register_topic(unit, topic.topic, by=OFFICER), EntryTaken
        ),
        Race(
            "topic of another scheme",
            lambda _: registers.register_topic(unit, other.topic, by=OFFICER),
            EntryTaken,
        ),
        Race(
            "mapping",
            lambda _: registers.map_topics(unit, mapping.mapping, by=OFFICER),
            EntryTaken,
        ),
        Race(
            "source",
            lambda _: registers.register_source(unit, source.document, by=OFFICER),
            errors.SourceTaken,
        ),
        Race(
            "country group",
            lambda _: registers.register_country_group(unit, group.group, by=OFFICER),
            EntryTaken,
        ),
        Race(
            "standing",
            lambda _: registers.give_standing(
                unit, lambda new: standing.standing(new, "PL-X"), by=OFFICER
            ),
            EntryTaken,
        ),
    )


def _programmes(unit: Unit) -> Sequence[Race]:
    call = (Identifier("EuropeAid", "EuropeAid/1", None),)
    figure = NewFigure(
        kind="total", amount_published="1 EUR", amount="1.00", currency="EUR", qualifier="exact",
        source=CITED,
    ).figure()  # fmt: skip
    launched = Milestone(MilestoneKind.LAUNCHED, DAY, None, None, SOURCE)

    async def named(number: int) -> object:
        mine = profile(f"N-{number}", identifiers=call)
        return await programmes.register_programme(unit, mine, by=OFFICER)

    async def amended(number: int) -> object:
        return await programmes.amend_programme(
            unit, "P-1", lambda it: it, status=None, expected=1, by=OFFICER
        )

    async def related(number: int) -> object:
        return await programmes.relate_programmes(
            unit, "P-1", Relation(RelationType.SIBLING, "P-2"), by=OFFICER
        )

    return (
        Race("code", lambda _: programme(unit), errors.ProgrammeCodeTaken),
        Race("identifier", named, errors.IdentifierTaken),
        Race("amendment", amended, StaleVersion),
        Race(
            "lead",
            lambda number: partner(unit, who=("PL", "DE", "FR")[number], role=PartnerRole.LEAD),
            errors.LeadDuplicate,
        ),
        Race("role", lambda _: partner(unit, who="MD"), errors.PartnerRoleDuplicate),
        Race(
            "country",
            lambda _: programmes.add_country(
                unit, "P-1", "MD", CountryRole.BENEFICIARY, source=None, by=OFFICER
            ),
            errors.CountryRoleDuplicate,
        ),
        Race(
            "figure",
            lambda _: programmes.publish_budget_figure(unit, "P-1", figure, by=OFFICER),
            errors.FigureDuplicate,
        ),
        Race(
            "milestone",
            lambda _: programmes.record_milestone(unit, "P-1", launched, by=OFFICER),
            errors.MilestoneDuplicate,
        ),
        Race("relation", related, errors.RelationDuplicate),
    )


def _parts(unit: Unit) -> Sequence[Race]:
    component = register.NewComponent(code="C1", title="Bilateral", topic_scheme="s")
    lead = register.NewTopicLead(topic_scheme="s", topic="drugs", country="PL")
    partnership = register.NewPartnership(country="MD", partner="PL-X")
    body = governance.NewBody(code="SC", name="SC", kind="steering_committee")
    meeting = governance.NewMeeting(body="SC", on={"edtf": "2015-06"}, city="Warsaw")
    film = results.NewDeliverable(kind="film", title="Films")
    ordinance = {"act_type": "ordinance", "number": "1", "on": {"edtf": "2015-01-01"}}

    def office(number: int) -> results.NewUnit:
        act = {**ordinance, "issuer": "Voivode"}
        return results.NewUnit(name=f"Unit {number}", region="Lubuskie", legal_act=act)

    def adding(new: object) -> Callable[[int], Awaitable[object]]:
        return lambda _: parts.add_part(unit, "P-1", new, by=OFFICER)

    return (
        Race("component", adding(component.component), PartTaken),
        Race("body", adding(body.body), PartTaken),
        Race("deliverable", adding(film.deliverable), PartTaken),
        Race(
            "legal act",
            lambda number: parts.add_part(unit, "P-1", office(number).unit, by=OFFICER),
            LegalActDuplicate,
        ),
        Race(
            "topic lead",
            lambda _: parts.name_topic_lead(
                unit, "P-1", lambda new, it: lead.lead(new, it, "C1"), by=OFFICER
            ),
            PartTaken,
        ),
        Race(
            "partnership",
            lambda _: parts.form_partnership(unit, "P-1", partnership.partnership, by=OFFICER),
            BilateralExists,
        ),
        Race(
            "meeting",
            lambda _: parts.plan_meeting(unit, "P-1", meeting.meeting, by=OFFICER),
            PartTaken,
        ),
        Race(
            "beginning",
            lambda _: participation.begin_participation(
                unit, "P-1", "BY", DAY, source=None, by=OFFICER
            ),
            IllegalMove,
        ),
        Race("suspension", lambda number: _suspended(unit, number), IllegalMove),
    )


async def _suspended(unit: Unit, number: int) -> object:
    new = governance.NewDecision(
        decided_by=f"Body {number}", text="t", effects=({"country": "BY", "status": "suspended"},)
    )
    return await participation.record_decision(
        unit, "P-1", lambda ids: new.decision("P-1", ids), by=OFFICER
    )


async def test_commands_when_the_same_is_asked_at_once_then_happens_once(fresh_database):
    unit = Unit(fresh_database, SystemClock())
    await programme(unit, "P-2")
    wrong = [*await _run(unit, _registers(unit)), *await _run(unit, _programmes(unit))]
    wrong += await _run(unit, _parts(unit))
    rows = (tables.decision, tables.participation_status)
    assert [await count(unit, each) for each in rows] == [1, 2]
    wrong += await _run(unit, await _steps(unit))
    wrong += await _run(unit, await _plans(unit))
    assert not wrong, "\n".join(wrong)


async def _steps(unit: Unit) -> Sequence[Race]:
    """Steps of what there is by now, each decided on the same version."""
    film = results.NewDeliverable(kind="film", title="Another").deliverable
    made = await parts.add_part(unit, "P-1", film, by=OFFICER)
    meeting = governance.NewMeeting(body="SC", on={"edtf": "2014-06"}, city="Chisinau")
    planned = await parts.plan_meeting(unit, "P-1", meeting.meeting, by=OFFICER)
    helper = register.NewPartnership(country="UA", partner="PL-X").partnership
    formed = await parts.form_partnership(unit, "P-1", helper, by=OFFICER)
    leaver = await partner(unit, who="RO")
    held = governance.MeetingMove(to="held", on={"edtf": "2014-06-01"})
    return (
        Race(
            "delivery",
            lambda _: parts.progress_deliverable(
                unit, "P-1", made.id, DeliverableStatus.DELIVERED, expected=1, by=OFFICER
            ),
            StaleVersion,
        ),
        Race(
            "holding",
            lambda _: parts.move_meeting(
                unit, "P-1", planned.id, held.becomes, expected=1, by=OFFICER
            ),
            StaleVersion,
        ),
        Race(
            "end of a partnership",
            lambda _: parts.end_partnership(unit, "P-1", formed.id, expected=1, by=OFFICER),
            StaleVersion,
        ),
        Race(
            "end of a partner",
            lambda _: partners.end_partner(unit, "P-1", leaver.id, DAY, expected=1, by=OFFICER),
            StaleVersion,
        ),
    )


async def _plans(unit: Unit) -> Sequence[Race]:
    plan = results.NewActionPlan(country="MD", areas=[{"topic": "dp", "title": "dp"}])
    action = results.NewAction(number=1, area="dp", title="T").action()
    trained = results.NewIndicator(
        code="trained", title="T", unit="u", basis="persons", periods=[{"code": "P1"}]
    )
    await parts.add_part(unit, "P-1", trained.indicator, by=OFFICER)
    new = results.NewValue(period="P1", value="1", qualifier="exact", basis="persons")
    values = []
    for version in (1, 2):
        it = await indicators.report_value(unit, "P-1", "trained", new.reported, by=OFFICER)
        values = [each.id for each in it.values]
        assert it.version == version + 1
    for version, value in enumerate(values, start=3):
        await indicators.move_value(
            unit, "P-1", "trained", value, ValueState.PENDING, expected=version, by=OFFICER
        )

    async def moved(to: PlanStatus, expected: int) -> object:
        return await action_plans.pass_plan(unit, "P-1", "MD", to, expected=expected, by=OFFICER)

    async def advanced(_: int) -> object:
        return await action_plans.advance_action(
            unit, "P-1", "MD", 1, ActionStatus.SCHEDULED, reason=None, expected=2, by=OFFICER
        )

    return (
        Race(
            "plan",
            lambda _: action_plans.draft_plan(unit, "P-1", plan.plan, by=OFFICER),
            PartTaken,
        ),
        Race(
            "action number",
            lambda _: action_plans.plan_action(unit, "P-1", "MD", action, by=OFFICER),
            ActionNumberTaken,
        ),
        Race("action", advanced, StaleVersion),
        Race(
            "area",
            lambda _: action_plans.complete_area(unit, "P-1", "MD", "dp", expected=3, by=OFFICER),
            StaleVersion,
        ),
        Race("agreement", lambda _: moved(PlanStatus.AGREED, 4), StaleVersion),
        Race("entry into force", lambda _: moved(PlanStatus.IN_FORCE, 5), StaleVersion),
        Race("revision", lambda _: moved(PlanStatus.REVISED, 6), StaleVersion),
        Race(
            "approval of two values of one period",
            lambda number: indicators.move_value(
                unit,
                "P-1",
                "trained",
                values[number % 2],
                ValueState.APPROVED,
                expected=5,
                by=OFFICER,
            ),
            StaleVersion,
        ),
    )


async def test_relations_when_asked_for_both_ways_at_once_then_nobody_waits_in_a_circle(
    fresh_database,
):
    unit = Unit(fresh_database, SystemClock())
    for code in ("P-1", "P-2"):
        await programme(unit, code)
    kinds = (RelationType.SIBLING, RelationType.CO_FUNDED)
    ends = await asyncio.gather(
        *(
            programmes.relate_programmes(unit, here, Relation(kind, there), by=OFFICER)
            for kind in kinds
            for here, there in (("P-1", "P-2"), ("P-2", "P-1"))
        ),
        return_exceptions=True,
    )
    assert [each for each in ends if isinstance(each, BaseException)] == []
