"""Every text that a request may hold is a code of a fixed form, or is scanned (INV-41)."""

import pytest
from pydantic import TypeAdapter, ValidationError

from kit.testing.texts import open_texts
from training.api.bulk_route import Given
from training.api.wire_batch import ExternalId, judged
from training.api.words import Prose, Words
from training.main import SERVICE

ELSEWHERE = {
    "NewEvent.zone": "a name of the IANA list",
    "EventPatch.zone": "a name of the IANA list",
    "Document.name": "printed into one answer, neither stored nor logged",
    "TokenGiven.token": "compared by its hash and not kept",
    "EvaluationAnswer.token": "compared by its hash and not kept",
    "EvaluationAnswer.answers": "scanned by the command, as its questions say which are texts",
}
ID = "5a0c1d1e-9d3b-4c55-8f7e-a44051401359"  # its end passes for a PESEL
PERSONAL = ("write to a.b@example.org", "call +48 600 700 800", "44051401359", "passport AB1234567")


def test_requests_when_walked_then_every_free_text_is_scanned():
    assert SERVICE.routers  # whose modules define every request model
    assert open_texts("training") == set(ELSEWHERE)


@pytest.mark.parametrize("kind", [Words, Prose])
@pytest.mark.parametrize("text", PERSONAL)
def test_text_when_it_seems_to_hold_personal_data_then_is_refused(kind, text):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(text)
    assert refused.value.errors()[0]["type"] == "pii_in_free_text"


@pytest.mark.parametrize("text", ["44051401359", "MD:44051401359", "AB1234567", "600-700-800"])
def test_external_id_when_it_seems_to_be_of_a_person_then_is_refused_and_not_repeated(text):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(ExternalId).validate_python(text)
    assert refused.value.errors()[0]["type"] == "pii_in_free_text"
    item = {"external_id": text, "event_id": ID, "participant_id": ID}
    [report] = judged([Given(item)])[1]
    assert [flaw.code for flaw in report.errors] == ["kit.pii_in_free_text"]
    assert text not in repr(report)


@pytest.mark.parametrize("text", ["MD-2026/00017", "HR.4711", ID])
def test_external_id_when_it_is_a_number_of_the_sender_then_is_taken(text):
    assert TypeAdapter(ExternalId).validate_python(text) == text
