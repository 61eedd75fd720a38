"""Requests that happen once: their keys and what they were answered (API-08)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Final

import asyncpg
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from kit.db.tables import idempotency
from kit.db.unit import Hot, Key, Read, Rendered, Tx, appending
from kit.errors import DomainError, Kind

__all__ = ["KeyReused", "KeyTaken", "Rendered", "RequestInFlight", "RequestKey", "Stored", "find"]
KEPT: Final = timedelta(days=30)
_FIND: Final = Hot(
    select(
        idempotency.c.fingerprint, idempotency.c.status, idempotency.c.headers, idempotency.c.body
    ).where(idempotency.c.client == bindparam("client"), idempotency.c.key == bindparam("key"))
)

_NEW: Final = insert(idempotency).values(
    {column.name: bindparam(f"new_{column.name}") for column in idempotency.c}
)
_CLAIM: Final = Hot(
    _NEW.on_conflict_do_update(
        index_elements=["client", "key"],
        set_={"fingerprint": _NEW.excluded.fingerprint, "at": _NEW.excluded.at},
        where=idempotency.c.at < bindparam("forgotten"),
    ).returning(idempotency.c.key)
)
_SETTLING: Final = (
    update(idempotency)
    .where(idempotency.c.client == bindparam("of_client"), idempotency.c.key == bindparam("of_key"))
    .values({name: bindparam(f"new_{name}") for name in ("status", "headers", "body")})
)
_SETTLE: Final = Hot(_SETTLING)
_SETTLE_AND_TELL: Final = Hot(appending().add_cte(_SETTLING.cte("settled")))


class KeyReused(DomainError):
    """The key came before, with another request."""

    kind = Kind.INVALID
    status: ClassVar[int] = 422
    code = "kit.idempotency_key_reused"
    title = "This Idempotency-Key was used for another request"
    advice = "Use a new key for every new request; repeat a key only with the same request."


class RequestInFlight(DomainError):
    """The same request is being carried out at this moment."""

    kind = Kind.CONFLICT
    code = "kit.request_in_flight"
    title = "The same request is being carried out right now"
    advice = "Wait a second and send it again with the same key to learn its outcome."


class KeyTaken(Exception):
    """Another transaction committed this key first: its stored answer is the answer."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was answered when the request was carried out, and the fingerprint of that request."""

    fingerprint: bytes
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class RequestKey(Key):
    """The key of a request, which belongs to one client, and how to render what it returns.

    A key of a transaction still open makes the claim wait, at most for the lock timeout.
    """

    client: str
    key: str
    fingerprint: bytes
    render: Callable[[Any], Rendered]

    @override
    async def claim(self, tx: Tx) -> None:
        """Take the key, or raise KeyTaken (committed) or RequestInFlight (still open)."""
        mine = {
            "new_client": self.client,
            "new_key": self.key,
            "new_fingerprint": self.fingerprint,
            "new_status": 0,
            "new_headers": "{}",
            "new_body": b"",
            "new_at": tx.now,
            "forgotten": tx.now - KEPT,
        }
        try:
            claimed = await tx.hot(_CLAIM, **mine)
        except asyncpg.LockNotAvailableError as error:
            raise RequestInFlight("the first one has not finished") from error
        if claimed is None:
            raise KeyTaken(self.key)

    @override
    async def settle(self, tx: Tx) -> Rendered:
        """Store the answer with the effect, and what is told about it, in one statement."""
        if not tx.returned:
            raise RuntimeError("a command behind an Idempotency-Key returns through tx.result")
        rendered = self.render(tx.returned[-1])
        answer = {
            "of_client": self.client,
            "of_key": self.key,
            "new_status": rendered.status,
            "new_headers": json.dumps(rendered.headers),
            "new_body": rendered.body,
        }
        facts = tx.take_facts()
        if facts is None:
            await tx.hot(_SETTLE, **answer)
        else:
            await tx.hot(_SETTLE_AND_TELL, **answer, **facts)
        return rendered


async def find(read: Read, client: str, key: str) -> Stored | None:
    """Return what this client's request with this key was answered, if it was carried out."""
    row = await read.hot(_FIND, client=client, key=key)
    if row is None:
        return None
    return Stored(row["fingerprint"], row["status"], json.loads(row["headers"]), row["body"])


async def prune(tx: Tx) -> int:
    """Forget keys older than 30 days; return how many."""
    return (
        await tx.sql.execute(delete(idempotency).where(idempotency.c.at < tx.now - KEPT))
    ).rowcount
