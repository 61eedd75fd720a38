"""Data protection: erasure with a certificate, legal hold, export, retention."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from participants.commands.telling import person_amended, person_erased
from participants.commands.trips import cancel_ahead
from participants.domain.access import FieldClass, Look, Purpose
from participants.domain.erasure import (
    Certificate,
    Due,
    Erased,
    ErasureGround,
    HoldGround,
    Kept,
    StoreCount,
)
from participants.domain.person import Person
from participants.storage import access, erasure, exporting, identities, persons, trips
from participants.storage.safe import Safe

AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Everything held about a person, by store."""

    person: Person
    made_at: datetime
    stores: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRun:
    """What a run did, or would do: who is due, who was erased, who stays and why."""

    on: date
    dry: bool
    due: Sequence[Due]
    erased: Sequence[UUID]
    kept: dict[str, Kept]


async def erase_person(
    unit: Unit, person_id: UUID, *, ground: ErasureGround, expected: int, by: Caller
) -> Certificate:
    """Destroy a person's key and all that was sealed with it; the pseudonym and accounts stay.

    Refused: NoSuchPerson, StaleVersion, PersonClosed, ErasureBlocked.
    """
    async with unit.begin() as tx:
        person = await _lock(tx, person_id, by)
        person.must_be_at(expected)
        return tx.result(await _erase(tx, person, ground, by))


async def erase_again(unit: Unit, erased: Erased, by: Caller) -> bool:
    """Erase whom a restored backup brought back, whatever it says of holds, money and trips.

    They were erased when none of these was there. A trip ahead that the backup brought back is
    cancelled, so that its funds are free. Return False where there is nobody to erase.
    """
    async with unit.begin() as tx:
        known = await erasure.still_there(tx, erased.person_id)
        if known:
            person = await _lock(tx, erased.person_id, by)
            ids = await erasure.records_of(tx, person.id)
            await cancel_ahead(tx, ids)
            await _forget(tx, ids, person, erased.ground, by)
        return tx.result(known)


async def _lock(tx: Tx, person_id: UUID, by: Caller) -> Person:
    """Lock a person, before them the records merged into theirs: as a seat that comes in does."""
    _, *merged = await erasure.records_of(tx, person_id)
    await persons.lock_known(tx, merged[::-1])
    person, _ = await persons.lock(tx, person_id, by=by)
    return person


async def _erase(tx: Tx, person: Person, ground: ErasureGround, by: Caller) -> Certificate:
    standing = await identities.standing(tx, person.id)
    standing.must_be_open()
    ids = await erasure.records_of(tx, person.id)
    kept = Kept.LEGAL_HOLD if standing.hold else await _keeping(tx, ids)
    if kept is not None:
        raise kept.refusal()
    return await _forget(tx, ids, person, ground, by)


async def _keeping(tx: Tx, ids: Sequence[UUID]) -> Kept | None:
    """Return what keeps the records of a person: money that is open, then a trip ahead."""
    found = await erasure.open_money(tx, ids)
    if found is None and await trips.not_over(tx, ids, home_day(tx.now)):
        return Kept.TRIP_AHEAD
    return found


async def _forget(
    tx: Tx, ids: Sequence[UUID], person: Person, ground: ErasureGround, by: Caller
) -> Certificate:
    for each in ids:
        await identities.put_standing(tx, each, erased_at=tx.now)
    stores = await erasure.erase(tx, ids)
    certificate = _certificate(tx, person, ground, by, stores)
    await erasure.certify(tx, certificate, _canonical(stores))
    for record in await persons.lock_known(tx, ids):
        gone = record.amended()
        await persons.save(tx, gone)
        tx.tell(person_erased(gone), about=gone)
    return certificate


def _certificate(
    tx: Tx, person: Person, ground: ErasureGround, by: Caller, stores: tuple[StoreCount, ...]
) -> Certificate:
    return Certificate(
        id=uuid7(tx.now),
        person_id=person.id,
        public_ref=person.public_ref,
        ground=ground,
        by=by.subject,
        at=tx.now,
        stores=stores,
        digest=hashlib.sha256(_canonical(stores).encode()).hexdigest(),
    )


def _canonical(stores: Sequence[StoreCount]) -> str:
    return json.dumps([asdict(each) for each in stores], sort_keys=True, separators=(",", ":"))


async def hold_person(
    unit: Unit, person_id: UUID, *, ground: HoldGround | None, expected: int, by: Caller
) -> Person:
    """Forbid erasing a person, or with no ground allow it again.

    Refused: NoSuchPerson, StaleVersion, PersonClosed.
    """
    async with unit.begin() as tx:
        person, _ = await persons.lock(tx, person_id, by=by)
        person.must_be_at(expected)
        (await identities.standing(tx, person_id)).must_be_open()
        held_at = None if ground is None else tx.now
        hold = None if ground is None else ground.value
        await identities.put_standing(tx, person_id, hold=hold, held_at=held_at)
        held = person.amended()
        await persons.save(tx, held)
        tx.tell(person_amended(held, "legal_hold"), about=held)
        return tx.result(held)


async def export_person(unit: Unit, safe: Safe, person_id: UUID, look: Look) -> Export:
    """Give everything held about a person, for the person to read; the look is logged first.

    Refused: NoSuchPerson.
    """
    async with unit.begin() as tx:
        person, _ = await persons.lock(tx, person_id, by=look.by)
        await access.note(tx, look, [person_id], FieldClass.EVERYTHING, operation="export")
        ids = await erasure.records_of(tx, person_id)
        keys = {each: await identities.key_of(tx, safe, each) for each in ids}
        stores = await exporting.everything(tx, keys)
        return tx.result(Export(person=person, made_at=tx.now, stores=stores))


async def run_retention(unit: Unit, *, dry: bool, by: Caller) -> RetentionRun:
    """Erase who is due today, up to 200 at once; dry, only say who it would be.

    Who is held, has money open or a trip ahead, stays and is named with the reason.
    """
    async with unit.begin() as tx:
        today = home_day(tx.now)
        found = await erasure.due(tx, today, AT_ONCE, by=by)
        look = Look(by, Purpose.DATA_PROTECTION)
        ids = [each.person_id for each in found]
        await access.note(tx, look, ids, FieldClass.RECORD, operation="run_retention")
        erased, kept = [], {}
        for each in found:
            reason = await _kept_for(tx, each)
            if reason is not None:
                kept[each.public_ref] = reason
            elif not dry:
                person = await _lock(tx, each.person_id, by)
                await _erase(tx, person, ErasureGround.RETENTION, by)
                erased.append(each.person_id)
        return tx.result(RetentionRun(on=today, dry=dry, due=found, erased=erased, kept=kept))


async def _kept_for(tx: Tx, due: Due) -> Kept | None:
    if due.hold is not None:
        return Kept.LEGAL_HOLD
    return await _keeping(tx, await erasure.records_of(tx, due.person_id))
