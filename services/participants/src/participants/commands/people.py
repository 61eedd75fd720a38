"""People, under pseudonyms."""

from collections.abc import Sequence
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Unit
from kit.errors import InvalidInput, Violation
from kit.ids import uuid7
from participants.commands.telling import person_amended, person_registered
from participants.domain.person import Person, registered, role_of
from participants.storage import identities, persons


async def register_person(
    unit: Unit,
    *,
    organisation: str,
    country: str,
    unit_code: str | None,
    role: str,
    synthetic: bool = False,
    by: Caller,
) -> Person:
    """Make a person known under a pseudonym; no name and no contact is taken.

    A caller who does not see all records registers people of their own organisation.
    Refused: VictimDataForbidden, PersonInvalid, InvalidInput.
    """
    known_role = role_of(role)
    async with unit.begin() as tx:
        person = registered(
            uuid7(tx.now),
            organisation=organisation,
            country=country,
            unit_code=unit_code,
            role=known_role,
            synthetic=synthetic,
        )
        _must_be_of(person, by)
        await persons.add(tx, person)
        tx.tell(person_registered(person), about=person)
        return tx.result(person)


async def change_sender(
    unit: Unit,
    *,
    person_id: UUID,
    organisation: str,
    country: str,
    unit_code: str | None,
    expected: int,
    by: Caller,
) -> Person:
    """Say who sends a person from now on; the former organisation no longer sees the record.

    Trips stay with the organisation that sent the person on them. A caller who does not see all
    records cannot hand people over to another organisation.
    Refused: NoSuchPerson, StaleVersion, PersonClosed, InvalidInput.
    """
    async with unit.begin() as tx:
        former, _ = await persons.lock(tx, person_id, by=by)
        former.must_be_at(expected)
        (await identities.standing(tx, person_id)).must_be_open()
        sent = former.sent_by(organisation, country, unit_code)
        _must_be_of(sent, by)
        await persons.save(tx, sent)
        lost = former.audience - sent.audience
        tx.tell(person_amended(sent, "sender"), about=sent, lost=lost)
        return tx.result(sent)


def _must_be_of(person: Person, by: Caller) -> None:
    if not person.audience & by.audience:
        violation = Violation("/organisation", "not_yours", "must be your own organisation")
        raise InvalidInput("people are registered by their sender", errors=[violation])


async def register_people(unit: Unit, people: Sequence[Person]) -> int:
    """Make many persons known at once; those known already stay as they are. Return how many."""
    async with unit.begin() as tx:
        added = await persons.add_missing(tx, people)
        for person in people:
            if person.id in added:
                tx.tell(person_registered(person), about=person)
        return tx.result(len(added))
