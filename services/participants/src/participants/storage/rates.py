"""Rate sets, their rates and the calculations made from them, as rows."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, insert, or_, select

from kit.auth import EVERYONE
from kit.db.unit import Tx
from participants.domain.estimate import Calculation
from participants.domain.rates import (
    ANY_COUNTRY,
    Completeness,
    Rate,
    RateBook,
    RateSet,
    RateSetStatus,
)
from participants.domain.snapshot import canonical, result_text, snapshot_text
from participants.domain.trip import Trip
from participants.storage.tables import allowance_calculation, rate, rate_set

_SET: Final = (
    rate_set.c.scheme,
    rate_set.c.code,
    rate_set.c.title,
    rate_set.c.legal_reference,
    rate_set.c.effective_from,
    rate_set.c.status,
    rate_set.c.completeness,
    rate_set.c.source,
    rate_set.c.note,
)
_RATE: Final = tuple(rate.c)


def _in_scheme() -> Select[Any]:
    concerns = or_(rate.c.country == bindparam("of_country"), rate.c.country == ANY_COUNTRY)
    joined = rate_set.outerjoin(rate, (rate.c.rate_set == rate_set.c.code) & concerns)
    chosen = select(*_SET, *_RATE).select_from(joined)
    return chosen.where(rate_set.c.scheme == bindparam("of_scheme"))


_IN_SCHEME: Final = _in_scheme()


def in_scheme(scheme: str, country: str) -> Select[Any]:
    """Return the statement for every set of a scheme, with its rates that concern a country."""
    return _IN_SCHEME.params(of_scheme=scheme, of_country=country)


async def book(tx: Tx, scheme: str, country: str) -> RateBook:
    """Return the sets of a scheme and their rates for a country."""
    wanted = {"of_scheme": scheme, "of_country": country}
    return book_of((await tx.sql.execute(_IN_SCHEME, wanted)).all())


def book_of(rows: Sequence[Row[Any]]) -> RateBook:
    """Return what the rows of `in_scheme` say."""
    parts = [(tuple(row)[: len(_SET)], tuple(row)[len(_SET) :]) for row in rows]
    sets = {edition[1]: _set(edition) for edition, _ in parts}
    found = [_rate(values) for _, values in parts if values[0] is not None]
    return RateBook(tuple(sets.values()), tuple(found))


def _set(values: Any) -> RateSet:  # noqa: ANN401 (a slice of a row has no type)
    scheme, code, title, reference, begins, status, completeness, source, note = values
    held = Completeness(completeness)
    return RateSet(
        scheme, code, title, reference, begins, RateSetStatus(status), held, source, note
    )


def _rate(values: Any) -> Rate:  # noqa: ANN401 (a slice of a row has no type)
    code, country, place, *rest = values
    return Rate(code, country, place or None, *rest)


async def checksums(tx: Tx) -> Mapping[str, str]:
    """Return the checksum of every stored set, by code."""
    rows = await tx.sql.execute(select(rate_set.c.code, rate_set.c.checksum))
    return {row[0]: row[1] for row in rows}


def checksum(edition: RateSet, rates: Iterable[Rate]) -> str:
    """Return the SHA-256 of a set and its rates, whatever their order."""
    rows = sorted(canonical(row) for row in rates)
    return hashlib.sha256("\n".join([canonical(edition), *rows]).encode()).hexdigest()


async def add(tx: Tx, set_id: UUID, edition: RateSet, rates: Sequence[Rate], digest: str) -> None:
    """Store a set with its rates; both stay as they are for good."""
    values = asdict(edition) | {"status": edition.status.value}
    values["completeness"] = edition.completeness.value
    record = {"id": set_id, "version": 1, "audience": [EVERYONE], "checksum": digest}
    await tx.sql.execute(insert(rate_set).values(values | record))
    if rates:
        rows = [asdict(row) | {"place": row.place or ""} for row in rates]
        await tx.sql.execute(insert(rate), rows)


async def add_calculations(tx: Tx, made: Sequence[tuple[Trip, Calculation]]) -> None:
    """Store the calculations of trips, each as the revision its trip counts; never changed."""
    if made:
        rows = [_calculation(tx, trip, calculation) for trip, calculation in made]
        await tx.sql.execute(insert(allowance_calculation), rows)


def _calculation(tx: Tx, trip: Trip, calculation: Calculation) -> dict[str, Any]:
    ruleset, total = calculation.ruleset, calculation.result.totals[0]
    return {
        "trip_id": trip.id,
        "revision": trip.revision,
        "ruleset": ruleset.code,
        "ruleset_version": ruleset.version,
        "amount": total.amount,
        "currency": total.currency,
        "snapshot": snapshot_text(
            ruleset.code, ruleset.version, calculation.facts, calculation.pin, calculation.rates
        ),
        "result": result_text(calculation.result),
        "made_at": tx.now,
    }
