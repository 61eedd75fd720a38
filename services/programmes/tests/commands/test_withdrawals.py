import json
from uuid import uuid4

import pytest
from make_programmes import (
    MINISTRY,
    OFFICER,
    SOURCE,
    count,
    line,
    organisation,
    partner,
    programme,
    told_last,
)
from sqlalchemy import select

from kit.db.paging import Asked
from programmes.commands import partners, programmes, withdrawals
from programmes.domain import errors
from programmes.domain.component import NoSuchPart
from programmes.domain.figures import FigureKind, Qualifier, published
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.partner import CountryRole, PartnerRole
from programmes.domain.programme import Milestone, MilestoneKind, Relation, RelationType
from programmes.domain.withdrawal import WithdrawnPart
from programmes.queries import programmes as queries
from programmes.queries.inventory import inventory
from programmes.queries.withdrawals import withdrawals as listed
from programmes.storage import tables

WHY = "Recorded for the wrong programme"


async def id_of(unit, table):
    async with unit.read() as read:
        return (await read.rows(select(table.c.id)))[0].id


async def taken_back(unit, part, table):
    return await withdrawals.withdraw(unit, "P-1", part, await id_of(unit, table), WHY, by=OFFICER)


async def overview(unit):
    body, _ = await queries.overview(unit, "P-1", by=OFFICER)
    return json.loads(body)


def figure(kind, text):
    return published(
        kind, text=text, amount=None, currency="EUR", qualifier=Qualifier.EXACT, source=SOURCE
    )


async def test_country_when_taken_back_then_no_longer_sees_the_programme_nor_its_lines(unit):
    await programme(unit)
    await programmes.add_country(
        unit, "P-1", "MD", CountryRole.BENEFICIARY, source=None, by=OFFICER
    )
    await line(unit)
    await queries.programme_of(unit, "P-1", by=MINISTRY)
    done = await taken_back(unit, WithdrawnPart.COUNTRY, tables.programme_country)
    assert (done.reason, done.by) == (WHY, OFFICER.client)
    with pytest.raises(errors.NoSuchProgramme):
        await queries.programme_of(unit, "P-1", by=MINISTRY)
    last = await told_last(unit)
    assert (last.type, last.lost_audience) == ("programmes.budget_line_opened.v1", ["country:MD"])


async def test_partner_when_ended_on_a_wrong_day_then_is_taken_back_and_recorded_anew(unit):
    await programme(unit)
    await organisation(unit, "MD-MIA", "MD")
    wrong = await partner(unit, who="MD-MIA", role=PartnerRole.SUPPORTING)
    on = FuzzyDate.from_edtf("2015-03", None)
    await partners.end_partner(unit, "P-1", wrong.id, on, expected=1, by=OFFICER)
    await taken_back(unit, WithdrawnPart.PARTNER, tables.programme_partner)
    again = await partner(unit, who="MD-MIA", role=PartnerRole.SUPPORTING)
    assert not again.ended
    assert await count(unit, tables.programme_partner) == 1


async def test_figure_when_taken_back_then_what_was_derived_from_it_goes_and_another_is_published(
    unit,
):
    await programme(unit)
    for each in (figure(FigureKind.TOTAL, "1 000,00"), figure(FigureKind.GRANT, "850,00")):
        await programmes.publish_budget_figure(unit, "P-1", each, by=OFFICER)
    assert len((await overview(unit))["budget_figures"]) > 2
    done = await taken_back(unit, WithdrawnPart.BUDGET_FIGURE, tables.budget_figure)
    assert (done.recorded["amount"], done.recorded["amount_published"]) == ("1000.00", "1 000,00")
    (grant,) = (await overview(unit))["budget_figures"]
    assert grant["kind"] == "grant"
    right = figure(FigureKind.TOTAL, "10 000,00")
    await programmes.publish_budget_figure(unit, "P-1", right, by=OFFICER)


async def test_derived_figure_when_taken_back_then_refused_because_others_say_it(unit):
    await programme(unit)
    for each in (figure(FigureKind.TOTAL, "1 000,00"), figure(FigureKind.GRANT, "850,00")):
        await programmes.publish_budget_figure(unit, "P-1", each, by=OFFICER)
    chosen = select(tables.budget_figure.c.id).where(tables.budget_figure.c.qualifier == "derived")
    async with unit.read() as read:
        derived = (await read.rows(chosen))[0].id
    with pytest.raises(NoSuchPart):
        await withdrawals.withdraw(
            unit, "P-1", WithdrawnPart.BUDGET_FIGURE, derived, WHY, by=OFFICER
        )


async def test_what_was_taken_back_when_listed_then_the_staff_alone_reads_what_it_said(unit):
    await programme(unit)
    await programmes.add_country(
        unit, "P-1", "MD", CountryRole.BENEFICIARY, source=None, by=OFFICER
    )
    launched = Milestone(
        MilestoneKind.LAUNCHED, FuzzyDate.from_edtf("2015-03", None), None, None, SOURCE
    )
    await programmes.record_milestone(unit, "P-1", launched, by=OFFICER)
    await taken_back(unit, WithdrawnPart.MILESTONE, tables.milestone)
    asked = Asked(OFFICER.client, None, 10, {})
    (item,) = json.loads(await listed(unit, asked, "P-1", by=OFFICER))["items"]
    assert (item["part"], item["reason"], item["by"]) == ("milestone", WHY, OFFICER.client)
    assert item["recorded"]["kind"] == "launched"
    assert item["recorded"]["edtf"] == "2015-03"
    assert json.loads(await listed(unit, asked, "P-1", by=MINISTRY))["items"] == []


async def test_row_of_another_programme_when_taken_back_then_unknown_and_stays(unit):
    await programme(unit)
    await programme(unit, "P-2")
    upper = Relation(RelationType.CHILD, "P-1")
    await programmes.relate_programmes(unit, "P-2", upper, by=OFFICER)
    with pytest.raises(NoSuchPart):
        await taken_back(unit, WithdrawnPart.RELATION, tables.programme_relation)
    with pytest.raises(NoSuchPart):
        await withdrawals.withdraw(unit, "P-1", WithdrawnPart.PARTNER, uuid4(), WHY, by=OFFICER)
    assert await count(unit, tables.programme_relation) == 1


async def test_what_was_taken_back_when_data_is_loaded_again_then_counts_as_known(unit):
    await programme(unit)
    await programme(unit, "P-2")
    await programmes.relate_programmes(unit, "P-1", Relation(RelationType.CHILD, "P-2"), by=OFFICER)
    await programmes.add_country(
        unit, "P-1", "MD", CountryRole.BENEFICIARY, source=None, by=OFFICER
    )
    before = await inventory(unit)
    await taken_back(unit, WithdrawnPart.RELATION, tables.programme_relation)
    await taken_back(unit, WithdrawnPart.COUNTRY, tables.programme_country)
    assert await inventory(unit) == before
