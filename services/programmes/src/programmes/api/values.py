"""Values shared by requests and answers: uncertain dates, sources, counts."""

from datetime import date
from typing import Annotated, Self

from pydantic import AliasChoices, ConfigDict, Field, StringConstraints

from kit.wire import VERBATIM, Answer, Request
from programmes.api.words import Line, Verbatim
from programmes.domain import fuzzy_date
from programmes.domain import source as sources

Edtf = Annotated[
    str,
    StringConstraints(min_length=4, max_length=25),
    VERBATIM,
    Field(examples=["2014-03", "2015-05-21~/2015-05-31~", "XXXX"]),
]
DocumentCode = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9-]*$"), VERBATIM
]


class FuzzyDateIn(Request):
    """A date in EDTF, and the text in which a source prints it."""

    edtf: Edtf
    text: Verbatim | None = None

    def date(self) -> fuzzy_date.FuzzyDate:
        """Return the domain value; raises DatesInvalid."""
        return fuzzy_date.FuzzyDate.from_edtf(self.edtf, self.text)


def date_of(given: FuzzyDateIn | None) -> fuzzy_date.FuzzyDate:
    """Return the domain value of a date that may be missing: then it is not stated."""
    return fuzzy_date.FuzzyDate.unknown() if given is None else given.date()


class Mirror(Answer):
    """An answer that shows the attributes of a domain value under the same names."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    @classmethod
    def of(cls, it: object) -> Self:
        """Return the wire form of a domain value."""
        return cls.model_validate(it)


class FuzzyDate(Mirror):
    """A day from `from` to `to`; both null if no source states it. `text` is as printed."""

    model_config = ConfigDict(frozen=True, from_attributes=True, serialize_by_alias=True)

    from_: Annotated[
        date | None,
        Field(validation_alias=AliasChoices("from", "earliest"), serialization_alias="from"),
    ]
    to: Annotated[date | None, Field(validation_alias=AliasChoices("to", "latest"))]
    precision: fuzzy_date.Precision
    text: str | None
    edtf: str


class SourceIn(Request):
    """A place in a registered document; `quote` is what is printed there, word for word."""

    document: DocumentCode
    locator: Line
    quote: Verbatim | None = None

    def source(self) -> sources.Source:
        """Return the domain value."""
        return sources.Source(self.document, self.locator, self.quote)


class Source(Mirror):
    """Where a fact comes from."""

    document: str
    locator: str
    quote: str | None


class CountIn(Request):
    """A number a source states, how it is meant, and what was counted."""

    subject: Line
    value: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
    qualifier: sources.CountQualifier
    basis: sources.CountBasis
    source: SourceIn

    def count(self) -> sources.Count:
        """Return the domain value."""
        return sources.Count(
            self.subject, self.value, self.qualifier, self.basis, self.source.source()
        )


class Count(Mirror):
    """A number a source states, how it is meant, and what was counted."""

    subject: str
    value: int
    qualifier: sources.CountQualifier
    basis: sources.CountBasis
    source: Source
