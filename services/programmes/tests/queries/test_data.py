"""The sources' facts, loaded through the commands: the answers must say what they say."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from make_programmes import MINISTRY, OFFICER, SERBIA, told

from kit.db.paging import Asked
from programmes import load as loading
from programmes.api import wire
from programmes.domain import (
    action_plan,
    budget,
    budget_line,
    claim,
    component,
    costing,
    deliverable,
    exchange_rates,
    financing,
    fuzzy_date,
    governance,
    indicator,
    ledger,
    participation,
    register,
    travel_choices,
)
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.figures import FigureKind, Qualifier, QualityFlag
from programmes.domain.organisation import OrganisationType
from programmes.domain.partner import CountryRole, PartnerRole
from programmes.domain.programme import (
    MilestoneKind,
    ProgrammeKind,
    ProgrammeStatus,
    RelationType,
    TitleQualifier,
)
from programmes.domain.source import CountBasis, CountQualifier
from programmes.domain.withdrawal import WithdrawnPart
from programmes.queries import codelists, lists, parts
from programmes.queries import programmes as queries
from programmes.queries.programme_filters import Filters

DATA = Path(loading.__file__).parent / "data"
FACTS = [
    "EAP-PCP", "ICSP", "RS-TW", "PP", "PPTI", "PPTI-1", "PPTI-2", "PPTI-3", "PPTI-4", "PPTI-5",
    "AM-MP", "FIRMM", "EUCPN-PAT", "THB-PL", "NO-STRUCT", "NO-COMP",
]  # fmt: skip


async def overview(unit, code, by=OFFICER):
    body, _ = await queries.overview(unit, code, by=by)
    return wire.Overview.model_validate_json(body)


async def codes(unit, by):
    found = json.loads(await loading_list(unit, by))
    return {each["code"] for each in found["items"]}


async def loading_list(unit, by, **filters):
    asked = Asked(by.client, limit=200)
    return await lists.programmes(unit, asked, filters=Filters(**filters), by=by)


async def test_load_when_run_twice_then_writes_nothing_more(loaded, capsys):
    before = await told(loaded)
    await loading.load(loaded, None)
    assert await told(loaded) == before
    said = capsys.readouterr().out.splitlines()[-9:]
    assert all(": 0 new, " in line for line in said)


async def test_overview_when_loaded_then_every_programme_of_the_facts_is_there(loaded):
    assert set(FACTS) <= await codes(loaded, OFFICER)
    for code in FACTS:
        shown = await overview(loaded, code)
        assert shown.source is not None
        assert shown.source.quote


async def test_eap_pcp_when_loaded_then_says_what_the_source_says(loaded):
    shown = await overview(loaded, "EAP-PCP")
    about = shown.programme
    assert (about.start.edtf, about.start.text) == ("2014-03", "March 2014")
    assert (about.end.edtf, about.end.precision) == ("2018-03", "month")
    assert str(about.contract_concluded_on) == "2013-12-30"
    assert about.rulesets == wire.Rulesets(domestic=None, abroad="EU_EXTERNAL")
    assert about.per_diem_budget_line == "PER-DIEM"
    (figure,) = shown.budget_figures
    assert (figure.amount_published, str(figure.amount)) == ("around 5 million Euro", "5000000.00")
    assert figure.qualifier is Qualifier.APPROXIMATE
    assert figure.source.quote == "Its budget is around 5 million Euro."
    assert {each.country for each in shown.countries} == {"AM", "AZ", "BY", "GE", "MD", "UA"}
    roles = {(each.organisation or each.country, each.role) for each in shown.partners}
    assert ("PL-MOI", PartnerRole.LEAD) in roles
    assert ("PL-CF", PartnerRole.FINANCIAL_MANAGER) in roles
    assert {who for who, role in roles if role is PartnerRole.CONSORTIUM_PARTNER} == {
        "FI", "FR", "DE", "LT", "SE", "ICMPD",
    }  # fmt: skip
    assert shown.milestones[0].kind is MilestoneKind.CALL_PUBLISHED
    assert shown.milestones[0].actor == "EC-DEVCO"
    assert all(line.synthetic for line in shown.budget_lines)


async def test_no_struct_when_loaded_then_the_slip_is_flagged_and_never_rounded(loaded):
    shown = await overview(loaded, "NO-STRUCT")
    total = shown.budget_figures[0]
    assert (total.amount_published, total.amount) == ("464 044,084", None)
    assert total.quality_flags == [QualityFlag.MONEY_SCALE, QualityFlag.COFINANCING_MISMATCH]
    assert str(total.amount_suggested) == "464044.84"
    derived = [each for each in shown.budget_figures if each.qualifier is Qualifier.DERIVED]
    assert [str(each.rate) for each in derived if each.kind is FigureKind.GRANT_RATE] == [
        "0.850001",
        "0.850000",
    ]
    assert [str(each.amount) for each in derived if each.kind is FigureKind.OWN] == ["69606.73"]


@pytest.mark.parametrize(
    "code", ["RS-TW", "FIRMM", "AM-MP", "THB-PL", "NO-COMP", "EUCPN-PAT", "PPTI-5"]
)
async def test_budget_when_not_stated_then_is_said_and_not_invented(loaded, code):
    (figure,) = (await overview(loaded, code)).budget_figures
    assert (figure.qualifier, figure.amount) == (Qualifier.NOT_STATED, None)


@pytest.mark.parametrize(("code", "end"), [("PPTI", "2016-02"), ("FIRMM", "2015-06")])
async def test_end_when_only_a_duration_is_stated_then_is_derived_apart(loaded, code, end):
    about = (await overview(loaded, code)).programme
    assert (about.end.edtf, about.end_derived.edtf) == ("XXXX", end)


async def test_ppti_5_when_loaded_then_declares_12_states_and_names_two_coordinators(loaded):
    shown = await overview(loaded, "PPTI-5")
    assert [(each.value, each.basis) for each in shown.programme.counts] == [
        (12, CountBasis.STATES)
    ]
    assert {each.country for each in shown.partners} == {"PL", "RO"}
    assert {each.role for each in shown.partners} == {PartnerRole.COORDINATOR}


async def test_ministry_of_moldova_when_listing_then_sees_what_moldova_takes_part_in(loaded):
    seen = await codes(loaded, MINISTRY)
    assert {"EAP-PCP", "FIRMM", "PP"} <= seen
    assert not {"RS-TW", "NO-STRUCT", "NO-COMP", "AM-MP", "PPTI"} & seen
    for code in set(FACTS) - seen:
        with pytest.raises(NoSuchProgramme):
            await overview(loaded, code, MINISTRY)
    assert "RS-TW" in await codes(loaded, SERBIA)


async def test_relations_when_the_other_is_invisible_then_are_not_shown(loaded):
    everything = json.loads(await parts.children(loaded, "PPTI", by=OFFICER))
    assert [each["code"] for each in everything["items"]] == [f"PPTI-{n}" for n in range(1, 6)]
    under = json.loads(await parts.children(loaded, "PP", by=MINISTRY))
    assert under["items"] == []


async def test_list_when_filtered_then_finds_by_identifier_country_kind_and_status(loaded):
    for filters, found in (
        ({"identifier": "EuropeAid/134044/C/SER/Multi"}, {"EAP-PCP"}),
        ({"identifier": "SR 12 IB JH 02"}, {"RS-TW"}),
        ({"country": "CH"}, {"FIRMM"}),
        ({"kind": ProgrammeKind.TWINNING}, {"RS-TW"}),
        ({"status": ProgrammeStatus.COMPLETED, "kind": ProgrammeKind.FACILITY}, {"IFS"}),
    ):
        shown = json.loads(await loading_list(loaded, OFFICER, **filters))
        assert {each["code"] for each in shown["items"]} == found


async def test_partners_when_asked_as_of_a_day_then_who_may_have_taken_part(loaded):
    async def leads(as_of):
        body = await parts.partners(
            loaded, "PP", role="lead", country=None, as_of=as_of, by=OFFICER
        )
        return [each["country"] for each in json.loads(body)["items"]]

    assert await leads(date(2010, 11, 30)) == []
    assert await leads(date(2011, 1, 1)) == ["PL"]


async def test_portfolio_when_read_then_adds_up_each_currency_alone(loaded):
    found = wire.Portfolio.model_validate_json(await queries.portfolio(loaded, by=OFFICER))
    (euro,) = found.published_totals
    assert (euro.currency, str(euro.amount), euro.qualifier) == ("EUR", "8600000.00", "approximate")
    by_ministry = wire.Portfolio.model_validate_json(await queries.portfolio(loaded, by=MINISTRY))
    assert str(by_ministry.published_totals[0].amount) == "5000000.00"
    assert len(by_ministry.programmes) < len(found.programmes)


def quotes_in(value):
    if isinstance(value, dict):
        if "locator" in value:
            yield value
        for inner in value.values():
            yield from quotes_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from quotes_in(inner)


def test_data_when_it_states_something_then_cites_document_place_and_words():
    registered = {each["code"] for each in json.loads((DATA / "sources.json").read_text())}
    for name in ("organisations.json", "programmes.json"):
        found = list(quotes_in(json.loads((DATA / name).read_text(encoding="utf-8"))))
        assert found
        for source in found:
            assert source["document"] in registered
            assert source["locator"].strip()
            assert source["quote"].strip()
    for programme in json.loads((DATA / "programmes.json").read_text(encoding="utf-8")):
        assert "title" in programme["programme"]["citations"]
        for part in ("partners", "countries", "budget_figures", "milestones", "relations"):
            assert all(each["source"] for each in programme[part])
        assert all(each["synthetic"] for each in programme["budget_lines"])


def test_published_text_when_quoted_then_occurs_in_the_quote():
    for programme in json.loads((DATA / "programmes.json").read_text(encoding="utf-8")):
        for figure in programme["budget_figures"]:
            if figure["amount_published"]:
                assert figure["amount_published"] in figure["source"]["quote"]
        about = programme["programme"]
        for field in ("start", "end"):
            if about[field]:
                printed = re.sub(r"\s+", " ", about["citations"][field]["quote"])
                assert about[field]["text"] in printed


LISTS = {
    "action-plan-statuses": action_plan.PlanStatus,
    "action-statuses": action_plan.ActionStatus,
    "area-statuses": action_plan.AreaStatus,
    "body-kinds": governance.BodyKind,
    "budget-line-states": budget_line.LineState,
    "budget-statuses": budget.BudgetStatus,
    "certainties": participation.Certainty,
    "claim-states": claim.ClaimState,
    "commitment-states": budget_line.CommitmentState,
    "cost-models": costing.CostModel,
    "count-bases": CountBasis,
    "count-qualifiers": CountQualifier,
    "country-roles": CountryRole,
    "date-precisions": fuzzy_date.Precision,
    "deliverable-kinds": deliverable.DeliverableKind,
    "deliverable-statuses": deliverable.DeliverableStatus,
    "domestic-legs": travel_choices.DomesticLegs,
    "entry-kinds": ledger.EntryKind,
    "figure-kinds": FigureKind,
    "figure-qualifiers": Qualifier,
    "flat-rate-bases": costing.FlatRateOn,
    "funding-kinds": financing.FundingKind,
    "indicator-value-states": indicator.ValueState,
    "lead-warnings": component.LeadWarning,
    "mapping-relations": register.MappingRelation,
    "meeting-statuses": governance.MeetingStatus,
    "milestone-kinds": MilestoneKind,
    "organisation-types": OrganisationType,
    "participation-refusals": participation.Refusal,
    "participation-statuses": participation.Participation,
    "partner-roles": PartnerRole,
    "partnership-statuses": component.PartnershipStatus,
    "programme-kinds": ProgrammeKind,
    "programme-statuses": ProgrammeStatus,
    "quality-flags": QualityFlag,
    "rate-publishers": exchange_rates.Publisher,
    "rate-rules": exchange_rates.RateRule,
    "refusal-reasons": budget_line.RefusalReason,
    "relation-types": RelationType,
    "several-countries": travel_choices.SeveralCountries,
    "title-qualifiers": TitleQualifier,
    "travel-countings": travel_choices.Counting,
    "withdrawn-parts": WithdrawnPart,
}
NO_CODES = {"Format", "Sort", "Expand"}  # ways to ask, not codes of records
OPEN = {"countries", "currencies", "voivodeships"}


@pytest.mark.parametrize(("name", "codes_"), LISTS.items())
def test_code_list_when_read_then_holds_every_code_with_both_labels(name, codes_):
    items = json.loads(codelists.code_list(name)[0])["items"]
    assert [each["code"] for each in items] == [code.value for code in codes_]
    assert all(each["pl"] and each["en"] for each in items)


def test_code_lists_when_all_are_read_then_every_closed_list_of_the_api_is_among_them():
    document = json.loads((Path(__file__).parents[2] / "openapi.json").read_text(encoding="utf-8"))
    closed = {name for name, each in document["components"]["schemas"].items() if "enum" in each}
    assert closed - NO_CODES <= {each.__name__ for each in LISTS.values()}
    assert set(json.loads(codelists.names())["items"]) == LISTS.keys() | OPEN
