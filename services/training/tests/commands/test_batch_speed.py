"""5,000 nominations at once, against bare COPY of the same rows and one validation pass."""

import time
from uuid import uuid4

from make_training import MOLDOVA, opened
from sqlalchemy import func, select

from training.api.bulk_route import Given
from training.api.wire_batch import judged
from training.commands.batch import nominate_batch
from training.domain.batch import Mode
from training.storage.tables import nomination

NUMBER = 5_000


async def test_batch_when_5000_are_sent_then_all_are_stored(fresh_unit, fresh_database):
    event = await opened(fresh_unit, capacity=10)
    items = [
        {"external_id": f"MD-{n}", "event_id": str(event.id), "participant_id": str(uuid4())}
        for n in range(NUMBER)
    ]
    started = time.monotonic()
    sent, flawed = judged([Given(each) for each in items])
    read = time.monotonic()
    report = await nominate_batch(
        fresh_unit, sent, flawed, mode=Mode.ATOMIC, validate_only=False, by=MOLDOVA
    )
    done = time.monotonic()
    assert report.stats["created"] == NUMBER
    async with fresh_unit.read() as look:
        [(stored,)] = await look.rows(select(func.count()).select_from(nomination))
    assert stored == NUMBER
    async with fresh_database.driving() as driver:
        names = [each.name for each in nomination.c if each.name != "eligibility"]
        others = [_other(row) for row in await driver.fetch("TABLE nomination")]
        rows = [tuple(each[name] for name in names) for each in others]
        begun = time.monotonic()
        await driver.copy_records_to_table("nomination", records=rows, columns=names)
        copied = time.monotonic() - begun
    seconds = {"validate": read - started, "store": done - read, "bare copy": copied}
    assert seconds["store"] < 60 * seconds["bare copy"], seconds


def _other(row):
    """Another nomination like it: to delete 5,000 may take longer than a statement has."""
    ids = {"id": uuid4(), "participant_id": uuid4()}
    return dict(row) | ids | {"external_id": f"OTHER-{row['external_id']}"}
