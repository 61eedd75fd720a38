"""Parts that several tables hold alike: fuzzy dates, counts and sources as columns or JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from kit.db.rows import ByName
from training.domain.figures import Basis, Count, Qualifier, Source
from training.domain.fuzzy_date import FuzzyDate, Precision


def count_json(count: Count | None) -> dict[str, Any] | None:
    """Return a count as its JSON object."""
    if count is None:
        return None
    return {
        "value": count.value,
        "qualifier": count.qualifier.value,
        "basis": count.basis.value,
    }


def count_of(stored: Mapping[str, Any] | None) -> Count | None:
    """Return the count of a JSON object."""
    if stored is None:
        return None
    return Count(stored["value"], Qualifier(stored["qualifier"]), Basis(stored["basis"]))


def source_json(source: Source) -> dict[str, Any]:
    """Return a source as its JSON object."""
    return {"document": source.document, "locator": source.locator, "quote": source.quote}


def sources_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    """Return the sources of a JSON array."""
    return tuple(Source(each["document"], each["locator"], each["quote"]) for each in stored)


def date_columns(dates: FuzzyDate) -> dict[str, Any]:
    """Return a fuzzy date as its five columns."""
    return {
        "starts_on": dates.earliest,
        "ends_on": dates.latest,
        "date_precision": dates.precision.value,
        "date_text": dates.text,
        "date_edtf": dates.edtf,
    }


def dates_of(row: ByName) -> FuzzyDate:
    """Return the fuzzy date of a row that has the five columns."""
    return FuzzyDate(
        row["starts_on"],
        row["ends_on"],
        Precision(row["date_precision"]),
        row["date_text"],
        row["date_edtf"],
    )
