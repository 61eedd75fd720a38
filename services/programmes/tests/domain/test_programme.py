import uuid
from dataclasses import replace
from datetime import date

import pytest
from make_programmes import profile

from kit.auth import STAFF
from programmes.domain.errors import (
    DatesInvalid,
    IllegalStatus,
    LeadDuplicate,
    LeadMissing,
    PartnerEnded,
    PartnerRoleDuplicate,
    PartyInvalid,
)
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.partner import Partner, PartnerRole, Party, admit
from programmes.domain.programme import ProgrammeStatus, audience_of, led_by
from programmes.domain.readiness import (
    ContractMissing,
    NotSettled,
    Readiness,
    ReopeningUnexplained,
    ways,
)

TODAY = date(2020, 1, 1)


def partner(who="PL", role=PartnerRole.LEAD, start=None, end=None, scope=""):
    party = Party(country=who) if len(who) == 2 else Party(organisation=who)
    return Partner(
        id=uuid.uuid4(),
        version=1,
        audience=frozenset(),
        party=party,
        role=role,
        scope=scope,
        valid_from=FuzzyDate.from_edtf(start or "XXXX"),
        valid_to=FuzzyDate.from_edtf(end or "XXXX"),
        ended=end is not None,
        source=None,
    )


def test_lead_when_another_leads_at_the_same_time_then_is_refused():
    with pytest.raises(LeadDuplicate):
        admit(partner("FR"), [partner("PL")])


def test_lead_when_the_former_has_ended_before_then_is_admitted():
    admit(partner("FR", start="2015-06-01"), [partner("PL", end="2015-05-31")])


def test_coordinators_when_several_then_are_admitted():
    admit(partner("RO", PartnerRole.COORDINATOR), [partner("PL", PartnerRole.COORDINATOR)])


def test_role_when_held_already_then_is_refused_except_in_another_scope():
    held = partner("PL", PartnerRole.DONOR)
    with pytest.raises(PartnerRoleDuplicate):
        admit(partner("PL", PartnerRole.DONOR), [held])
    admit(partner("PL", PartnerRole.DONOR, scope="c1"), [held])


def test_party_when_both_or_neither_then_is_refused():
    with pytest.raises(PartyInvalid):
        Party()
    with pytest.raises(PartyInvalid):
        Party("PL-MOI", "PL")


def test_partner_when_ended_twice_or_before_it_began_then_is_refused():
    ended = partner(start="2014").end(FuzzyDate.on(date(2015, 1, 1)), TODAY)
    assert (ended.ended, ended.version) == (True, 2)
    with pytest.raises(PartnerEnded):
        ended.end(FuzzyDate.on(date(2016, 1, 1)), TODAY)
    with pytest.raises(DatesInvalid):
        partner(start="2014").end(FuzzyDate.on(date(2013, 1, 1)), TODAY)


def test_partner_when_ended_on_a_day_to_come_then_is_refused_because_it_would_lose_sight_today():
    with pytest.raises(DatesInvalid, match="2020-01-01"):
        partner(start="2014").end(FuzzyDate.on(date(2020, 1, 2)), TODAY)
    assert partner(start="2014").end(FuzzyDate.on(TODAY), TODAY).ended


def test_audience_when_a_partner_has_left_then_it_no_longer_sees():
    present = [partner("MD-MIA", PartnerRole.IMPLEMENTING), partner("FR", end="2015")]
    assert audience_of(present, ["MD"]) == {STAFF, "org:MD-MIA", "country:MD"}


def test_status_when_it_cannot_follow_then_says_what_can():
    with pytest.raises(IllegalStatus) as refused:
        profile(status=ProgrammeStatus.CLOSED).advanced_to(ProgrammeStatus.ACTIVE)
    assert refused.value.facts == {"allowed": []}


READY = Readiness(led=True, contract_concluded_on=date(2015, 1, 1))
APPROVED, CONTRACTED = ProgrammeStatus.APPROVED, ProgrammeStatus.CONTRACTED
COMPLETED, CLOSED = ProgrammeStatus.COMPLETED, ProgrammeStatus.CLOSED


def test_contract_when_a_coordinator_is_there_then_somebody_leads():
    assert led_by([partner("PL", PartnerRole.COORDINATOR)])
    assert not led_by([partner("PL", PartnerRole.COORDINATOR, end="2015")])


@pytest.mark.parametrize(
    ("present", "to", "lacks", "refusal"),
    [
        (APPROVED, CONTRACTED, {"led": False}, LeadMissing),
        (APPROVED, CONTRACTED, {"contract_concluded_on": None}, ContractMissing),
        (COMPLETED, CLOSED, {"lines": ("A",)}, NotSettled),
        (COMPLETED, CLOSED, {"claims": 1}, NotSettled),
        (COMPLETED, CLOSED, {"indicators": ("trained",)}, NotSettled),
        (COMPLETED, ProgrammeStatus.ACTIVE, {}, ReopeningUnexplained),
    ],
)
def test_status_when_something_is_not_there_then_is_refused_and_the_ways_say_so(
    present, to, lacks, refusal
):
    lacking = replace(READY, **lacks)
    with pytest.raises(refusal):
        lacking.must_allow(present, to, " ")
    (way,) = [each for each in ways(present, lacking) if each.to is to]
    assert way.why_not or way.needs
    READY.must_allow(present, to, "the last meeting decided so")
    (way,) = [each for each in ways(present, READY) if each.to is to]
    assert way.why_not is None


def test_programme_when_it_ends_before_it_starts_then_is_refused():
    with pytest.raises(DatesInvalid):
        profile(start=FuzzyDate.year(2016), end=FuzzyDate.year(2013))


def test_end_when_stated_then_is_not_derived():
    assert profile(end=FuzzyDate.year(2015), duration_months=12).end_derived is None
    assert profile(duration_months=24).end_derived is None
