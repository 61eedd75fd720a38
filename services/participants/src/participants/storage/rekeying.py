"""Keys of persons put in the place of others: wrapped with another key, indexed with another."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Select, delete, func, select

from kit.db.unit import Tx
from participants.domain.spelling import normal_email, normal_number
from participants.storage import duplicates, identities
from participants.storage.safe import PersonKey, Safe, Wrapped
from participants.storage.tables import person
from participants.storage.tables_people import (
    bank_account,
    dedupe_key,
    identity,
    identity_document,
    person_key,
)

_t: Final = person_key


async def rewrap(tx: Tx, safe: Safe, most: int) -> int:
    """Wrap up to `most` keys again that were wrapped with another key at hand than the current.

    Keys of a version that is not at hand stay as they are; `wrapped_with` tells of them.
    """
    others = safe.versions - {safe.current}
    old = select(*_t.c).where(_t.c.version.in_(others)).order_by(_t.c.person_id).limit(most)
    rows = (await tx.sql.execute(old.with_for_update(skip_locked=True))).mappings().all()
    for row in rows:
        again = safe.rewrap(Wrapped(row["version"], row["wrapped"]), row["person_id"])
        new = {"version": again.version, "wrapped": again.key}
        await tx.sql.execute(_t.update().where(_t.c.person_id == row["person_id"]).values(new))
    return len(rows)


async def wrapped_with(tx: Tx) -> dict[str, int]:
    """Return how many keys of persons are wrapped with each version."""
    return await _counted(tx, _t.c.version)


async def reindex(tx: Tx, safe: Safe, most: int) -> int:
    """Make the blind indexes of up to `most` persons with the current key of the index.

    Whoever somebody else writes at this moment is passed over; `indexed_with` tells of them.
    """
    rows = (await tx.sql.execute(_outdated(safe, most))).all()
    for row in rows:
        key = safe.unwrap(Wrapped(row.version, row.wrapped), row.person_id)
        await _reindex(tx, safe, key, row.person_id)
    return len(rows)


def _outdated(safe: Safe, most: int) -> Select[UUID, str, bytes]:
    """Choose persons by their record, which whoever writes about them locks first."""
    return (
        select(_t.c.person_id, _t.c.version, _t.c.wrapped)
        .join(person, person.c.id == _t.c.person_id)
        .where(_t.c.index_version != safe.index.current, _t.c.version.in_(safe.versions))
        .order_by(_t.c.person_id)
        .limit(most)
        .with_for_update(of=person, skip_locked=True)
    )


async def _reindex(tx: Tx, safe: Safe, key: PersonKey, of: UUID) -> None:
    blind = safe.index.blind
    known = await identities.identity_of(tx, key, of)
    if known is not None:
        email = None if known.email is None else blind("email", normal_email(known.email))
        own = {"name_index": blind("name", known.spelling), "email_index": email}
        await tx.sql.execute(identity.update().where(identity.c.person_id == of).values(own))
        await duplicates.put_keys(tx, of, duplicates.keys(safe, known))
    for document in await identities.documents_of(tx, key, of):
        t = identity_document.c
        mine = (t.person_id == of) & (t.kind == document.kind.value)
        number = blind("document", normal_number(document.number))
        await tx.sql.execute(identity_document.update().where(mine).values(number_index=number))
    account = await identities.account_of(tx, key, of)
    if account is not None:
        iban = {"iban_index": blind("iban", account.iban)}
        theirs = bank_account.c.person_id == of
        await tx.sql.execute(bank_account.update().where(theirs).values(iban))
    now = {"index_version": safe.index.current}
    await tx.sql.execute(_t.update().where(_t.c.person_id == of).values(now))


async def indexed_with(tx: Tx) -> dict[str, int]:
    """Return how many persons have blind indexes of each version of the key."""
    return await _counted(tx, _t.c.index_version)


async def forget_keys(tx: Tx, versions: Sequence[str]) -> int:
    """Remove hashes of names made with versions that nobody is sought by any more."""
    gone = await tx.sql.execute(delete(dedupe_key).where(dedupe_key.c.version.not_in(versions)))
    return gone.rowcount


async def _counted(tx: Tx, column: Column[Any]) -> dict[str, int]:
    rows = await tx.sql.execute(select(column, func.count()).group_by(column))
    return {row[0]: row[1] for row in rows}
