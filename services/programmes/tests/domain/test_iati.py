"""The IATI export: valid against the schema, complete or refused, and silent about few."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.money import Money
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.iati import (
    Activity,
    BudgetItem,
    Evidence,
    NotExportable,
    Participant,
    Publisher,
    Relative,
    Result,
    ResultPeriod,
    Spending,
    SpendingKind,
    quarter_end,
)
from programmes.domain.iati_xml import iati_document
from programmes.domain.indicator import SMALLEST_CELL_TRAFFICKING, Measure
from programmes.domain.organisation import OrganisationType
from programmes.domain.partner import PartnerRole
from programmes.domain.programme import Identifier, ProgrammeStatus, RelationType
from programmes.domain.source import CountBasis, CountQualifier

FILE = Path(__file__).parents[1] / "data" / "iati-2.03" / "iati-activities-schema.xsd"
WHOLE_YEAR = FuzzyDate.year(2015)
UPDATED = datetime(2026, 5, 1, 12, tzinfo=UTC)


def paid(on, amount, kind=SpendingKind.EXPENDITURE, currency="EUR"):
    return Spending(kind, date.fromisoformat(on), Money(Decimal(amount), currency))


def period(value, target=None, qualifier=CountQualifier.EXACT, days=WHOLE_YEAR):
    actual = Measure(Decimal(value), qualifier, CountBasis.UNKNOWN)
    return ResultPeriod(days, days, None if target is None else Decimal(target), actual)


SMALL = Activity(
    publisher=Publisher("XM-DAC-SYNTHETIC", "10", "Synthetic reporting office"),
    code="EAP-PCP",
    title="Eastern Partnership Police Cooperation Programme",
    description=None,
    status=ProgrammeStatus.ACTIVE,
    start=FuzzyDate.month(2014, 3, "March 2014"),
    end=FuzzyDate.month(2018, 3, "March 2018"),
    updated=UPDATED,
    participants=(Participant("Polish Ministry of the Interior", PartnerRole.LEAD),),
)
FULL = replace(
    SMALL,
    description="Support of law enforcement against organised cross-border crime",
    identifiers=(
        Identifier("call", "EuropeAid/134044/C/SER/Multi", "European Commission"),
        Identifier("file", "no issuer", None),
    ),
    participants=(
        Participant("European Commission", PartnerRole.DONOR, OrganisationType.EU_INSTITUTION),
        Participant("Polish MoI", PartnerRole.LEAD, OrganisationType.MINISTRY, "PL-KRS-0"),
        Participant("Polish MoI", PartnerRole.COORDINATION_UNIT, OrganisationType.MINISTRY),
        Participant("Polish MoI", PartnerRole.COORDINATOR, OrganisationType.MINISTRY),
        Participant("Finland", PartnerRole.CONSORTIUM_PARTNER),
        Participant("EUCPN", PartnerRole.PATRON, OrganisationType.NETWORK),
        Participant("Europol", PartnerRole.SUPPORTING, OrganisationType.AGENCY),
    ),
    recipients=("AM", "AZ", "BY", "GE", "MD", "UA"),
    relatives=(
        Relative("EAP", RelationType.UNDER_INITIATIVE),
        Relative("EAP-PCP-1", RelationType.CHILD, inverse=True),
        Relative("OLD", RelationType.REPLACES),
    ),
    budgets=(
        BudgetItem(
            revised=True,
            begins=date(2014, 3, 1),
            ends=date(2018, 3, 31),
            money=Money(Decimal("5000000.00"), "EUR"),
            valued_on=date(2013, 12, 30),
        ),
    ),
    spending=tuple(paid(f"2015-0{month}-15", "100.00") for month in range(1, 7)),
    results=(
        Result("Officers trained", (2014, Decimal(10)), (period("495", "500"),)),
        Result("People reached", None, (period("300000", qualifier=CountQualifier.OVER),)),
        Result("Few", (2014, Decimal(1)), (period("4", "3"),)),
    ),
)


@cache
def schema():
    return xmlschema.XMLSchema(FILE, allow="local")


def parsed(activity):
    return ET.fromstring(iati_document(activity))  # noqa: S314 - our own document


def tree(activity):
    return parsed(activity).find("iati-activity")


def attributes(element, path, name):
    return [each.get(name) for each in element.findall(path)]


@pytest.mark.parametrize("activity", [SMALL, FULL], ids=["small", "full"])
@pytest.mark.parametrize("status", [each for each in ProgrammeStatus if each != "draft"])
def test_export_when_of_any_status_but_draft_then_valid(activity, status):
    schema().validate(parsed(replace(activity, status=status)))


@settings(deadline=None)  # reading the schema takes its time once
@given(
    text=st.text(min_size=1),
    amounts=st.lists(
        st.tuples(
            st.dates(date(2014, 1, 1), date(2026, 12, 31)),
            st.integers(-(10**9), 10**9),
            st.sampled_from(["EUR", "PLN"]),
        ),
        max_size=30,
    ),
)
def test_export_when_texts_and_payments_are_anything_then_valid(text, amounts):
    spending = tuple(
        Spending(SpendingKind.EXPENDITURE, on, Money(Decimal(cents).scaleb(-2), currency))
        for on, cents, currency in amounts
    )
    activity = replace(FULL, title=text, spending=spending)
    schema().validate(parsed(activity))
    told = activity.spent()
    assert all(each.on <= UPDATED.date() for each in told)
    assert len(told) * activity.smallest <= len(spending)


def test_export_when_made_then_in_the_terms_of_iati():
    found = tree(FULL)
    assert found.findtext("iati-identifier") == "XM-DAC-SYNTHETIC-EAP-PCP"
    assert attributes(found, "activity-status", "code") == ["2"]
    assert attributes(found, "participating-org", "role") == ["1", "2", "3", "4"]
    assert attributes(found, "participating-org", "type") == ["40", "10", "10", None]
    assert attributes(found, "recipient-country", "code") == ["AM", "AZ", "BY", "GE", "MD", "UA"]
    assert attributes(found, "recipient-country", "percentage") == [None] * 6
    assert attributes(found, "related-activity", "type") == ["1", "2"]
    assert attributes(found, "budget", "type") == ["2"]
    assert found.findtext("budget/value") == "5000000.00"


@pytest.mark.parametrize(
    ("status", "types"),
    [
        (ProgrammeStatus.CONTRACTED, ["1", "3"]),
        (ProgrammeStatus.ACTIVE, ["2", "3"]),
        (ProgrammeStatus.CLOSED, ["2", "4"]),
        (ProgrammeStatus.CANCELLED, ["1", "3"]),
    ],
)
def test_dates_when_vague_then_the_outermost_days_with_the_words_of_the_source(status, types):
    found = tree(replace(SMALL, status=status))
    assert attributes(found, "activity-date", "type") == types
    assert attributes(found, "activity-date", "iso-date") == ["2014-03-01", "2018-03-31"]
    assert [each.findtext("narrative") for each in found.findall("activity-date")] == [
        "March 2014",
        "March 2018",
    ]


def test_date_when_a_day_then_without_words():
    found = tree(replace(SMALL, start=FuzzyDate.on(date(2014, 3, 3)), end=FuzzyDate.unknown()))
    assert found.find("activity-date/narrative") is None


def test_dates_when_only_evidence_is_known_then_planned_with_the_words_of_what_it_is():
    won = Evidence(FuzzyDate.year(2013, "2013"), "the tender was won")
    later = Evidence(FuzzyDate.on(date(2014, 1, 1)), "it was announced")
    over = Evidence(FuzzyDate.on(date(2017, 8, 25)), "a document says it was over", of_end=True)
    unknown = replace(
        SMALL,
        start=FuzzyDate.unknown(),
        end=FuzzyDate.unknown(),
        status=ProgrammeStatus.COMPLETED,
        evidence=(over, won, later),
    )
    schema().validate(parsed(unknown))
    assert list(unknown.dates()) == [
        ("1", date(2013, 1, 1), "start not stated; the tender was won, 2013"),
        ("3", date(2017, 8, 25), "end not stated; a document says it was over"),
    ]
    stated = replace(unknown, start=SMALL.start, end=SMALL.end)
    assert [code for code, *_ in stated.dates()] == ["2", "4"]


def test_spending_when_told_then_in_quarters_that_are_over_and_never_one_payment():
    assert [(each.on, each.money.amount) for each in FULL.spent()] == [
        (date(2015, 6, 30), Decimal("600.00"))
    ]
    few = replace(FULL, spending=FULL.spending[:4])
    assert few.spent() == []
    now = replace(FULL, spending=tuple(paid("2026-04-01", "1.00") for _ in range(9)))
    assert now.spent() == []


def test_spending_when_more_comes_then_what_was_told_stays():
    late = (*FULL.spending, paid("2015-09-01", "7.00"))
    assert replace(FULL, spending=late).spent() == FULL.spent()


def test_spending_when_of_two_currencies_or_kinds_then_never_added():
    mixed = tuple(paid("2015-01-01", "1.00", currency="PLN") for _ in range(5)) + FULL.spending
    assert [each.money.currency for each in replace(FULL, spending=mixed).spent()] == ["EUR", "PLN"]


def test_result_when_small_or_not_approved_then_not_told():
    found = tree(FULL)
    titles = [each.findtext("title/narrative") for each in found.findall("result")]
    assert titles == ["Officers trained", "People reached"]
    draft = replace(period("500"), actual=None)
    silent = replace(FULL, results=(Result("Draft", None, (draft,)),))
    assert tree(silent).find("result") is None


def test_result_when_told_then_says_how_it_was_counted():
    comments = [each.findtext("narrative") for each in tree(FULL).findall(".//actual/comment")]
    assert comments == ["counted: unknown", "over; counted: unknown"]


def test_victims_when_thirteen_then_told_as_one_number_and_ten_are_not():
    thirteen, ten = (
        replace(
            SMALL,
            results=(Result("Victims", None, (period(number),), SMALLEST_CELL_TRAFFICKING),),
        )
        for number in ("13", "10")
    )
    assert attributes(tree(thirteen), ".//actual", "value") == ["13"]
    assert tree(ten).find("result") is None


def test_result_when_its_period_is_not_stated_then_that_of_the_programme_or_none():
    undated = Result("Officers", None, (period("495", days=FuzzyDate.unknown()),))
    found = tree(replace(SMALL, results=(undated,)))
    assert attributes(found, ".//period/period-start", "iso-date") == ["2014-03-01"]
    no_end = replace(SMALL, end=FuzzyDate.unknown(), results=(undated,))
    assert tree(no_end).find("result") is None


def test_programme_when_something_is_missing_then_all_of_it_is_named():
    empty = replace(
        SMALL,
        status=ProgrammeStatus.DRAFT,
        start=FuzzyDate.unknown(),
        end=FuzzyDate.unknown(),
        participants=(Participant("EUCPN", PartnerRole.PATRON),),
    )
    with pytest.raises(NotExportable) as refused:
        iati_document(empty)
    assert refused.value.facts["missing"] == [
        "status",
        "participating organisation",
        "start or end",
    ]


def test_text_when_xml_cannot_write_a_character_then_it_is_left_out():
    title = tree(replace(SMALL, title="a\x00b\x0b<&>")).findtext("title/narrative")
    assert title == "ab<&>"


@pytest.mark.parametrize(
    ("day", "end"), [("2015-01-01", "2015-03-31"), ("2015-06-30", "2015-06-30")]
)
def test_quarter_when_asked_then_its_last_day(day, end):
    assert quarter_end(date.fromisoformat(day)) == date.fromisoformat(end)


def test_quarter_when_the_last_then_ends_with_the_year():
    assert quarter_end(date(2015, 10, 1)) == date(2015, 12, 31)
