"""Cooperation units as the source lists them: eleven, two of them by an ordinance 48/15."""

from datetime import date
from uuid import UUID

import pytest

from programmes.domain.cooperation_unit import (
    CooperationUnit,
    LegalActDuplicate,
    LegalActRef,
    LegalActUnclear,
    admit_unit,
    coverage,
)
from programmes.domain.fuzzy_date import FuzzyDate

UNITS = (
    ("Masovian", FuzzyDate.month(2010, 10), None, None),
    ("Lubuskie", "2014-05-19", "Lubuskie Voivode", None),
    ("Lubelskie", "2014-10-07", "Lublin Voivode", "202/2014"),
    ("Podlaskie", "2014-10-07", "Podlaskie Voivode", "126/2014"),
    ("Zachodniopomorskie", "2014-11-24", "Zachodniopomorskie Voivode", "732.2014"),
    ("Małopolskie", "2015-01-26", "Director of Social Policy Dept", "2/2015"),
    ("Silesian", "2015-02-09", "Silesian Voivode", "48/15"),
    ("Podkarpackie", "2015-03-06", "Podkarpackie Voivode", "48/15"),
    ("Kujawsko-Pomorskie", "2015-03-10", "Kujawsko-Pomorskie Voivode", "47/2015"),
    ("Warmińsko-Mazurskie", "2015-03-26", "Warmińsko-Mazurskie Voivode", "110"),
    ("Wielkopolskie", "2015-04-29", "Wielkopolskie Voivode", "258/15"),
)
MISSING = ("Dolnośląskie", "Łódzkie", "Opolskie", "Pomorskie", "Świętokrzyskie")


def unit(region, on, issuer, number):
    on = FuzzyDate.on(date.fromisoformat(on)) if isinstance(on, str) else on
    act = LegalActRef("ordinance", number, on, issuer)
    audience = frozenset({"staff"})
    return CooperationUnit(UUID(int=1), 1, audience, "NO-STRUCT", region, region, on, act)


def test_units_when_all_of_the_source_are_admitted_then_none_is_refused():
    present = []
    for each in UNITS:
        admit_unit(unit(*each), present)
        present.append(unit(*each))
    assert len(present) == 11


def test_act_when_issuer_number_and_date_are_the_same_then_refused():
    with pytest.raises(LegalActDuplicate):
        admit_unit(unit("Elsewhere", *UNITS[6][1:]), [unit(*UNITS[6])])


def test_act_when_a_part_is_not_stated_then_no_key_and_never_a_duplicate():
    assert unit(*UNITS[0]).legal_act.key is None
    assert unit(*UNITS[1]).legal_act.key is None
    assert LegalActRef("ordinance", "1", FuzzyDate.unknown(), "A").key is None
    admit_unit(unit(*UNITS[0]), [unit(*UNITS[0])])


def test_number_when_published_then_kept_as_printed():
    assert [unit(*each).legal_act.number for each in UNITS[4:6]] == ["732.2014", "2/2015"]


@pytest.mark.parametrize("number", ["", " "])
def test_number_when_an_empty_text_then_refused(number):
    with pytest.raises(LegalActUnclear):
        LegalActRef("ordinance", number, FuzzyDate.unknown(), None)


def test_coverage_when_counted_then_eleven_of_sixteen():
    regions = {each[0]: each[0] for each in UNITS} | {name: name for name in MISSING}
    found = coverage([unit(*each) for each in UNITS], regions)
    assert (found.units, found.regions_covered, found.regions_in_all) == (11, 11, 16)
    assert found.missing == MISSING
