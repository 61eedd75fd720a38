"""Values shared by requests and answers: uncertain dates, sources, counts."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints

from kit.wire import VERBATIM, Answer, Line, Request, Verbatim
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


class FuzzyDate(Answer):
    """A day from `from` to `to`; both null if no source states it. `text` is as printed."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True, validate_by_name=True)

    from_: date | None = Field(alias="from")
    to: date | None
    precision: Literal["day", "month", "quarter", "year", "approx", "unknown"]
    text: str | None
    edtf: str

    @classmethod
    def of(cls, it: fuzzy_date.FuzzyDate) -> Self:
        """Return the wire form of a date."""
        return cls(
            from_=it.earliest,
            to=it.latest,
            precision=it.precision.value,
            text=it.text,
            edtf=it.edtf,
        )


class SourceIn(Request):
    """A place in a registered document; `quote` is what is printed there, word for word."""

    document: DocumentCode
    locator: Line
    quote: Verbatim | None = None

    def source(self) -> sources.Source:
        """Return the domain value."""
        return sources.Source(self.document, self.locator, self.quote)


class Source(Answer):
    """Where a fact comes from."""

    document: str
    locator: str
    quote: str | None

    @classmethod
    def of(cls, it: sources.Source) -> Self:
        """Return the wire form of a source."""
        return cls(document=it.document, locator=it.locator, quote=it.quote)


def source_of(it: sources.Source | None) -> Source | None:
    """Return the wire form of a source that may be missing."""
    return None if it is None else Source.of(it)


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


class Count(Answer):
    """A number a source states, how it is meant, and what was counted."""

    subject: str
    value: int
    qualifier: sources.CountQualifier
    basis: sources.CountBasis
    source: Source

    @classmethod
    def of(cls, it: sources.Count) -> Self:
        """Return the wire form of a count."""
        return cls(
            subject=it.subject,
            value=it.value,
            qualifier=it.qualifier,
            basis=it.basis,
            source=Source.of(it.source),
        )
