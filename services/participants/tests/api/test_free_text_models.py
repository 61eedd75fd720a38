"""Every text that a request may hold is a code of a form, scanned (INV-41), or sealed."""

import pytest
from pydantic import ValidationError

from kit.testing.texts import open_texts
from participants.api.rate_sets import NewRateSet
from participants.api.requests_claims import PayerIn
from participants.api.requests_travel import TravelFacts
from participants.main import SERVICE

ELSEWHERE = {
    "AccountIn.holder": "sealed under the key of the person",
    "AffiliationIn.function": "sealed under the key of the person",
    "AffiliationIn.rank": "sealed under the key of the person",
    "IdentityIn.family_name": "sealed under the key of the person",
    "IdentityIn.given_names": "sealed under the key of the person",
    "PersonSearch.name": "hashed to be looked for, neither stored nor logged",
    "Simulation.place": "looked up among the rates, neither stored nor logged",
    "Simulation.zone": "a name of the IANA list",
    "TravelFacts.zone": "a name of the IANA list",
}
PERSONAL = ("write to a.b@example.org", "call +48 600 700 800", "44051401359", "passport AB1234567")
STAY = {"leaves": {"at": "2026-02-02T19:00:00+01:00", "way": "land"},
        "enters": {"at": "2026-02-05T07:00:00+01:00", "way": "land"}}  # fmt: skip


def test_requests_when_walked_then_every_free_text_is_scanned():
    assert SERVICE.routers  # whose modules define every request model
    assert open_texts("participants") == set(ELSEWHERE)


def refused(model, body):
    with pytest.raises(ValidationError) as wrong:
        model.model_validate(body)
    return {
        ".".join(str(each) for each in error["loc"])
        for error in wrong.value.errors()
        if error["type"] == "pii_in_free_text"
    }


@pytest.mark.parametrize("text", PERSONAL)
def test_text_when_it_seems_to_hold_personal_data_then_is_refused_wherever_it_stands(text):
    texts = ("title", "legal_reference", "source", "note", "rates_csv")
    assert refused(NewRateSet, dict.fromkeys(texts, text)) == set(texts)
    stays = {**STAY, "stays": [{"country": "DE", "place": text}]}
    went = {"destination": {"country": "DE", "city": text}, "abroad": stays}
    assert refused(TravelFacts, went) == {"destination.city", "abroad.stays.0.place"}
    assert refused(PayerIn, {"name": text}) == {"name"}
