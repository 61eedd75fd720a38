"""Rows of what training told, one for each record that is counted."""

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from kit.db.unit import Tx
from programmes.domain.counted import CountedRecord
from programmes.storage.rows import row_of
from programmes.storage.tables_results import training_count


async def save(tx: Tx, record: CountedRecord) -> None:
    """Store a record as last told; what was told before it changes nothing."""
    row = row_of(record, training_count)
    newer = insert(training_count).values(row)
    await tx.sql.execute(
        newer.on_conflict_do_update(
            index_elements=["record_id"],
            set_={name: newer.excluded[name] for name in row},
            where=training_count.c.sequence < func.coalesce(newer.excluded.sequence, 0),
        )
    )
