"""Looking at who a person is. A look is written down in the transaction that gives the answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from kit.days import home_day
from kit.db.unit import Tx, Unit
from participants.domain.access import FieldClass, Look, Purpose, documents_open
from participants.domain.identity import Affiliation, Identity, IdentityDocument, hidden, initial
from participants.domain.person import Known, Person
from participants.storage import access, identities, persons
from participants.storage.safe import PersonKey, Safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a look shows. `born` is a date or dots; documents are masked unless `documents_clear`.

    `account` is the end of the account number, never the number.
    """

    person: Person
    fields: FieldClass
    identity: Identity | None
    born: str | None
    documents: Sequence[IdentityDocument]
    account: str | None


async def note_looks(
    unit: Unit, look: Look, shown: Collection[UUID], fields: FieldClass, *, operation: str
) -> None:
    """Write down a look at what was read already; what was read is answered only after that."""
    if not shown:
        return
    async with unit.begin() as tx:
        await access.note(tx, look, shown, fields, operation=operation)


async def look_at_identity(unit: Unit, safe: Safe, person_id: UUID, look: Look) -> Shown:
    """Show who a person is: masked, unless the caller may read identities.

    Documents are shown for travel alone, near a trip, as `documents_open` says.
    Refused: NoSuchPerson.
    """
    async with unit.begin() as tx:
        person, _ = await persons.lock(tx, person_id, by=look.by)
        key = await identities.key_of(tx, safe, person_id)
        shown = _nothing(person) if key is None else await _shown(tx, key, person, look)
        await access.note(tx, look, [person_id], shown.fields, operation="read_identity")
        return tx.result(shown)


def _nothing(person: Person) -> Shown:
    return Shown(
        person=person,
        fields=FieldClass.MASKED,
        identity=None,
        born=None,
        documents=(),
        account=None,
    )


async def _shown(tx: Tx, key: PersonKey, person: Person, look: Look) -> Shown:
    known = await identities.identity_of(tx, key, person.id)
    clear_documents = look.clear and await _near_travel(tx, person.id, look)
    documents = await identities.documents_of(tx, key, person.id)
    born = None if known is None or known.birth_date is None else known.birth_date.isoformat()
    return Shown(
        person=person,
        fields=_class(look, clear_documents=clear_documents),
        identity=known if known is None or look.clear else _masked(known),
        born=born if look.clear else hidden(born),
        documents=documents if clear_documents else [each.masked() for each in documents],
        account=await identities.account_hint_of(tx, key, person.id),
    )


def _class(look: Look, *, clear_documents: bool) -> FieldClass:
    if clear_documents:
        return FieldClass.IDENTITY_AND_DOCUMENTS
    return FieldClass.IDENTITY if look.clear else FieldClass.MASKED


async def _near_travel(tx: Tx, person_id: UUID, look: Look) -> bool:
    if look.purpose is not Purpose.TRAVEL:
        return False
    today = home_day(tx.now)
    return documents_open(today, await identities.days_of_trips(tx, person_id))


def _masked(known: Identity) -> Identity:
    return replace(
        known,
        family_name=initial(known.family_name),
        given_names=initial(known.given_names),
        birth_date=None,
        nationality=hidden(known.nationality),
        email=hidden(known.email),
        phone=hidden(known.phone),
    )


async def look_at_affiliations(
    unit: Unit, safe: Safe, person_id: UUID, look: Look
) -> list[Affiliation]:
    """Show where a person served and serves; ranks only to who may read identities.

    Refused: NoSuchPerson.
    """
    async with unit.begin() as tx:
        await persons.lock(tx, person_id, by=look.by)
        key = await identities.key_of(tx, safe, person_id) if look.clear else None
        found = await identities.affiliations_of(tx, key, person_id)
        await access.note(
            tx, look, [person_id], FieldClass.AFFILIATIONS, operation="read_affiliations"
        )
        return tx.result(found)


async def find_people(
    unit: Unit,
    safe: Safe,
    look: Look,
    *,
    name: str | None,
    email: str | None,
    document_number: str | None,
) -> Sequence[Known]:
    """Find persons by exact values, at most fifty; every one found was looked at."""
    async with unit.begin() as tx:
        found = await identities.search(
            tx, safe, name=name, email=email, number=document_number, by=look.by
        )
        ids = [known.person.id for known in found]
        await access.note(tx, look, ids, FieldClass.FOUND, operation="find_people")
        return tx.result(found)
