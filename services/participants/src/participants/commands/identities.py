"""Who persons are: kept under their own key, told to nobody; facts carry ids alone."""

from collections.abc import Iterator
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from participants.commands.telling import person_amended
from participants.domain.identity import Affiliation, BankAccount, Identity, IdentityDocument
from participants.domain.person import Person
from participants.storage import duplicates, identities, persons
from participants.storage.safe import PersonKey, Safe


async def keep_identity(
    unit: Unit, safe: Safe, person_id: UUID, known: Identity, *, expected: int, by: Caller
) -> Person:
    """Keep a person's names and contacts; whoever may be the same person is proposed.

    Refused: NoSuchPerson, StaleVersion, PersonClosed.
    """
    async with unit.begin() as tx:
        person, key, _ = await _open(tx, safe, person_id, expected, by)
        await identities.put_identity(tx, safe, key, person_id, known)
        await duplicates.put_keys(tx, person_id, _dedupe_keys(safe, known))
        await duplicates.propose(tx, person_id)
        return await _amended(tx, person, "identity")


def _dedupe_keys(safe: Safe, known: Identity) -> Iterator[tuple[str, bytes]]:
    yield "spelling", safe.blind("dedupe:spelling", known.spelling)
    yield "sound", safe.blind("dedupe:sound", known.sound)
    if known.birth_date is not None:
        born = known.birth_date.isoformat()
        yield duplicates.BORN, safe.blind("dedupe:born", born)


async def keep_document(
    unit: Unit,
    safe: Safe,
    person_id: UUID,
    document: IdentityDocument,
    *,
    expected: int,
    by: Caller,
) -> Person:
    """Keep a document in place of the person's former one of this kind.

    Refused: NoSuchPerson, StaleVersion, PersonClosed.
    """
    async with unit.begin() as tx:
        person, key, _ = await _open(tx, safe, person_id, expected, by)
        await identities.put_document(tx, safe, key, person_id, document)
        return await _amended(tx, person, f"document:{document.kind}")


async def keep_account(
    unit: Unit, safe: Safe, person_id: UUID, account: BankAccount, *, expected: int, by: Caller
) -> Person:
    """Keep where a person is paid. Refused: NoSuchPerson, StaleVersion, PersonClosed."""
    async with unit.begin() as tx:
        person, key, _ = await _open(tx, safe, person_id, expected, by)
        await identities.put_account(tx, safe, key, person_id, account)
        return await _amended(tx, person, "bank_account")


async def affiliate(
    unit: Unit, safe: Safe, person_id: UUID, new: Affiliation, *, expected: int, by: Caller
) -> Person:
    """Note where a person serves from a day on; where they served until then ends there.

    Refused: NoSuchPerson, StaleVersion, PersonClosed, AffiliationOverlaps,
    AffiliationEndsBeforeItStarts.
    """
    async with unit.begin() as tx:
        person, key, number = await _open(tx, safe, person_id, expected, by)
        await identities.end_affiliation(tx, person_id, new.valid_from)
        await identities.add_affiliation(tx, key, person_id, number, new)
        return await _amended(tx, person, "affiliation")


async def rewrap_keys(unit: Unit, safe: Safe, *, most: int = 500) -> int:
    """Wrap the keys of persons with the current key; return how many were wrapped with another.

    What is sealed stays as it is, so that readers and writers go on meanwhile. Each call is a
    transaction of its own: whatever stops between two of them, the next one goes on.
    """
    async with unit.begin() as tx:
        return tx.result(await identities.rewrap(tx, safe, most))


async def keys_in_use(unit: Unit) -> dict[str, int]:
    """Return how many keys of persons are wrapped with each version."""
    async with unit.begin() as tx:
        return tx.result(await identities.wrapped_with(tx))


async def _open(
    tx: Tx, safe: Safe, person_id: UUID, expected: int, by: Caller
) -> tuple[Person, PersonKey, int]:
    person, number = await persons.lock(tx, person_id, by=by)
    person.must_be_at(expected)
    (await identities.standing(tx, person_id)).must_be_open()
    return person, await identities.made_key(tx, safe, person_id), number


async def _amended(tx: Tx, person: Person, what: str) -> Person:
    amended = person.amended()
    await persons.save(tx, amended)
    tx.tell(person_amended(amended, what), about=amended)
    return tx.result(amended)
