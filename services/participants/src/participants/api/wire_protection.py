"""Answers of data protection: certificates, exports, the access log, retention."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self
from uuid import UUID

from kit.wire import Answer, Flag, Instant, Request
from participants.commands.protection import Export, RetentionRun
from participants.domain import erasure
from participants.domain.chain import Head
from participants.domain.erasure import ErasureGround, HoldGround


class Erasure(Request):
    """Why a person is erased."""

    ground: ErasureGround


class LegalHold(Request):
    """Why a person must not be erased; null lifts the hold."""

    ground: HoldGround | None


class RetentionOrder(Request):
    """Whether only to say who would be erased today."""

    dry_run: Flag


class StoreCount(Answer):
    """Rows of one store that were removed, emptied, or kept without a name."""

    store: str
    removed: int
    emptied: int
    kept: int


class Elsewhere(Answer):
    """A store that is no table of this service, and why nothing of the person is left there."""

    store: str
    because: str


class Certificate(Answer):
    """That a person was erased, with every table of this service and every other store."""

    id: UUID
    person_id: UUID
    public_ref: str
    ground: ErasureGround
    by: str
    at: Instant
    stores: Sequence[StoreCount]
    elsewhere: Sequence[Elsewhere]
    digest: str

    @classmethod
    def of(cls, done: erasure.Certificate) -> Self:
        """Return the wire form."""
        return cls(
            id=done.id,
            person_id=done.person_id,
            public_ref=done.public_ref,
            ground=done.ground,
            by=done.by,
            at=done.at,
            stores=[StoreCount(**_counts(each)) for each in done.stores],
            elsewhere=[
                Elsewhere(store=each.store, because=each.because) for each in erasure.ELSEWHERE
            ],
            digest=done.digest,
        )


def _counts(count: erasure.StoreCount) -> dict[str, Any]:
    return {
        "store": count.store,
        "removed": count.removed,
        "emptied": count.emptied,
        "kept": count.kept,
    }


class PersonExport(Answer):
    """Everything held about a person here; programmes and training hold nothing but the id."""

    id: UUID
    public_ref: str
    made_at: Instant
    stores: dict[str, list[dict[str, Any]]]

    @classmethod
    def of(cls, export: Export) -> Self:
        """Return the wire form."""
        person = export.person
        return cls(
            id=person.id,
            public_ref=person.public_ref,
            made_at=export.made_at,
            stores=export.stores,
        )


class Look(Answer):
    """One look at a person: who, when, what for, which class of fields."""

    at: Instant
    client: str
    subject: str
    organisation: str
    operation: str
    fields: str
    purpose: str
    case_ref: str | None

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 (a row of the access log)
        """Return the wire form."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class AccessLogHead(Answer):
    """Where the chain of the access log ends: the number of looks with a place, and a hash.

    `head` is both, as `verify-access-log --head` takes it. `statement` is the newest head that
    the service signed (a JWS, Ed25519; hourly), null before the first: keep it elsewhere.
    """

    place: int
    hash: str
    head: str
    statement: str | None

    @classmethod
    def of(cls, head: Head, statement: str | None) -> Self:
        """Return the wire form."""
        hashed = head.hash.hex()
        return cls(place=head.place, hash=hashed, head=str(head), statement=statement)


class RetentionRule(Answer):
    """How long a category is kept (ISO 8601 period), from when, and what happens then."""

    category: str
    period: str
    begins: str
    then: str


class RetentionSchedule(Answer):
    """Every category and how long it is kept."""

    items: Sequence[RetentionRule]

    @classmethod
    def now(cls) -> Self:
        """Return the schedule in force."""
        rules = erasure.SCHEDULE
        return cls(
            items=[
                RetentionRule(
                    category=rule.category, period=rule.period, begins=rule.begins, then=rule.then
                )
                for rule in rules
            ]
        )


class DuePerson(Answer):
    """A person whose identity is due; `kept_for` says why it stays, null where it goes."""

    id: UUID
    public_ref: str
    due_on: date
    kept_for: str | None


class Retention(Answer):
    """Who is due, and whether they were erased or would be."""

    on: date
    dry_run: bool
    due: Sequence[DuePerson]
    erased: int

    @classmethod
    def of(cls, run: RetentionRun) -> Self:
        """Return the wire form."""
        due = [
            DuePerson(
                id=each.person_id,
                public_ref=each.public_ref,
                due_on=each.due_on,
                kept_for=run.kept.get(each.public_ref),
            )
            for each in run.due
        ]
        return cls(on=run.on, dry_run=run.dry, due=due, erased=len(run.erased))
