import json
from dataclasses import replace
from datetime import date

import pytest
from make_programmes import (
    MINISTRY,
    OFFICER,
    SERBIA,
    SOURCE,
    count,
    line,
    organisation,
    partner,
    profile,
    programme,
    told,
    told_last,
)

from kit.errors import StaleVersion
from programmes.api.requests import NewSource
from programmes.api.requests_results import NewIndicator
from programmes.commands import partners, parts, programmes, registers
from programmes.domain import errors
from programmes.domain.figures import FigureKind, Qualifier, published
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.partner import CountryRole, PartnerRole
from programmes.domain.programme import (
    Identifier,
    Milestone,
    MilestoneKind,
    ProgrammeStatus,
    Relation,
    RelationType,
)
from programmes.domain.readiness import ContractMissing, NotSettled, ReopeningUnexplained
from programmes.queries import programmes as queries
from programmes.queries.financial import rolled_up
from programmes.storage import tables

CALL = (Identifier("EuropeAid", "EuropeAid/134044/C/SER/Multi", None),)


async def sees(unit, caller, code="P-1"):
    try:
        await queries.programme_of(unit, code, by=caller)
    except errors.NoSuchProgramme:
        return False
    return True


async def test_register_programme_when_new_then_is_told_to_the_staff_alone(unit):
    made = await programme(unit, identifiers=CALL)
    assert (made.version, made.audience) == (1, {"staff"})
    last = await told_last(unit)
    assert (last.type, last.audience) == ("programmes.programme_changed.v1", ["staff"])
    assert json.loads(last.data)["rulesets"] == {"domestic": None, "abroad": None}
    assert await sees(unit, OFFICER)
    assert not await sees(unit, MINISTRY)


async def test_register_programme_when_code_is_taken_then_writes_nothing(unit):
    await programme(unit)
    with pytest.raises(errors.ProgrammeCodeTaken):
        await programme(unit)
    assert len(await told(unit)) == await count(unit, tables.programme) == 1


async def test_register_programme_when_identifier_is_taken_then_writes_nothing(unit):
    await programme(unit, identifiers=CALL)
    with pytest.raises(errors.IdentifierTaken):
        await programme(unit, "P-2", identifiers=CALL)
    assert len(await told(unit)) == await count(unit, tables.programme) == 1


async def test_amend_programme_when_version_is_current_then_keeps_the_rest(unit):
    made = await programme(unit, identifiers=CALL, target_groups=("pupils",))
    amended = await programmes.amend_programme(
        unit,
        "P-1",
        lambda about: replace(about, title="Another title", identifiers=()),
        status=None,
        expected=made.version,
        by=OFFICER,
    )
    assert (amended.version, amended.profile.target_groups) == (2, ("pupils",))
    assert await count(unit, tables.programme_identifier) == 0
    assert json.loads((await told_last(unit)).data)["title"] == "Another title"


@pytest.mark.parametrize(
    ("code", "status", "expected", "by", "refusal"),
    [
        ("P-1", None, 7, OFFICER, StaleVersion),
        ("P-1", None, 1, MINISTRY, errors.NoSuchProgramme),
        ("P-9", None, 1, OFFICER, errors.NoSuchProgramme),
        ("P-1", ProgrammeStatus.CLOSED, 1, OFFICER, errors.IllegalStatus),
        ("P-1", ProgrammeStatus.CONTRACTED, 1, OFFICER, errors.LeadMissing),
    ],
)
async def test_amend_programme_when_refused_then_writes_nothing(
    unit, code, status, expected, by, refusal
):
    await programme(unit)
    with pytest.raises(refusal):
        await programmes.amend_programme(
            unit, code, lambda about: about, status=status, expected=expected, by=by
        )
    assert len(await told(unit)) == 1


async def moved(unit, to, expected, reason=None, **changes):
    return await programmes.amend_programme(
        unit,
        "P-1",
        lambda about: replace(about, **changes),
        status=to,
        reason=reason,
        expected=expected,
        by=OFFICER,
    )


async def test_contract_when_led_and_dated_then_is_recorded_at_once(unit):
    await programme(unit)
    await partner(unit, who="PL", role=PartnerRole.LEAD)
    with pytest.raises(ContractMissing):
        await moved(unit, ProgrammeStatus.CONTRACTED, 2)
    day = date(2015, 1, 1)
    done = await moved(unit, ProgrammeStatus.CONTRACTED, 2, contract_concluded_on=day)
    assert (done.profile.status, done.profile.contract_concluded_on) == ("contracted", day)


async def test_closing_when_something_is_open_then_is_refused_and_reopening_needs_a_reason(unit):
    await programme(unit, status=ProgrammeStatus.COMPLETED)
    await line(unit)
    periods = [{"code": "P1"}]
    new = NewIndicator(code="trained", title="T", unit="u", basis="persons", periods=periods)
    await parts.add_part(unit, "P-1", new.indicator, by=OFFICER)
    before = await told(unit)
    version = int((await queries.programme_of(unit, "P-1", by=OFFICER))[1].strip('"v'))
    with pytest.raises(NotSettled) as refused:
        await moved(unit, ProgrammeStatus.CLOSED, version)
    assert refused.value.facts == {"lines": [], "indicators": ["trained"], "claims": 0}
    with pytest.raises(ReopeningUnexplained):
        await moved(unit, ProgrammeStatus.ACTIVE, version)
    assert await told(unit) == before
    again = await moved(unit, ProgrammeStatus.ACTIVE, version, "one workshop more")
    assert (again.profile.status, again.profile.status_reason) == ("active", "one workshop more")
    over = await moved(unit, ProgrammeStatus.COMPLETED, again.version)
    assert over.profile.status_reason is None


async def test_add_partner_when_country_takes_part_then_it_sees_the_programme(unit):
    await programme(unit)
    made = await partner(unit, who="MD")
    assert made.audience == {"staff", "country:MD"}
    assert await told(unit) == [
        "programmes.programme_changed.v1",
        "programmes.programme_changed.v1",
        "programmes.partner_added.v1",
    ]
    assert await sees(unit, MINISTRY)
    assert not await sees(unit, SERBIA)


async def test_add_partner_when_organisation_takes_part_then_its_country_does_not_yet(unit):
    await organisation(unit, "MD-BMA")
    await programme(unit)
    await partner(unit, who="MD-BMA")
    assert not await sees(unit, MINISTRY)


async def test_end_partner_when_it_has_no_other_part_then_is_told_out_of_scope(unit):
    await programme(unit)
    made = await partner(unit, who="MD")
    gone = FuzzyDate.from_edtf("2015-03", "March 2015")
    ended = await partners.end_partner(unit, "P-1", made.id, gone, expected=1, by=OFFICER)
    assert (ended.version, ended.ended) == (2, True)
    assert not await sees(unit, MINISTRY)
    last = await told_last(unit)
    assert last.type == "programmes.partner_ended.v1"
    assert (last.audience, last.lost_audience) == (["staff"], ["country:MD"])
    assert json.loads(last.data)["ended_on"] == "2015-03"


async def test_end_partner_when_it_has_another_role_then_still_sees(unit):
    await programme(unit)
    made = await partner(unit, who="MD")
    await partner(unit, who="MD", role=PartnerRole.SUPPORTING)
    on = FuzzyDate.from_edtf("2015")
    await partners.end_partner(unit, "P-1", made.id, on, expected=1, by=OFFICER)
    assert await sees(unit, MINISTRY)


@pytest.mark.parametrize(
    ("who", "role", "refusal"),
    [
        ("FR", PartnerRole.LEAD, errors.LeadDuplicate),
        ("PL", PartnerRole.LEAD, errors.LeadDuplicate),
        ("RO", PartnerRole.COORDINATOR, errors.PartnerRoleDuplicate),
        ("XX-NONE", PartnerRole.DONOR, errors.NoSuchOrganisation),
    ],
)
async def test_add_partner_when_refused_then_writes_nothing(unit, who, role, refusal):
    await programme(unit)
    await partner(unit, who="PL", role=PartnerRole.LEAD)
    await partner(unit, who="RO", role=PartnerRole.COORDINATOR)
    before = await told(unit)
    with pytest.raises(refusal):
        await partner(unit, who=who, role=role)
    assert await told(unit) == before
    assert await count(unit, tables.programme_partner) == 2


async def test_end_partner_when_unknown_stale_or_ended_then_writes_nothing(unit):
    made = await programme(unit)
    kept = await partner(unit, who="MD")
    on = FuzzyDate.from_edtf("2015")
    before = await told(unit)
    with pytest.raises(errors.NoSuchPartner):
        await partners.end_partner(unit, "P-1", made.id, on, expected=1, by=OFFICER)
    with pytest.raises(StaleVersion):
        await partners.end_partner(unit, "P-1", kept.id, on, expected=2, by=OFFICER)
    with pytest.raises(errors.NoSuchProgramme):
        await partners.end_partner(unit, "P-1", kept.id, on, expected=1, by=SERBIA)
    assert await told(unit) == before
    await partners.end_partner(unit, "P-1", kept.id, on, expected=1, by=OFFICER)
    with pytest.raises(errors.PartnerEnded):
        await partners.end_partner(unit, "P-1", kept.id, on, expected=2, by=OFFICER)


async def test_lead_when_handed_over_then_the_next_is_admitted_by_rule_and_constraint(unit):
    await programme(unit)
    first = await partner(unit, who="PL", role=PartnerRole.LEAD)
    day = FuzzyDate.from_edtf("2015-05-31")
    await partners.end_partner(unit, "P-1", first.id, day, expected=1, by=OFFICER)
    await partner(unit, who="FR", role=PartnerRole.LEAD, valid_from={"edtf": "2015-06-01"})
    assert await count(unit, tables.programme_partner) == 2


async def test_add_country_when_beneficiary_then_it_sees_and_twice_is_refused(unit):
    await programme(unit)
    role = CountryRole.BENEFICIARY
    await programmes.add_country(unit, "P-1", "MD", role, source=SOURCE, by=OFFICER)
    assert await sees(unit, MINISTRY)
    before = await told(unit)
    with pytest.raises(errors.CountryRoleDuplicate):
        await programmes.add_country(unit, "P-1", "MD", role, source=SOURCE, by=OFFICER)
    assert await told(unit) == before


async def test_publish_budget_figure_when_both_are_known_then_derives_and_once_only(unit):
    await programme(unit)
    for kind, text in ((FigureKind.TOTAL, "464 044,084"), (FigureKind.GRANT, "394 438,11")):
        figure = published(
            kind,
            text=text,
            amount=None,
            currency="EUR",
            qualifier=Qualifier.EXACT,
            source=SOURCE,
        )
        await programmes.publish_budget_figure(unit, "P-1", figure, by=OFFICER)
    assert await count(unit, tables.budget_figure) == 5
    before = await told(unit)
    with pytest.raises(errors.FigureDuplicate):
        await programmes.publish_budget_figure(unit, "P-1", figure, by=OFFICER)
    assert await told(unit) == before
    assert await count(unit, tables.budget_figure) == 5


async def test_relate_programmes_when_refused_then_writes_nothing(unit):
    await programme(unit)
    await programme(unit, "P-2")
    new = Relation(RelationType.CHILD, "P-1", additional=True, source=SOURCE)
    await programmes.relate_programmes(unit, "P-2", new, by=OFFICER)
    before = await told(unit)
    for to, refusal in (
        ("P-1", errors.RelationDuplicate),
        ("P-2", errors.RelationToItself),
        ("P-9", errors.NoSuchProgramme),
    ):
        with pytest.raises(refusal):
            await programmes.relate_programmes(unit, "P-2", replace(new, to=to), by=OFFICER)
    await programme(unit, "P-3")
    await programmes.relate_programmes(
        unit, "P-1", Relation(RelationType.UNDER_INITIATIVE, "P-3"), by=OFFICER
    )
    before = await told(unit)
    with pytest.raises(errors.RelationCircle):
        await programmes.relate_programmes(
            unit, "P-3", Relation(RelationType.CHILD, "P-2"), by=OFFICER
        )
    with pytest.raises(errors.AdditionalMisplaced):
        Relation(RelationType.SIBLING, "P-1", additional=True)
    assert await told(unit) == before


@pytest.mark.parametrize(
    ("additional", "amount", "inside"), [(False, "1000.00", 1), (True, "1500.00", 0)]
)
async def test_roll_up_when_a_child_is_additional_then_its_money_counts_too_and_once(
    unit, additional, amount, inside
):
    for code, money in (("P-1", "1000.00"), ("P-2", "500.00")):
        await programme(unit, code)
        await line(unit, code, money)
    for kind in (RelationType.CHILD, RelationType.UNDER_INITIATIVE):
        new = Relation(kind, "P-1", additional=additional)
        await programmes.relate_programmes(unit, "P-2", new, by=OFFICER)
    found = await rolled_up(unit, "P-1", by=OFFICER)
    (total,) = found.per_currency
    assert (f"{total.amount:f}", len(found.inside), len(total.rows)) == (amount, inside, 2)


async def test_record_milestone_when_the_same_again_then_writes_nothing(unit):
    await programme(unit)
    signed = Milestone(
        MilestoneKind.CONTRACT_SIGNED, FuzzyDate.from_edtf("2013-12-30"), None, None, SOURCE
    )
    await programmes.record_milestone(unit, "P-1", signed, by=OFFICER)
    before = await told(unit)
    with pytest.raises(errors.MilestoneDuplicate):
        await programmes.record_milestone(unit, "P-1", signed, by=OFFICER)
    assert await told(unit) == before


async def test_register_organisation_when_taken_or_without_parent_then_writes_nothing(unit):
    await organisation(unit)
    assert (await told_last(unit)).audience == ["everyone"]
    for code, parent, refusal in (
        ("MD-MIA", None, errors.OrganisationCodeTaken),
        ("MD-X", "MD-NONE", errors.NoSuchOrganisation),
    ):
        with pytest.raises(refusal):
            await organisation(unit, code, parent=parent)
    assert await told(unit) == ["programmes.organisation_registered.v1"]


async def test_register_source_when_taken_then_writes_nothing(unit):
    page = NewSource(code="a-page", title="A page", publisher="not stated", language="en")
    await registers.register_source(unit, page.document, by=OFFICER)
    with pytest.raises(errors.SourceTaken):
        await registers.register_source(unit, page.document, by=OFFICER)
    assert await told(unit) == ["programmes.source_registered.v1"]


async def test_profile_when_stored_and_read_back_then_is_the_same(unit):
    about = profile(
        identifiers=CALL,
        start=FuzzyDate.from_edtf("2013-01", "January 2013"),
        duration_months=30,
    )
    await programmes.register_programme(unit, about, by=OFFICER)
    same = await programmes.amend_programme(
        unit, "P-1", lambda found: found, status=None, expected=1, by=OFFICER
    )
    assert same.profile == about
