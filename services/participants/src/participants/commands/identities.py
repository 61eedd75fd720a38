"""Who persons are: kept under their own key, told to nobody; facts carry ids alone."""

from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from participants.commands.telling import person_amended
from participants.domain.identity import (
    Affiliation,
    BankAccount,
    DocumentKind,
    Identity,
    IdentityDocument,
)
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
        await duplicates.put_keys(tx, person_id, duplicates.keys(safe, known))
        await duplicates.propose(tx, person_id)
        return await _amended(tx, person, "identity")


async def keep_document(
    unit: Unit,
    safe: Safe,
    person_id: UUID,
    document: IdentityDocument,
    *,
    expected: int,
    by: Caller,
) -> Person:
    """Keep a document in place of the person's former one; who has the same is proposed.

    Refused: NoSuchPerson, StaleVersion, PersonClosed.
    """
    async with unit.begin() as tx:
        person, key, _ = await _open(tx, safe, person_id, expected, by)
        await identities.put_document(tx, safe, key, person_id, document)
        await duplicates.propose(tx, person_id)
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


async def correct_affiliation(
    unit: Unit, safe: Safe, person_id: UUID, said: Affiliation, *, expected: int, by: Caller
) -> Person:
    """Say anew where a person served or serves, in place of what was recorded under this id.

    Others stay as they are. Refused: NoSuchPerson, StaleVersion, PersonClosed, NotKept,
    AffiliationOverlaps, AffiliationEndsBeforeItStarts.
    """
    async with unit.begin() as tx:
        person, key, number = await _open(tx, safe, person_id, expected, by)
        await identities.drop_affiliation(tx, person_id, said.id)
        await identities.add_affiliation(tx, key, person_id, number, said)
        return await _amended(tx, person, "affiliation")


async def withdraw_affiliation(
    unit: Unit, safe: Safe, person_id: UUID, affiliation_id: UUID, *, expected: int, by: Caller
) -> Person:
    """Forget an affiliation that never was. Refused as `correct_affiliation` is."""
    async with unit.begin() as tx:
        person, _, _ = await _open(tx, safe, person_id, expected, by)
        await identities.drop_affiliation(tx, person_id, affiliation_id)
        return await _amended(tx, person, "affiliation")


async def withdraw_document(
    unit: Unit, safe: Safe, person_id: UUID, kind: DocumentKind, *, expected: int, by: Caller
) -> Person:
    """Forget a document that is not the person's, or no more.

    Refused: NoSuchPerson, StaleVersion, PersonClosed, NotKept.
    """
    async with unit.begin() as tx:
        person, _, _ = await _open(tx, safe, person_id, expected, by)
        await identities.drop_document(tx, person_id, kind)
        return await _amended(tx, person, f"document:{kind}")


async def withdraw_account(
    unit: Unit, safe: Safe, person_id: UUID, *, expected: int, by: Caller
) -> Person:
    """Forget where a person is paid, until another account is kept; refused as a document is."""
    async with unit.begin() as tx:
        person, _, _ = await _open(tx, safe, person_id, expected, by)
        await identities.drop_account(tx, person_id)
        return await _amended(tx, person, "bank_account")


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
