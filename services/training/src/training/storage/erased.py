"""Participants who were erased: their ids alone, so that nobody is nominated under one again."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, Uuid, any_, bindparam, select, text, union
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kit.db.unit import Hot, Tx
from training.domain.expert import AssignmentStatus
from training.domain.nomination import OUTCOMES, UNDONE
from training.domain.training_event import HELD
from training.storage.tables import nomination, training_event
from training.storage.tables_attendance import expert_assignment
from training.storage.tables_seats import erased_participant as t

# Locks are shared by groups of ids: a batch of 5,000 takes 256 of them at most.
_GROUPS: Final = 256
_SPACE: Final = 36
_HOLD: Final = text(
    "SELECT pg_advisory_xact_lock_shared(:space, each) FROM unnest(:groups) AS g(each)"
).bindparams(bindparam("groups", type_=ARRAY(Integer)))
_AMONG: Final = Hot(
    select(t.c.participant_id).where(
        t.c.participant_id == any_(bindparam("ids", type_=ARRAY(Uuid)))
    )
)
_TAKE: Final = text("SELECT pg_advisory_xact_lock(:space, :group)")
_OVER: Final = sorted(status.value for status in UNDONE | OUTCOMES)
_HELD: Final = sorted(status.value for status in HELD)


async def hold(tx: Tx, people: Iterable[UUID]) -> set[UUID]:
    """Let none of these be erased until the transaction ends; return those who were."""
    wanted = list(people)
    await lock(tx, groups_of(wanted))
    return await among(tx, wanted)


def groups_of(people: Iterable[UUID]) -> list[int]:
    """Return the groups that these belong to, in the order in which they are locked."""
    return sorted({each.int % _GROUPS for each in people})


async def lock(tx: Tx, groups: Sequence[int]) -> None:
    """Let nobody of these groups be erased until the transaction ends."""
    await tx.sql.execute(_HOLD, {"space": _SPACE, "groups": groups})


async def among(tx: Tx, people: Sequence[UUID]) -> set[UUID]:
    """Return those of these who were erased."""
    return {row["participant_id"] for row in await tx.hot_rows(_AMONG, ids=people)}


async def note(tx: Tx, participant_id: UUID) -> None:
    """Remember that somebody was erased, once whoever is nominating them now is done."""
    group = participant_id.int % _GROUPS
    await tx.sql.execute(_TAKE, {"space": _SPACE, "group": group})
    new = insert(t).values(participant_id=participant_id)
    await tx.sql.execute(new.on_conflict_do_nothing())


async def events_ahead(tx: Tx, participant_id: UUID) -> Sequence[UUID]:
    """Return the events not held yet that await somebody, in the order in which they are locked."""
    n, x, e = nomination.c, expert_assignment.c, training_event.c
    awaited = select(n.event_id).where(n.participant_id == participant_id, n.status.not_in(_OVER))
    assigned = select(x.event_id).where(
        x.participant_id == participant_id, x.status == AssignmentStatus.ASSIGNED.value
    )
    events = union(awaited, assigned).subquery()
    ahead = select(e.id).where(e.id.in_(select(events)), e.status.not_in(_HELD)).order_by(e.id)
    return list((await tx.sql.execute(ahead)).scalars())
