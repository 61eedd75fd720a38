"""A nomination and its event, locked together: where seats are given and freed."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from kit.auth import Caller
from kit.db.unit import Hot, Tx
from kit.db.visible import visible_to
from training.domain.errors import NoSuchNomination
from training.domain.nomination import Nomination
from training.domain.training_event import TrainingEvent
from training.storage import nominations, training_events
from training.storage.tables import nomination, training_event

_EVENT: Final = [column.name for column in training_event.c]
_NOMINATION: Final = [column.name for column in nomination.c]
_LOCK: Final = Hot(
    select(*training_event.c, *nomination.c)
    .join_from(nomination, training_event, nomination.c.event_id == training_event.c.id)
    .where(nomination.c.id == bindparam("id"), visible_to(nomination.c.audience))
    .with_for_update(of=[training_event, nomination])
)


async def lock(tx: Tx, nomination_id: UUID, *, by: Caller) -> tuple[TrainingEvent, Nomination]:
    """Lock and return the event of a nomination and the nomination, in that order everywhere.

    Whoever touches seats locks the event first and nominations after it: then no two wait for one
    another. PostgreSQL locks the rows in the order of FOR UPDATE, and gives them as they are once
    locked. Seeing the nomination is enough, since it is what the caller acts on. Raises
    NoSuchNomination.
    """
    row = await tx.hot(_LOCK, id=nomination_id, marks=list(by.audience))
    if row is None:
        raise NoSuchNomination("there is no such nomination")
    of_event = dict(zip(_EVENT, row[: len(_EVENT)], strict=True))
    of_nomination = dict(zip(_NOMINATION, row[len(_EVENT) :], strict=True))
    return training_events.from_row(of_event), nominations.from_row(of_nomination)
