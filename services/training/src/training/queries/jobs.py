"""Reading jobs; everybody sees those that the same person or system sent in, and no others."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from kit.auth import Caller
from kit.db import paging
from kit.db.paging import Page
from kit.db.unit import Unit
from training.domain.errors_jobs import JobUnfinished, NoSuchJob
from training.domain.job import Job
from training.storage.jobs import BRIEF, job_of
from training.storage.tables_jobs import job as t


async def one(unit: Unit, job_id: UUID, *, by: Caller) -> Job:
    """Return a job of the caller's without the report on each item, or raise NoSuchJob."""
    return await _read(unit, select(*BRIEF), job_id, by=by)


async def finished(unit: Unit, job_id: UUID, *, by: Caller) -> Job:
    """Return a job that has ended with its whole report, or raise NoSuchJob or JobUnfinished."""
    found = await _read(unit, select(*t.c), job_id, by=by)
    if not found.finished:
        raise JobUnfinished(f"the job is `{found.state.value}`", state=found.state.value)
    return found


async def listed(unit: Unit, *, limit: int, after: str | None, by: Caller) -> Page[Job]:
    """Return a page of the caller's jobs, the newest first."""
    statement = select(*BRIEF).where(*_own(by))
    asked = paging.Asked(by.client, after, limit, {"subject": by.subject})
    async with unit.read() as read:
        found = await paging.page(read, statement, by=[t.c.id], asked=asked, descending=True)
    return found.map(lambda row: job_of(row._mapping))  # noqa: SLF001 (public)


async def _read(unit: Unit, statement: Select[Any], job_id: UUID, *, by: Caller) -> Job:
    async with unit.read() as read:
        row = await read.first(statement.where(t.c.id == job_id, *_own(by)))
    if row is None:
        raise NoSuchJob("there is no such job")
    return job_of(row._mapping)  # noqa: SLF001 (public; keeps columns apart)


def _own(by: Caller) -> list[ColumnElement[bool]]:
    return [t.c.client == by.client, t.c.subject == by.subject]
