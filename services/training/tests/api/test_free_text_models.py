"""Every text that a request may hold is a code of a fixed form, or is scanned (INV-41)."""

import typing

import pytest
from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from kit.personal import impersonal
from kit.wire import Request
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
PERSONAL = ("write to a.b@example.org", "call +48 600 700 800", "44051401359", "passport AB1234567")


def models():
    assert SERVICE.routers  # whose modules define every request model
    waiting, found = [Request], set()
    while waiting:
        for model in waiting.pop().__subclasses__():
            found.add(model)
            waiting.append(model)
    return sorted((each for each in found if each.__module__.startswith("training.")), key=str)


def texts(annotation, metadata=()):
    """What is said of each text within a type: the constraints and validators on it."""
    if typing.get_origin(annotation) is typing.Annotated:
        inner, *more = typing.get_args(annotation)
        yield from texts(inner, (*metadata, *_flat(more)))
    elif annotation is str:
        yield metadata
    else:
        for inner in typing.get_args(annotation):
            yield from texts(inner)


def _flat(metadata):
    for each in metadata:
        yield from each.metadata if isinstance(each, FieldInfo) else (each,)


def guarded(metadata):
    scanned = any(getattr(each, "func", None) is impersonal for each in metadata)
    closed = any(isinstance(each, StringConstraints) and each.pattern for each in metadata)
    return scanned or closed


def test_requests_when_walked_then_every_free_text_is_scanned():
    open_texts = {
        f"{model.__name__}.{name}"
        for model in models()
        for name, field in model.model_fields.items()
        for metadata in texts(field.annotation, tuple(field.metadata))
        if not guarded(metadata)
    }
    assert open_texts == set(ELSEWHERE)


@pytest.mark.parametrize("kind", [Words, Prose])
@pytest.mark.parametrize("text", PERSONAL)
def test_text_when_it_seems_to_hold_personal_data_then_is_refused(kind, text):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(text)
    assert refused.value.errors()[0]["type"] == "pii_in_free_text"
