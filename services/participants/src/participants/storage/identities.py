"""Who persons are, as rows of ciphertext; opened here and nowhere else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Delete, RowMapping, Table, bindparam, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Hot, Tx
from kit.db.visible import visible
from kit.ids import uuid7
from participants.domain.errors import NotKept, PersonClosed
from participants.domain.identity import (
    Affiliation,
    BankAccount,
    DocumentKind,
    Identity,
    IdentityDocument,
)
from participants.domain.person import Known, PersonStanding
from participants.domain.spelling import normal_email, normal_number, spelled
from participants.domain.trip import TripState
from participants.storage import persons
from participants.storage.safe import PersonKey, Place, Safe, Wrapped
from participants.storage.standings import merged_into as merged
from participants.storage.standings import standing as standing_of
from participants.storage.tables import person, trip
from participants.storage.tables_people import (
    affiliation,
    bank_account,
    identity,
    identity_document,
    person_key,
    person_standing,
)

Sealing = Callable[[str, str | None], bytes | None]
_MOST_FOUND: Final = 50
MIXED: Final = "mixed"
_decided = person_standing.c
_STANDING: Final = Hot(
    select(_decided.hold, _decided.erased_at, _decided.merged_into).where(
        _decided.person_id == bindparam("person")
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was decided about a record; nothing about most."""

    hold: str | None = None
    erased: bool = False
    merged_into: UUID | None = None

    def must_be_open(self) -> None:
        """Raise PersonClosed if nothing can be added to the record."""
        if self.erased or self.merged_into is not None:
            into = None if self.merged_into is None else str(self.merged_into)
            raise PersonClosed("the record is closed", merged_into=into)


async def standing(tx: Tx, person_id: UUID) -> Standing:
    """Return what was decided about a record."""
    row = await tx.hot(_STANDING, person=person_id)
    return Standing() if row is None else Standing(row[0], row[1] is not None, row[2])


async def merged_into(tx: Tx, person_id: UUID) -> list[UUID]:
    """Return the records that were merged into one, by themselves."""
    t = person_standing.c
    rows = await tx.sql.execute(
        select(t.person_id).where(t.merged_into == person_id).order_by(t.person_id)
    )
    return list(rows.scalars())


async def put_standing(tx: Tx, person_id: UUID, **decided: object) -> None:
    """Note a decision about a record."""
    new = insert(person_standing).values(person_id=person_id, **decided)
    await tx.sql.execute(new.on_conflict_do_update(index_elements=["person_id"], set_=decided))


async def key_of(tx: Tx, safe: Safe, person_id: UUID) -> PersonKey | None:
    """Open a person's data key; None where nothing about them is kept."""
    t = person_key.c
    statement = select(t.version, t.wrapped).where(t.person_id == person_id)
    row = (await tx.sql.execute(statement)).first()
    return None if row is None else safe.unwrap(Wrapped(row[0], row[1]), person_id)


async def made_key(tx: Tx, safe: Safe, person_id: UUID) -> PersonKey:
    """Open a person's data key, making it first if there is none; the person is locked."""
    known = await key_of(tx, safe, person_id)
    if known is not None:
        await _mark_mixed(tx, safe, person_id)
        return known
    key, wrapped = safe.new_key(person_id)
    row = {
        "person_id": person_id,
        "version": wrapped.version,
        "wrapped": wrapped.key,
        "index_version": safe.index.current,
    }
    await tx.sql.execute(insert(person_key).values(row))
    return key


async def _mark_mixed(tx: Tx, safe: Safe, person_id: UUID) -> None:
    """Note that what is written now is indexed with another key than what was written before."""
    t = person_key
    other = (t.c.person_id == person_id) & t.c.index_version.not_in([safe.index.current, MIXED])
    await tx.sql.execute(t.update().where(other).values(index_version=MIXED))


async def put_identity(tx: Tx, safe: Safe, key: PersonKey, of: UUID, known: Identity) -> None:
    """Keep a person's names and contacts in place of the former ones."""
    sealed = _sealing(key, identity, of)
    born = None if known.birth_date is None else known.birth_date.isoformat()
    email = known.email
    values = {
        "family_name": sealed("family_name", known.family_name),
        "given_names": sealed("given_names", known.given_names),
        "birth_date": sealed("birth_date", born),
        "nationality": sealed("nationality", known.nationality),
        "email": sealed("email", email),
        "phone": sealed("phone", known.phone),
        "name_index": safe.index.blind("name", known.spelling),
        "email_index": None if email is None else safe.index.blind("email", normal_email(email)),
    }
    new = insert(identity).values(person_id=of, recorded_on=home_day(tx.now), **values)
    await tx.sql.execute(new.on_conflict_do_update(index_elements=["person_id"], set_=values))


async def identity_of(tx: Tx, key: PersonKey, of: UUID) -> Identity | None:
    """Return a person's names and contacts."""
    row = await _first(tx, identity, of)
    if row is None:
        return None
    opened = _opening(key, identity, of, row)
    born = opened("birth_date")
    return Identity(
        family_name=opened("family_name") or "",
        given_names=opened("given_names") or "",
        birth_date=None if born is None else date.fromisoformat(born),
        nationality=opened("nationality"),
        email=opened("email"),
        phone=opened("phone"),
    )


async def put_document(
    tx: Tx, safe: Safe, key: PersonKey, of: UUID, document: IdentityDocument
) -> None:
    """Keep a document in place of the person's former one of this kind."""
    t = identity_document
    gone = delete(t).where(t.c.person_id == of, t.c.kind == document.kind.value)
    await tx.sql.execute(gone)
    row_id = uuid7(tx.now)
    sealed = _sealing(key, t, row_id)
    expires = None if document.expires_on is None else document.expires_on.isoformat()
    row = {
        "id": row_id,
        "person_id": of,
        "kind": document.kind.value,
        "number": sealed("number", document.number),
        "issuer": sealed("issuer", document.issuer),
        "expires_on": sealed("expires_on", expires),
        "number_index": safe.index.blind("document", normal_number(document.number)),
    }
    await tx.sql.execute(insert(t).values(row))


async def drop_document(tx: Tx, of: UUID, kind: DocumentKind) -> None:
    """Forget a person's document of a kind; raises NotKept."""
    t = identity_document
    await _drop(tx, delete(t).where(t.c.person_id == of, t.c.kind == kind.value))


async def drop_account(tx: Tx, of: UUID) -> None:
    """Forget where a person is paid; raises NotKept."""
    await _drop(tx, delete(bank_account).where(bank_account.c.person_id == of))


async def drop_affiliation(tx: Tx, of: UUID, affiliation_id: UUID) -> None:
    """Forget that a person served somewhere; raises NotKept."""
    t = affiliation
    await _drop(tx, delete(t).where(t.c.person_id == of, t.c.id == affiliation_id))


async def _drop(tx: Tx, gone: Delete) -> None:
    if (await tx.sql.execute(gone)).rowcount == 0:
        raise NotKept("there is no such entry of the person")


async def documents_of(tx: Tx, key: PersonKey, of: UUID) -> list[IdentityDocument]:
    """Return a person's documents."""
    t = identity_document
    rows = await tx.sql.execute(select(*t.c).where(t.c.person_id == of).order_by(t.c.kind))
    return [_document(key, row) for row in rows.mappings()]


def _document(key: PersonKey, row: RowMapping) -> IdentityDocument:
    opened = _opening(key, identity_document, row["id"], row)
    expires = opened("expires_on")
    return IdentityDocument(
        kind=DocumentKind(row["kind"]),
        number=opened("number") or "",
        issuer=opened("issuer") or "",
        expires_on=None if expires is None else date.fromisoformat(expires),
    )


async def put_account(tx: Tx, safe: Safe, key: PersonKey, of: UUID, account: BankAccount) -> None:
    """Keep where a person is paid, in place of the former account."""
    await tx.sql.execute(delete(bank_account).where(bank_account.c.person_id == of))
    row_id = uuid7(tx.now)
    sealed = _sealing(key, bank_account, row_id)
    row = {
        "id": row_id,
        "person_id": of,
        "holder": sealed("holder", account.holder),
        "iban": sealed("iban", account.iban),
        "bic": sealed("bic", account.bic),
        "hint": sealed("hint", account.hint),
        "iban_index": safe.index.blind("iban", account.iban),
    }
    await tx.sql.execute(insert(bank_account).values(row))


async def account_hint_of(tx: Tx, key: PersonKey, of: UUID) -> str | None:
    """Return the end of the number of the account; the number itself stays closed."""
    row = await _first(tx, bank_account, of)
    return None if row is None else _opening(key, bank_account, row["id"], row)("hint")


async def account_of(tx: Tx, key: PersonKey, of: UUID) -> BankAccount | None:
    """Return where a person is paid: for a payment, or for the person themselves."""
    row = await _first(tx, bank_account, of)
    if row is None:
        return None
    opened = _opening(key, bank_account, row["id"], row)
    holder, iban = opened("holder") or "", opened("iban") or ""
    return BankAccount(holder=holder, iban=iban, bic=opened("bic"))


async def add_affiliation(tx: Tx, key: PersonKey, of: UUID, number: int, new: Affiliation) -> None:
    """Add where a person serves; overlapping days break `affiliation_overlaps`."""
    sealed = _sealing(key, affiliation, new.id)
    row = {
        "id": new.id,
        "person_id": of,
        "person_number": number,
        "organisation": new.organisation,
        "unit_code": new.unit_code,
        "rank": sealed("rank", new.rank),
        "function": sealed("function", new.function),
        "valid_from": new.valid_from,
        "valid_to": new.valid_to,
    }
    await tx.sql.execute(insert(affiliation).values(row))


async def end_affiliation(tx: Tx, of: UUID, day: date) -> None:
    """Let the affiliation without an end, begun before `day`, end there."""
    t = affiliation
    still = (t.c.person_id == of) & t.c.valid_to.is_(None) & (t.c.valid_from < day)
    await tx.sql.execute(t.update().where(still).values(valid_to=day))


async def affiliations_of(tx: Tx, key: PersonKey | None, of: UUID) -> list[Affiliation]:
    """Return where a person served and serves, the first first."""
    t = affiliation
    rows = await tx.sql.execute(select(*t.c).where(t.c.person_id == of).order_by(t.c.valid_from))
    return [_affiliation(key, row) for row in rows.mappings()]


def _affiliation(key: PersonKey | None, row: RowMapping) -> Affiliation:
    opened = None if key is None else _opening(key, affiliation, row["id"], row)
    return Affiliation(
        id=row["id"],
        organisation=row["organisation"],
        unit_code=row["unit_code"],
        rank=None if opened is None else opened("rank"),
        function=None if opened is None else opened("function"),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
    )


async def days_of_trips(tx: Tx, of: UUID) -> list[tuple[date, date]]:
    """Return first and last day of each trip of a person that was not cancelled."""
    t = trip.c
    statement = select(t.first_day, func.coalesce(t.last_day, t.first_day)).where(
        t.person_id == of, t.state != TripState.CANCELLED.value, t.first_day.is_not(None)
    )
    rows = await tx.sql.execute(statement)
    return [(first, last) for first, last in rows if first is not None and last is not None]


async def search(
    tx: Tx, safe: Safe, *, name: str | None, email: str | None, number: str | None, by: Caller
) -> Sequence[Known]:
    """Find persons the caller may see by exact values: every one given must fit."""
    became = standing_of().label("standing"), merged(partial(visible, caller=by)).label("into")
    found = select(*person.c, *became).where(visible(person.c.audience, by))
    sought = (
        (identity, identity.c.name_index, "name", name and spelled(name)),
        (identity, identity.c.email_index, "email", email and normal_email(email)),
        (
            identity_document,
            identity_document.c.number_index,
            "document",
            number and normal_number(number),
        ),
    )
    for table, column, kind, value in sought:
        if value is not None:
            found = found.where(_has(table, column, safe.index.in_all(kind, value)))
    rows = await tx.sql.execute(found.order_by(person.c.id).limit(_MOST_FOUND))
    return [
        Known(persons.from_row(row), PersonStanding(row["standing"]), row["into"])
        for row in rows.mappings()
    ]


def _has(table: Table, column: Any, wanted: Mapping[str, bytes]) -> Any:  # noqa: ANN401 (a column, a condition)
    return exists().where(table.c.person_id == person.c.id, column.in_(wanted.values()))


async def _first(tx: Tx, table: Table, of: UUID) -> RowMapping | None:
    statement = select(*table.c).where(table.c.person_id == of)
    return (await tx.sql.execute(statement)).mappings().first()


def _sealing(key: PersonKey, table: Table, row: UUID) -> Sealing:
    def sealed(column: str, text: str | None) -> bytes | None:
        return None if text is None else key.seal(text, Place(table.name, column, row))

    return sealed


def _opening(
    key: PersonKey, table: Table, row_id: UUID, row: RowMapping
) -> Callable[[str], str | None]:
    def opened(column: str) -> str | None:
        found = row[column]
        return None if found is None else key.open(found, Place(table.name, column, row_id))

    return opened
