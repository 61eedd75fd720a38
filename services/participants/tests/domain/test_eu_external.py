"""EU external action: nights, ceilings, and the list that the contract fixes."""

from datetime import date

import pytest
from domain.trips import rate, rate_set, run, trip

from participants.domain.choices import Pin
from participants.domain.eu_experts import TAIEX, TWINNING
from participants.domain.eu_external import EU_EXTERNAL
from participants.domain.per_diem import LocalTransport, LodgingKind, Night
from participants.domain.rates import Completeness, NoRate, RateBook
from participants.domain.remarks import is_weak, weak_in_words
from participants.domain.result_text import result_text
from participants.domain.snapshot import rerun, snapshot_text
from participants.load import rate_sets, rates

CONTRACT = Pin(contract_concluded_on=date(2013, 12, 30))
LISTS = {
    "EU-EXT-2001-07-30": Completeness.PARTIAL,
    "EU-EXT-2013-07-05": Completeness.PARTIAL,
    "EU-EXT-2022-07-25": Completeness.NONE,
    "EU-EXT-2024-11-08": Completeness.COMPLETE,
}


def book():
    begins = {code: date.fromisoformat(code.removeprefix("EU-EXT-")) for code in LISTS}
    old, current, new = "EU-EXT-2001-07-30", "EU-EXT-2013-07-05", "EU-EXT-2024-11-08"
    return RateBook(
        tuple(
            rate_set("EU_EXTERNAL", code, begins[code], completeness=held)
            for code, held in LISTS.items()
        ),
        (
            rate(old, "CZ", "193", date(2001, 7, 30)),
            rate(old, "CZ", "274", date(2002, 4, 30)),
            rate(old, "GE", "400", date(2001, 7, 30)),
            rate(current, "PL", "217", date(2013, 7, 5)),
            rate(new, "PL", "183", date(2024, 11, 8)),
            rate(new, "GE", "295", date(2024, 11, 8)),
            rate(new, "US", "280", date(2024, 11, 8), place="except New York"),
            rate(new, "US", "375", date(2024, 11, 8), place="New York"),
            rate(new, "*", "205", date(2024, 11, 8)),
        ),
    )


def mission(begin="2025-04-07T08:00", end="2025-04-09T20:00", **fields):
    return trip(begin, end, **fields)


def total(facts, pin=CONTRACT):
    return run(facts, ruleset=EU_EXTERNAL, book=book(), pin=pin).totals[0].amount


def test_nights_when_three_days_have_two_nights_then_two_per_diems():
    assert total(mission()) == 2 * 217


def test_nights_when_there_is_no_overnight_stay_then_nothing_and_a_line_says_so():
    result = run(
        mission("2025-04-07T06:00", "2025-04-07T23:00"),
        ruleset=EU_EXTERNAL,
        book=book(),
        pin=CONTRACT,
    )
    assert result.totals[0].amount == 0
    assert "overnight" in result.lines[0].text.en


def test_nights_when_stated_then_they_count():
    assert total(mission(nights_away=1)) == 217


def test_mobilisation_when_travelling_for_it_then_no_per_diem():
    assert total(mission(mobilisation=True)) == 0


def test_list_when_travel_is_later_then_still_that_of_the_contract():
    assert total(mission("2026-04-07T08:00", "2026-04-08T20:00")) == 217


def test_list_when_contract_names_one_then_its_date_does_not_matter():
    pin = Pin(contract_concluded_on=date(2013, 12, 30), rate_list="EU-EXT-2024-11-08")
    assert total(mission(), Pin(rate_list="EU-EXT-2024-11-08")) == 2 * 183
    assert total(mission(), pin) == 2 * 183


def test_list_when_country_is_missing_in_a_partial_one_then_no_other_list_stands_in():
    with pytest.raises(NoRate, match="GE in EU-EXT-2013-07-05") as caught:
        total(mission(country="GE"))
    assert caught.value.code == "country_without_rate"


def test_list_when_no_copy_is_held_then_an_older_one_does_not_stand_in():
    with pytest.raises(NoRate, match="no copy of that list is held"):
        total(mission(), Pin(contract_concluded_on=date(2023, 1, 1)))


def test_list_when_complete_then_other_countries_have_its_general_rate():
    pin = Pin(contract_concluded_on=date(2024, 11, 8))
    assert total(mission(country="TV"), pin) == 2 * 205


@pytest.mark.parametrize(("place", "expected"), [("New York", 375), ("Boston", 280), (None, 280)])
def test_rate_when_a_place_has_its_own_then_it_goes_before_that_of_the_country(place, expected):
    pin = Pin(contract_concluded_on=date(2025, 1, 1))
    assert total(mission(country="US", place=place), pin) == 2 * expected


def test_rate_when_corrected_inside_a_list_then_the_contract_date_decides():
    pin = Pin(contract_concluded_on=date(2002, 4, 29))
    assert total(mission(country="CZ"), pin) == 2 * 193
    assert total(mission(country="CZ"), Pin(contract_concluded_on=date(2002, 4, 30))) == 2 * 274


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        (Pin(), "no_contract_date"),
        (Pin(rate_list="EU-EXT-1999"), "unknown_list"),
        (Pin(contract_concluded_on=date(1999, 1, 1)), "no_list"),
    ],
)
def test_list_when_the_contract_does_not_fix_one_then_refused(pin, code):
    with pytest.raises(NoRate) as caught:
        total(mission(), pin)
    assert caught.value.code == code


def test_violations_when_costs_are_stated_beside_the_per_diem_then_all_are_refused():
    facts = mission(
        nights=(Night(date(2025, 4, 7), LodgingKind.LUMP_SUM),),
        local_transport=LocalTransport.LUMP_SUM,
        nights_away=3,
    )
    found = [(v.pointer, v.code) for v in EU_EXTERNAL.violations(facts)]
    assert found == [
        ("/nights_away", "nights_outside_trip"),
        ("/nights", "not_covered_by_ruleset"),
        ("/local_transport", "not_covered_by_ruleset"),
    ]


def test_explanation_when_read_then_says_ceiling_list_and_what_it_covers():
    line = run(mission(), ruleset=EU_EXTERNAL, book=book(), pin=CONTRACT).lines[0]
    assert line.text.en == (
        "Night 1, from 7 April 2025 to 8 April 2025: at most 217.00 EUR by list EU-EXT-2013-07-05, "
        "fixed by the contract. It covers lodging, meals, local travel and sundry expenses."
    )
    assert "najwyżej 217,00 EUR" in line.text.pl


def test_snapshot_when_run_again_then_gives_the_same_bytes():
    facts = mission()
    rates = EU_EXTERNAL.select(book(), facts, CONTRACT)
    first = result_text(EU_EXTERNAL.compute(facts, CONTRACT, rates))
    stored = snapshot_text("EU_EXTERNAL", EU_EXTERNAL.version, facts, CONTRACT, rates)
    assert rerun(stored) == first


@pytest.mark.parametrize("ruleset", [EU_EXTERNAL, TAIEX, TWINNING])
def test_remark_when_a_list_is_held_in_part_then_says_so_in_both_languages(ruleset):
    facts = trip("2014-05-12T08:00", "2014-05-14T20:00", country="AM")
    pin = Pin(contract_concluded_on=date(2013, 12, 30))
    held = RateBook(tuple(rate_sets()), tuple(rates()))
    (said,) = ruleset.compute(facts, pin, ruleset.select(held, facts, pin)).remarks
    assert "wykaz niepełny: 28 państw UE w komplecie" in said.pl
    assert "held in part: the 28 states of the EU" in said.en
    assert "PARTIAL" not in said.pl + said.en
    assert all(word not in said.pl for word in ("complete", "countries", "only"))


def test_confidence_when_of_a_rate_on_record_then_every_part_has_polish_words():
    weak = [row for row in rates() if is_weak(row) and row.rate_set.startswith("EU-EXT")]
    for row in weak:
        said = weak_in_words(row)
        assert said.values["confidence"].pl != row.confidence
        assert "PARTIAL" not in said.pl
