"""Texts of requests hold what a reader sees; the document tells what must be sent."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import pytest
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from kit.openapi import NEEDED, complete
from kit.strict import violations_of
from kit.wire import Count, Line, Request, Text, When

LINE: TypeAdapter[str] = TypeAdapter(Line)
TEXT: TypeAdapter[str] = TypeAdapter(Text)
WHEN: TypeAdapter[datetime] = TypeAdapter(When)


@pytest.mark.parametrize(
    "line",
    [
        "a\x1b[31mb", "a\x01b", "a\nATTENDEE:b", "\u200b", "a\u202egnp.b", "\ufeffa\u2029b",
        "a\uffffb", "a\ufffeb", "a\ufdd0b", "a\ufff9b\ufffac\ufffb", "a\U000e0062\U000e007f",
    ],
)  # fmt: skip
def test_line_when_it_holds_what_nobody_sees_then_refused(line: str) -> None:
    with pytest.raises(ValidationError) as refused:
        LINE.validate_python(line)
    assert [each["type"] for each in refused.value.errors()] == ["hidden_character"]


def test_instant_when_at_the_end_of_the_calendar_then_only_what_every_zone_can_show() -> None:
    for instant in ("0001-01-01T23:59:59Z", "9999-12-31T00:00:00Z", "0001-01-02T00:00:00+02:00"):
        with pytest.raises(ValidationError) as refused:
            WHEN.validate_python(instant)
        assert [each["type"] for each in refused.value.errors()] == ["datetime"]
    for instant in ("0001-01-02T00:00:00Z", "9999-12-30T23:59:59Z"):
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
            assert WHEN.validate_python(instant).astimezone(ZoneInfo(zone))


def test_text_when_it_has_lines_then_taken_and_when_it_turns_direction_then_refused() -> None:
    assert TEXT.validate_python(" first\r\n\tsecond ") == "first\r\n\tsecond"
    with pytest.raises(ValidationError):
        TEXT.validate_python("a\u2066b")


def test_document_when_a_header_is_needed_then_it_says_so_and_nothing_in_a_url_is_null() -> None:
    text = {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}], "title": "T"}
    parameters = [
        {"name": "if-match", "in": "header", "required": False, "schema": {**text, NEEDED: True}},
        {"name": "after", "in": "query", "required": False, "schema": dict(text)},
    ]
    operation = {"operationId": "x", "parameters": parameters, "responses": {}}
    complete({"paths": {"/v1/x": {"get": operation}}}, {"x": "toy:read"})
    plain = {"type": "string", "maxLength": 9, "title": "T"}
    assert [(each["required"], each["schema"]) for each in parameters] == [
        (True, plain),
        (False, plain),
    ]
    refused = operation["responses"]["400"]["content"]["application/problem+json"]["examples"]
    assert "kit.cursor_invalid" in refused


def test_violations_when_items_are_refused_then_the_list_is_not_called_too_short() -> None:
    listed = TypeAdapter(Annotated[tuple[Count, ...], Field(min_length=1)])
    for sent, codes in (([-1], [("/0", "kit.greater_than_equal")]), ([], [("", "kit.too_short")])):
        with pytest.raises(ValidationError) as refused:
            listed.validate_python(sent)
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in refused.value.errors()]
        assert [(each.pointer, each.code) for each in violations_of(faults)] == codes


class _Part(Request):
    name: str
    seats: Annotated[int, Field(ge=1)]
    kind: Literal["visit", "training"]
    text: Annotated[str, Field(max_length=2)]


class _Whole(Request):
    parts: tuple[_Part, ...]


def test_violations_when_told_then_in_words_of_the_api_not_of_what_checks_it() -> None:
    part = {"seats": 0, "kind": "x", "text": "abc", "basis": 1}
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(_Whole).validate_python({"parts": [7, part]}, from_attributes=True)
    faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in refused.value.errors()]
    assert {each.pointer: each.message for each in violations_of(faults)} == {
        "/parts/0": "must be an object",
        "/parts/1/name": "is missing",
        "/parts/1/seats": "must be greater than or equal to 1",
        "/parts/1/kind": "must be 'visit' or 'training'",
        "/parts/1/text": "must have at most 2 characters",
        "/parts/1/basis": "is no member of this object",
    }


def test_violation_when_a_check_of_ours_fails_then_its_words_alone() -> None:
    def never(_value: str) -> str:
        raise ValueError("is not known")

    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Annotated[str, AfterValidator(never)]).validate_python("x")
    faults = [{**fault, "loc": ("body", "zone")} for fault in refused.value.errors()]
    (violation,) = violations_of(faults)
    assert (violation.code, violation.message) == ("kit.value_error", "is not known")
