"""Rate sets, their rates and the calculations made from them, as rows."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    any_,
    bindparam,
    insert,
    select,
    update,
)

from kit.auth import EVERYONE
from kit.db.unit import Hot, Tx
from participants.domain.errors import NoSuchRateSet
from participants.domain.estimate import Calculation
from participants.domain.exchange import as_json
from participants.domain.rates import (
    ANY_COUNTRY,
    Completeness,
    Rate,
    RateBook,
    RateSet,
    RateSetStatus,
    StoredSet,
)
from participants.domain.result_text import result_text
from participants.domain.snapshot import canonical, snapshot_text
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
    rate_set.c.corrects,
)
_RATE: Final = tuple(rate.c)


def _in_schemes() -> Select[Any]:
    concerns = rate.c.country == any_(bindparam("of_countries", type_=ARRAY(Text)))
    joined = rate_set.outerjoin(rate, (rate.c.rate_set == rate_set.c.code) & concerns)
    columns: list[ColumnElement[Any]] = [*_SET, *_RATE]
    chosen: Select[Any] = select(*columns).select_from(joined)
    return chosen.where(rate_set.c.scheme == any_(bindparam("of_schemes", type_=ARRAY(Text))))


_IN_SCHEMES: Final = Hot(_in_schemes())
_CALCULATED: Final = insert(allowance_calculation)


def _wanted(schemes: Iterable[str], countries: Iterable[str]) -> dict[str, list[str]]:
    return {"of_schemes": [*schemes], "of_countries": sorted({*countries, ANY_COUNTRY})}


def whole_book() -> Select[Any]:
    """Return the statement for every set with all of its rates, in a fixed order."""
    columns: list[ColumnElement[Any]] = [*_SET, *_RATE]
    joined = rate_set.outerjoin(rate, rate.c.rate_set == rate_set.c.code)
    order = (rate_set.c.code, rate.c.country, rate.c.place, rate.c.valid_from)
    chosen: Select[Any] = select(*columns).select_from(joined)
    return chosen.order_by(*order)


async def book(tx: Tx, schemes: Iterable[str], countries: Iterable[str]) -> RateBook:
    """Return the sets of some schemes and their rates for some countries."""
    return book_of(await tx.hot_rows(_IN_SCHEMES, **_wanted(schemes, countries)))


def book_of(rows: Iterable[Iterable[Any]]) -> RateBook:
    """Return what rows of sets joined with their rates say."""
    parts = [(tuple(row)[: len(_SET)], tuple(row)[len(_SET) :]) for row in rows]
    sets = {edition[1]: _set(edition) for edition, _ in parts}
    found = [_rate(values) for _, values in parts if values[0] is not None]
    return RateBook(tuple(sets.values()), tuple(found))


def _set(values: Any) -> RateSet:  # noqa: ANN401 (a slice of a row has no type)
    scheme, code, title, reference, begins, status, completeness, *rest = values
    held = Completeness(completeness)
    return RateSet(scheme, code, title, reference, begins, RateSetStatus(status), held, *rest)


def _rate(values: Any) -> Rate:  # noqa: ANN401 (a slice of a row has no type)
    code, country, place, *rest, parts = values
    named = tuple((name, Decimal(number)) for name, number in sorted((parts or {}).items()))
    return replace(Rate(code, country, place or None, *rest), parts=named)


async def checksums(tx: Tx) -> Mapping[str, str]:
    """Return the checksum of every stored set, by code."""
    rows = await tx.sql.execute(select(rate_set.c.code, rate_set.c.checksum))
    return {row[0]: row[1] for row in rows}


def checksum(edition: RateSet, rates: Iterable[Rate]) -> str:
    """Return the SHA-256 of a set and its rates, whatever their order.

    Members that came later count only where they say something: older checksums stay true.
    """
    rows = sorted(canonical(row, 2 if row.parts else 1) for row in rates)
    head = canonical(edition, 2 if edition.corrects else 1)
    return hashlib.sha256("\n".join([head, *rows]).encode()).hexdigest()


async def add(tx: Tx, set_id: UUID, edition: RateSet, rates: Sequence[Rate], digest: str) -> None:
    """Store a set with its rates; both stay as they are for good."""
    values = asdict(edition) | {"status": edition.status.value}
    values["completeness"] = edition.completeness.value
    record = {"id": set_id, "version": 1, "audience": [EVERYONE], "checksum": digest}
    await tx.sql.execute(insert(rate_set).values(values | record))
    if rates:
        await tx.sql.execute(insert(rate), [_row(each) for each in rates])


def _row(each: Rate) -> dict[str, Any]:
    parts = {name: f"{number:f}" for name, number in each.parts}
    return asdict(each) | {"place": each.place or "", "parts": parts or None}


async def lock(tx: Tx, code: str) -> StoredSet:
    """Lock and return a stored set, or raise NoSuchRateSet."""
    beside = (rate_set.c.id, rate_set.c.version, rate_set.c.checksum, rate_set.c.published_at)
    columns: list[ColumnElement[Any]] = [*_SET, *beside]
    found = select(*columns).where(rate_set.c.code == code).with_for_update()
    row = (await tx.sql.execute(found)).first()
    if row is None:
        raise NoSuchRateSet("no rate set has this code")
    values = tuple(row)
    set_id, version, digest, published_at = values[len(_SET) :]
    return StoredSet(set_id, version, _set(values[: len(_SET)]), digest, published_at)


async def rows_of(tx: Tx, code: str) -> list[Rate]:
    """Return every rate of a set."""
    columns: list[ColumnElement[Any]] = [*_RATE]
    found = await tx.sql.execute(select(*columns).where(rate.c.rate_set == code))
    return [_rate(tuple(row)) for row in found]


async def save(tx: Tx, stored: StoredSet) -> None:
    """Store the status a locked set has come to; its rates never change."""
    values = {
        "version": stored.version,
        "status": stored.edition.status.value,
        "checksum": stored.checksum,
        "published_at": stored.published_at,
    }
    await tx.sql.execute(update(rate_set).where(rate_set.c.id == stored.id).values(values))


async def add_calculations(tx: Tx, made: Sequence[tuple[Trip, Calculation]]) -> None:
    """Store the calculations of trips, each as the revision its trip counts; never changed."""
    if made:
        rows = [_calculation(tx, trip, calculation) for trip, calculation in made]
        await tx.sql.execute(_CALCULATED, rows)


def _calculation(tx: Tx, trip: Trip, calculation: Calculation) -> dict[str, Any]:
    ruleset, total = calculation.ruleset, trip.estimate or calculation.result.totals[0]
    return {
        "trip_id": trip.id,
        "revision": trip.revision,
        "ruleset": ruleset.code,
        "ruleset_version": ruleset.version,
        "amount": total.amount,
        "currency": total.currency,
        "exchange": as_json(trip.exchange),
        "snapshot": snapshot_text(
            ruleset.code, ruleset.version, calculation.facts, calculation.pin, calculation.rates
        ),
        "result": result_text(calculation.result),
        "made_at": tx.now,
        "rate_sets": sorted({rate.rate_set for rate in calculation.rates}),
    }
