"""Rows of exchange rates, of what contracts say of them, and of conversions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.unit import Tx
from programmes.domain.exchange_rates import Publisher, Rate, RateRule, RateTerms
from programmes.domain.rate_terms import (
    ContractTerms,
    Correction,
    NoRateRule,
    RateChanged,
    RecordedConversion,
)
from programmes.storage import values
from programmes.storage.tables_money import (
    conversion,
    exchange_rate,
    exchange_rate_former,
    rate_terms,
)

_r = exchange_rate.c
_KEY: Final = ("publisher", "base", "quote", "valid_from")
_SAID: Final = ("value", "valid_to")
_CHANGED: Final = (*_SAID, "reference", "imported_at")
_Row = dict[str, Any]
_BATCH: Final = 1000
_AROUND: Final = timedelta(days=400)


async def add(tx: Tx, rates: Sequence[Rate], correction: Correction | None) -> tuple[int, int]:
    """Store rates that are new; return how many, and how many were put right.

    Raises RateChanged for another value of a day, unless a correction says why. Rows go in the
    order of their key, so that imports at the same moment wait for one another instead of each
    holding what the other needs.
    """
    stored = corrected = 0
    rows = sorted((_row(rate) | {"imported_at": tx.now} for rate in rates), key=_key)
    for at in range(0, len(rows), _BATCH):
        batch = rows[at : at + _BATCH]
        statement = upsert(exchange_rate).values(batch).on_conflict_do_nothing()
        done = await tx.sql.execute(statement.returning(*(_r[name] for name in _KEY)))
        new = {tuple(row) for row in done}
        stored += len(new)
        known = [row for row in batch if _key(row) not in new]
        wrong = await _wrong(tx, known, lock=correction is not None)
        corrected += await _put_right(tx, wrong, correction)
    return stored, corrected


async def _wrong(tx: Tx, known: Sequence[_Row], *, lock: bool) -> list[tuple[_Row, _Row]]:
    """Return what is on record with another value, beside what is now said of it."""
    if not known:
        return []
    one = known[0]
    chosen = select(exchange_rate).where(
        _r.publisher == one["publisher"],
        _r.valid_from.in_({row["valid_from"] for row in known}),
    )
    if lock:
        chosen = chosen.order_by(*(_r[name] for name in _KEY)).with_for_update()
    found = [dict(row) for row in (await tx.sql.execute(chosen)).mappings()]
    there = {_key(row): row for row in found}
    pairs = [(there[_key(row)], row) for row in known]
    return [(old, row) for old, row in pairs if any(old[name] != row[name] for name in _SAID)]


async def _put_right(
    tx: Tx, wrong: Sequence[tuple[_Row, _Row]], correction: Correction | None
) -> int:
    if not wrong:
        return 0
    if correction is None:
        _, row = wrong[0]
        pair = f"{row['base']} in {row['quote']}"
        raise RateChanged(f"{pair} of {row['valid_from']} has another value on record")
    why = {"replaced_at": tx.now, "reason": correction.reason, "by": correction.by}
    await tx.sql.execute(insert(exchange_rate_former), [{**old, **why} for old, _ in wrong])
    changed = [
        {f"of_{name}": row[name] for name in _KEY} | {name: row[name] for name in _CHANGED}
        for _, row in wrong
    ]
    same = (_r[name] == bindparam(f"of_{name}") for name in _KEY)
    await tx.sql.execute(update(exchange_rate).where(*same), changed)
    return len(wrong)


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _KEY)


def _row(rate: Rate) -> dict[str, Any]:
    return {
        "publisher": rate.publisher.value,
        "base": rate.base,
        "quote": rate.quote,
        "valid_from": rate.valid_from,
        "valid_to": rate.valid_to,
        "value": rate.value,
        "reference": rate.reference,
    }


async def around(tx: Tx, currencies: Iterable[str], days: Sequence[date]) -> list[Rate]:
    """Return the rates of these currencies that rules may look at for these days."""
    named = sorted(currencies)
    chosen = select(exchange_rate).where(
        or_(
            and_(_r.base.in_(named), _r.quote.in_({*named, "EUR", "PLN"})),
            and_(_r.quote.in_(named), _r.base.in_({*named, "EUR", "PLN"})),
        ),
        _r.valid_from.between(min(days) - _AROUND, max(days)),
    )
    return [
        Rate(
            Publisher(row.publisher),
            row.base,
            row.quote,
            row.value.normalize(),
            row.valid_from,
            row.valid_to,
            row.reference,
        )
        for row in await tx.sql.execute(chosen)
    ]


def rate_json(rate: Rate) -> dict[str, str]:
    """Return the copy of a rate that a record keeps."""
    return {
        "publisher": rate.publisher.value,
        "base": rate.base,
        "quote": rate.quote,
        "value": f"{rate.value:f}",
        "valid_from": rate.valid_from.isoformat(),
        "valid_to": rate.valid_to.isoformat(),
        "reference": rate.reference,
    }


def _copied(stored: Mapping[str, str]) -> Rate:
    return Rate(
        Publisher(stored["publisher"]),
        stored["base"],
        stored["quote"],
        Decimal(stored["value"]),
        date.fromisoformat(stored["valid_from"]),
        date.fromisoformat(stored["valid_to"]),
        stored["reference"],
    )


async def set_terms(tx: Tx, programme_id: UUID, terms: ContractTerms) -> None:
    """Store the rule of a contract in the place of the former one."""
    fixed = terms.terms.fixed
    await tx.sql.execute(delete(rate_terms).where(rate_terms.c.programme_id == programme_id))
    await tx.sql.execute(
        insert(rate_terms).values(
            programme_id=programme_id,
            rule=terms.terms.rule,
            fixed=None if fixed is None else rate_json(fixed),
            source=values.source_json(terms.source),
        )
    )


async def terms_of(tx: Tx, programme_id: UUID) -> RateTerms:
    """Return the rule of a contract; raises NoRateRule if none is on record."""
    chosen = select(rate_terms).where(rate_terms.c.programme_id == programme_id)
    row = (await tx.sql.execute(chosen)).first()
    if row is None:
        raise NoRateRule("no rule is assumed")
    return RateTerms(RateRule(row.rule), None if row.fixed is None else _copied(row.fixed))


async def add_conversion(tx: Tx, programme_id: UUID, new: RecordedConversion) -> None:
    """Store a conversion with its rates."""
    done = new.conversion
    await tx.sql.execute(
        insert(conversion).values(
            id=new.id,
            version=new.version,
            audience=sorted(new.audience),
            updated_at=tx.now,
            programme_id=programme_id,
            amount=done.source.amount,
            currency=done.source.currency,
            result=done.result.amount,
            result_currency=done.result.currency,
            rule=done.rule,
            rates=[rate_json(rate) for rate in done.rates],
            cost_on=new.cost_on,
            by=new.by,
        )
    )
