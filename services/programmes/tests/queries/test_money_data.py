"""What the sources state of money, as loaded: nothing is invented, everything is cited."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from make_programmes import (
    OFFICER,
    SERBIA,
    approved_budget,
    organisation,
    partner,
    programme,
)

from kit.db.paging import Asked
from kit.money import Money
from programmes.commands import ledger, programmes
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.iati import NotExportable
from programmes.domain.iati_xml import iati_document
from programmes.domain.ledger import EntryKind, Subject
from programmes.domain.partner import CountryRole, PartnerRole
from programmes.domain.programme import ProgrammeStatus
from programmes.queries import budgets, iati, lists

SCHEMA = Path(__file__).parents[1] / "data" / "iati-2.03" / "iati-activities-schema.xsd"
NOBODY = "participating organisation"
NO_DATE = "start or end"
FRAMES = {
    "EAP": [NOBODY, NO_DATE],
    "EU-AM-MP": [NOBODY, NO_DATE],
    "EU-MD-MP": [NOBODY, NO_DATE],
    "EUCPN-NET": [NOBODY, NO_DATE],
    "NO-SHA": [NOBODY],
    "IFS": [NOBODY],
}
"""Others are parts of them; no source tells who does them."""
DATES = {
    "PPTI": [
        ("1", "2012-08-02", "start not stated; on this day the contract was signed"),
        ("3", "2016-02-29", "end not stated; computed from the duration of 42 months, 2016-02"),
    ],
    "PPTI-1": [
        ("1", "2012-08-02", "start not stated; not before that of PPTI, of which it is a part"),
        (
            "3",
            "2016-02-29",
            "end not stated; not after that of PPTI, of which it is a part, 2016-02",
        ),
    ],
    "FIRMM": [
        ("2", "2013-01-01", "January 2013"),
        ("3", "2015-06-30", "end not stated; computed from the duration of 30 months, 2015-06"),
    ],
    "PP": [
        (
            "1",
            "2010-12-01",
            "start not stated; the first partner takes part from then on, December 2010",
        )
    ],
    "RS-TW": [("1", "2013-01-01", "start not stated; the tender was won, 2013")],
    "NO-STRUCT": [
        (
            "1",
            "2015-04-02",
            "start not stated; it was told of when a document of this day was published",
        )
    ],
    "NO-COMP": [
        (
            "3",
            "2017-08-25",
            "end not stated; it was over when a document of this day was published",
        )
    ],
}


@cache
def schema():
    return xmlschema.XMLSchema(SCHEMA, allow="local")


def parsed(activity):
    return ET.fromstring(iati_document(activity))  # noqa: S314 (our own document)


async def paying(unit, code):
    return json.loads(await budgets.paying(unit, code, None, by=OFFICER))["items"]


@pytest.mark.parametrize(
    ("fact", "code", "funder", "amount", "words"),
    [
        ("F100", "PPTI-5", "PPTI", None, "Prague Process Targeted Initiative"),
        ("F173", "NO-COMP", "NFM", None, "co-financed by the Norwegian Financial Mechanism"),
        ("F117", "FIRMM", "EC", None, "co-financed from the European Commission funds"),
        ("F135", "NO-STRUCT", "NFM", "394438.11", "394 438,11 euro comes from"),
    ],
)
async def test_funding_when_loaded_then_names_who_pays_and_the_words_of_the_source(
    loaded, fact, code, funder, amount, words
):
    (found,) = await paying(loaded, code)
    assert (found["funder"], found["amount"], found["rate"]) == (funder, amount, None), fact
    assert found["amount_qualifier"] == ("exact" if amount else "not_stated")
    assert words in found["source"]["quote"]


async def test_budget_lines_when_firmm_is_read_then_are_its_categories_without_amounts(loaded):
    items = json.loads(await budgets.costs(loaded, "FIRMM", None, by=OFFICER))["items"]
    assert [row["category"] for row in items] == ["equipment", "software", "workshops_training"]
    assert {(row["amount"], row["qualifier"], row["basis"]) for row in items} == {
        (None, "not_stated", "published")
    }


async def test_iati_when_a_programme_of_the_sources_is_exported_then_is_valid(loaded):
    found = await lists.programmes(loaded, Asked("test", limit=200), by=OFFICER)
    codes = [each["code"] for each in json.loads(found)["items"]]
    assert set(FRAMES) < set(codes)
    for code in codes:
        activity = await iati.activity(loaded, code, by=OFFICER)
        if code in FRAMES:
            assert _missing(activity) == FRAMES[code]
            continue
        document = parsed(activity)
        schema().validate(document)
        assert document.findtext("iati-activity/iati-identifier") == f"PL-MOI-{code}"
        assert document.find("iati-activity/budget") is None


def _missing(activity):
    with pytest.raises(NotExportable) as refused:
        iati_document(activity)
    return refused.value.facts["missing"]


@pytest.mark.parametrize(("code", "dates"), DATES.items())
async def test_iati_when_no_source_states_a_date_then_tells_what_bounds_it_and_says_so(
    loaded, code, dates
):
    document = parsed(await iati.activity(loaded, code, by=OFFICER))
    told = [
        (each.get("type"), each.get("iso-date"), each.findtext("narrative"))
        for each in document.iter("activity-date")
    ]
    assert told == dates


async def test_iati_when_values_are_approved_then_tells_them_as_results(loaded):
    document = parsed(await iati.activity(loaded, "EUCPN-PAT", by=OFFICER))
    shown = [
        (each.findtext("title/narrative"), each.find(".//actual").get("value"),
         each.findtext(".//actual/comment/narrative"))
        for each in document.iter("result")
    ]  # fmt: skip
    assert [value for _, value, _ in shown] == ["85", "300000"]
    assert [words for *_, words in shown] == ["counted: units", "over; counted: persons"]
    assert not list(parsed(await iati.activity(loaded, "EAP-PCP", by=OFFICER)).iter("result"))


async def test_iati_when_there_is_no_participant_then_says_what_is_missing(unit):
    await programme(unit)
    with pytest.raises(NotExportable) as refused:
        iati_document(await iati.activity(unit, "P-1", by=OFFICER))
    assert refused.value.facts["missing"] == ["participating organisation", "start or end"]
    with pytest.raises(NoSuchProgramme):
        await iati.activity(unit, "P-1", by=SERBIA)


async def test_iati_when_money_is_spent_then_tells_sums_of_enough_subjects(unit):
    await programme(
        unit,
        start=FuzzyDate.year(2015),
        end=FuzzyDate.year(2016),
        status=ProgrammeStatus.ACTIVE,
    )
    await organisation(unit, "EC", None)
    await partner(unit, who="MD", role=PartnerRole.LEAD)
    await programmes.add_country(
        unit, "P-1", "MD", CountryRole.BENEFICIARY, source=None, by=OFFICER
    )
    cost = {
        "code": "A",
        "title": "A",
        "category": "travel",
        "model": "lump_sum",
        "amount": {"amount": "1000.00", "currency": "EUR"},
    }
    payers = [{"funder": "EC", "kind": "grant", "rate": "100"}]
    await approved_budget(unit, [cost], funding_sources=payers)
    for number in range(6):
        await _spend(unit, number, "100.00", date(2015, 1 + number % 3, 1))
    await _spend(unit, 9, "100.00", date(2015, 5, 1))
    found = parsed(await iati.activity(unit, "P-1", by=OFFICER))
    schema().validate(found)
    told = [
        (each.find("transaction-type").get("code"), each.findtext("value"))
        for each in found.iter("transaction")
    ]
    assert told == [("4", "600.00")]
    assert [each.findtext("value") for each in found.iter("budget")] == ["1000.00"]
    roles = {each.get("role") for each in found.iter("participating-org")}
    assert roles == {"1", "2"}


async def _spend(unit, number, amount, on):
    subject = Subject("training", UUID(int=number))
    for kind in (EntryKind.COMMITTED, EntryKind.SPENT):
        await ledger.book_entry(
            unit,
            "P-1",
            "A",
            ledger.Instruction(kind, subject, Money(Decimal(amount), "EUR"), spent_on=on),
            by=OFFICER,
        )
