"""The access log: one row per person looked at, never changed, waiting for its place (chain.py)."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select

from kit.db.unit import Tx
from participants.domain.access import FieldClass, Look
from participants.storage.tables_people import access_log, access_waiting

UNSTATED: Final = "unstated"


async def note(
    tx: Tx, look: Look, persons: Iterable[UUID], fields: FieldClass, *, operation: str
) -> None:
    """Write down who looks at which persons; it commits with the look, or there is no look."""
    row = {
        "at": tx.now,
        "client": look.by.client,
        "subject": look.by.subject,
        "organisation": look.by.organisation,
        "operation": operation,
        "fields": fields.value,
        "purpose": UNSTATED if look.purpose is None else look.purpose.value,
        "case_ref": look.case_ref,
    }
    rows = [row | {"person_id": person_id} for person_id in persons]
    if rows:
        written = insert(access_log).values(rows).returning(access_log.c.id).cte("written")
        await tx.sql.execute(insert(access_waiting).from_select(["look_id"], select(written.c.id)))
