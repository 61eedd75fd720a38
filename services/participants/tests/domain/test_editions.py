"""Stored calculations run again by the edition of the rules that made them, to the same bytes."""

import hashlib
import json
from pathlib import Path

import pytest

from participants.domain.errors import NoSuchRuleset
from participants.domain.rulesets import RULESETS
from participants.domain.snapshot import rerun

FIRST = {
    "ruleset": "PL_DOMESTIC",
    "version": "Dz.U. 2013 poz. 167 (2023 poz. 2190)",
    "facts": {
        "country": "PL",
        "place": None,
        "departs_at": "2026-03-02T08:00:00+01:00",
        "returns_at": "2026-03-02T18:00:00+01:00",
        "first_day": "2026-03-02",
        "last_day": "2026-03-02",
        "meals": [],
        "nights": [],
        "costs": [],
        "local_transport": "none",
        "local_transport_costs": None,
        "no_diet": None,
        "mobilisation": False,
        "nights_away": None,
        "assumed": [],
    },
    "pin": {"counting": "elapsed", "contract_concluded_on": None, "rate_list": None},
    "rates": [
        {
            "rate_set": "PL-DOM-2023",
            "country": "PL",
            "place": None,
            "currency": "PLN",
            "allowance": "45.00",
            "lodging_limit": "900.00",
            "valid_from": "2023-01-01",
            "source": "test",
            "confidence": "single source",
        }
    ],
}
BYTES = (
    '{"assumptions":[],"lines":[{"amount":{"amount":"22.50","currency":"PLN"},"base":"45.00",'
    '"begins_at":"2026-03-02T08:00:00+01:00","deductions":[],'
    '"ends_at":"2026-03-02T18:00:00+01:00","factor":"1/2","kind":"subsistence","number":1,'
    '"on":null,"rules":[{"id":"PL-DOM-DIET-8H-TO-12H","reference":"Dz.U. 2013 poz. 167 s.7(2)"}],'
    '"text":{"en":"Period 1, from 2026-03-02 08:00 to 2026-03-02 18:00 (10 h 0 min). Diet 45.00 '
    'PLN (rate from 2023-01-01); trip of 8 to 12 hours: half the diet: 22.50 PLN.","pl":"Doba 1, '
    "od 2026-03-02 08:00 do 2026-03-02 18:00 (10 h 0 min). Dieta 45,00 PLN (stawka od "
    '2023-01-01); podróż od 8 do 12 godzin: połowa diety: 22,50 PLN."}}],"rates":[{"allowance":'
    '"45.00","confidence":"single source","country":"PL","currency":"PLN","lodging_limit":'
    '"900.00","place":null,"rate_set":"PL-DOM-2023","source":"test","valid_from":"2023-01-01"}],'
    '"ruleset":"PL_DOMESTIC","totals":[{"amount":"22.50","currency":"PLN"}],"version":'
    '"Dz.U. 2013 poz. 167 (2023 poz. 2190)"}'
)


def test_snapshot_when_of_the_first_edition_then_gives_its_bytes():
    assert rerun(json.dumps(FIRST)) == BYTES


STORED = [
    json.loads(line)
    for line in (Path(__file__).parent / "stored_calculations.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def test_calculations_when_stored_by_earlier_editions_then_run_again_to_their_bytes():
    """They were stored before the newest words were found; all of them must stay as they are."""
    again = [
        hashlib.sha256(rerun(json.dumps(each["snapshot"])).encode()).hexdigest() for each in STORED
    ]
    assert again == [each["sha256"] for each in STORED]
    assert {each["snapshot"]["ruleset"] for each in STORED} == set(RULESETS)


def test_amounts_when_equal_but_written_differently_then_each_result_says_its_own():
    """What was worked out once is kept: it must not stand in for what is written otherwise."""
    for diet in ("45", "45.00", "45.0"):
        written = json.dumps(FIRST).replace('"45.00"', f'"{diet}"')
        assert rerun(written) == BYTES.replace('"45.00"', f'"{diet}"')


def test_snapshot_when_of_the_second_then_also_tells_choices_and_weak_rates():
    again = json.loads(rerun(json.dumps(FIRST | {"version": f"{FIRST['version']}; edition 2"})))
    assert {"choices", "remarks"} <= set(again)
    assert "weakly attested" in again["remarks"][0]["en"]


def test_snapshot_when_of_an_unknown_edition_then_refused():
    with pytest.raises(NoSuchRuleset):
        rerun(json.dumps(FIRST | {"version": "edition 99"}))
