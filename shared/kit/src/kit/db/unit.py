"""Unit makes transactions: the one place where work begins and commits."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Protocol, Self, TypeVar, TypeVarTuple, cast
from uuid import UUID

import asyncpg
from sqlalchemy import (
    JSON,
    DateTime,
    Executable,
    Insert,
    Integer,
    Row,
    Table,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import TypeEngine
from typing_extensions import override

from kit.clock import Clock
from kit.db.engine import Driver
from kit.db.refusals import Constraints, refusing
from kit.db.tables import change
from kit.facts import Fact
from kit.seal import Seal

_DIALECT: Final[Dialect] = registry.load("postgresql.asyncpg")()
_MANY: Final = 50
_TOLD: Final[Mapping[str, TypeEngine[Any]]] = {
    "type": Text(),
    "entity": Text(),
    "entity_id": Uuid(),
    "entity_version": Integer(),
    "data": Text(),
    "audience": ARRAY(Text),
    "lost_audience": ARRAY(Text),
}
_ALIKE: Final[Mapping[str, TypeEngine[Any]]] = {
    "cause": Text(),
    "actor": Text(),
    "at": DateTime(timezone=True),
}
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Versioned(Protocol):
    """A record that facts are about: it has an id, counts its versions, and knows who sees it."""

    @property
    def id(self) -> UUID:
        """The id of the record."""
        ...

    @property
    def version(self) -> int:
        """Its version after the change."""
        ...

    @property
    def audience(self) -> frozenset[str]:
        """The marks of callers who may see it after the change."""
        ...


class Sessions(Protocol):
    """Where a Unit gets connections: a Database, or in tests one connection with savepoints."""

    @property
    def constraints(self) -> Constraints:
        """The refusals that broken constraints stand for."""
        ...

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction, committed at exit."""
        ...

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that only reads."""
        ...

    def driving(self) -> AbstractAsyncContextManager[Driver]:
        """Lend a driver connection."""
        ...

    async def seal(self) -> Seal:
        """Return the seal for cursors."""
        ...

    async def wait(self, position: int, seconds: float) -> bool:
        """Return whether the feed has something after `position` before the time is over."""
        ...

    def told(self) -> None:
        """Hint that changes were committed."""
        ...


class Key(Protocol):
    """What makes a transaction happen once: a request's key, or a fact of another service."""

    async def claim(self, tx: "Tx") -> None:
        """Take the key as the first statement, or raise because somebody has it."""
        ...

    async def settle(self, tx: "Tx") -> "Rendered | None":
        """Store with the effect what must not be lost; return what the client is answered."""
        ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """An answer ready to be sent, now or when the same request comes again."""

    status: int
    headers: dict[str, str]
    body: bytes


class Hot:
    """A statement compiled once, for what is hot: reads by id, and what each fact or command does.

    Values go to the driver as they are, without SQLAlchemy's type conversion, so use plain types
    (UUID, str, int, Decimal, datetime, lists; JSON as its text). Constants in the statement keep
    their value; every `bindparam(name)` is given at each call. Cast json to text where the text is
    wanted.
    """

    def __init__(self, statement: Executable) -> None:
        compiled = cast("ClauseElement", statement).compile(
            dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
        )
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("a hot statement is a query")
        self.sql = compiled.string
        self._constants = {
            name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required
        }
        self._order = tuple(compiled.positiontup or ())
        if not compiled.binds.keys() >= set(self._order):
            raise TypeError("a hot statement takes several values as an array: any_(), not in_()")

    def values(self, params: dict[str, Any]) -> list[Any]:
        """Return the parameters in the order of the statement's placeholders."""
        given = self._constants | params
        return [given[name] for name in self._order]


def appending() -> Insert:
    """Return the statement that appends facts to the change log, given by `Tx.take_facts`."""
    given = (
        func.json_to_recordset(bindparam("facts", type_=JSON))
        .table_valued(*(column(name, kind) for name, kind in _TOLD.items()), name="given")
        .render_derived(with_types=True)
    )
    told = select(
        *(given.c[name] for name in _TOLD),
        *(bindparam(name, type_=kind) for name, kind in _ALIKE.items()),
    )
    return insert(change).from_select([*_TOLD, *_ALIKE], told)


class Tx:
    """An open write transaction. `now` is one instant for everything that happens in it.

    `driver` is the driver's connection of the same transaction: for hot statements.
    """

    def __init__(
        self, sql: AsyncConnection, driver: Driver, now: datetime, origin: "Origin"
    ) -> None:
        self.sql = sql
        self.driver = driver
        self.now = now
        self.returned: list[object] = []
        self._origin = origin
        self.told = False
        self._untold: list[tuple[Any, ...]] = []  # in the order of _TOLD

    def tell(self, fact: Fact, *, about: Versioned, lost: Iterable[str] = ()) -> None:
        """Say what happened; it is in the change log exactly when the transaction commits.

        `lost` are the marks that saw the record before and no longer do: their readers are told
        that it went out of scope.
        """
        data = fact.__pydantic_serializer__.to_json(fact).decode()
        seen, unseen = sorted(about.audience), sorted(lost)
        self._untold.append((fact.type, fact.entity, about.id, about.version, data, seen, unseen))

    def result(self, value: T) -> T:
        """Return what the command returns; a request with a key stores its answer with it."""
        self.returned.append(value)
        return value

    async def hot(self, statement: Hot, **params: object) -> asyncpg.Record | None:
        """Carry out a hot statement in this transaction; return its first row, or None."""
        return await self.driver.fetchrow(statement.sql, *statement.values(params))

    async def hot_rows(self, statement: Hot, **params: object) -> list[asyncpg.Record]:
        """Carry out a hot statement in this transaction; return every row."""
        return await self.driver.fetch(statement.sql, *statement.values(params))

    async def copy(self, table: Table, records: Sequence[Mapping[str, Any]]) -> None:
        """Append many rows that name the same columns, several times as fast as INSERT.

        Values go to the driver as they are: plain types, JSON as text.
        """
        rows = (tuple(record.values()) for record in records)
        names = list(records[0])
        await self.driver.copy_records_to_table(table.name, records=rows, columns=names)

    def take_facts(self) -> dict[str, object] | None:
        """Return the facts told so far as the parameters of `appending`, to be written by who asks.

        None where there are none, or so many that they are written in another way.
        """
        if not 0 < len(self._untold) < _MANY:
            return None
        facts = [dict(zip(_TOLD, each, strict=True)) for each in self._untold]
        self._untold, self.told = [], True
        return {"facts": json.dumps(facts, default=str), **self._alike()}

    async def write_changes(self) -> None:
        """Append the facts told so far; the unit does it last of all, a long command meanwhile.

        Every record they are about is locked by then, so ids of changes follow its versions.
        """
        few = self.take_facts()
        if few is not None:
            await self.hot(_APPEND, **few)
        elif self._untold:
            alike = tuple(self._alike().values())
            rows, names = (each + alike for each in self._untold), [*_TOLD, *_ALIKE]
            self._untold, self.told = [], True
            await self.driver.copy_records_to_table(change.name, records=rows, columns=names)

    def _alike(self) -> dict[str, object]:
        return {"cause": self._origin.cause, "actor": self._origin.actor, "at": self.now}


_APPEND: Final = Hot(appending())


class Read:
    """A look at the database. Connections are taken when first needed, and one at a time used."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._taken: list[AbstractAsyncContextManager[Any]] = []
        self._sql: AsyncConnection | None = None
        self._driver: Driver | None = None

    async def rows(self, statement: TypedReturnsRows[*Ts]) -> Sequence[Row[*Ts]]:
        """Return every row."""
        return (await (await self._connection()).execute(statement)).all()

    async def first(self, statement: TypedReturnsRows[*Ts]) -> Row[*Ts] | None:
        """Return the first row, or None."""
        return (await (await self._connection()).execute(statement)).first()

    async def hot(self, statement: Hot, **params: object) -> asyncpg.Record | None:
        """Return the first row of a hot statement, or None."""
        return await (await self._raw()).fetchrow(statement.sql, *statement.values(params))

    async def hot_rows(self, statement: Hot, **params: object) -> list[asyncpg.Record]:
        """Return every row of a hot statement."""
        return await (await self._raw()).fetch(statement.sql, *statement.values(params))

    async def seal(self) -> Seal:
        """Return the seal for cursors."""
        return await self._sessions.seal()

    async def _connection(self) -> AsyncConnection:
        if self._sql is None:
            self._sql = await self._take(self._sessions.reading())
        return self._sql

    async def _raw(self) -> Driver:
        if self._driver is None:
            self._driver = await self._take(self._sessions.driving())
        return self._driver

    async def _take(self, connection: AbstractAsyncContextManager[T]) -> T:
        with refusing(self._sessions.constraints):
            opened = await connection.__aenter__()
        self._taken.append(connection)
        return opened

    async def __aenter__(self) -> Self:
        """Begin to look; nothing is taken yet."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give back what was taken; errors of the database leave as refusals."""
        with refusing(self._sessions.constraints):
            while self._taken:
                await self._taken.pop().__aexit__(kind, error, trace)
            if error is not None:
                raise error


@dataclass(frozen=True, slots=True)
class Origin:
    """Who writes (`actor`: the caller's client) and why (`cause`: id of a request or fact)."""

    actor: str
    cause: str


class Unit:
    """Makes transactions and reads. Commands get one; they never see where connections are."""

    def __init__(
        self, sessions: Sessions, clock: Clock, *, actor: str = "", cause: str = ""
    ) -> None:
        self._sessions = sessions
        self.clock = clock
        self._origin = Origin(actor, cause)

    def on_behalf(self, actor: str, *, cause: str) -> "Unit":
        """Return a unit whose changes name who wrote them and which request or fact led there."""
        return Unit(self._sessions, self.clock, actor=actor, cause=cause)

    def once(self, key: Key) -> "OnceUnit":
        """Return a unit whose one transaction happens once for this key, however often tried."""
        return OnceUnit(self._sessions, self.clock, self._origin, key)

    def begin(self) -> AbstractAsyncContextManager[Tx]:
        """Open one write transaction, committed at exit; nothing is sent before that."""
        return self._transaction()

    def read(self) -> Read:
        """Look without changing anything; PostgreSQL refuses writes here."""
        return Read(self._sessions)

    async def wait(self, position: int, seconds: float) -> bool:
        """Wait, in no transaction; return whether the feed has something after `position`."""
        return await self._sessions.wait(position, seconds)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Tx]:
        with refusing(self._sessions.constraints, asyncpg.ReadOnlySQLTransactionError):
            async with self._sessions.writing() as sql:
                driver: Any = (await sql.get_raw_connection()).driver_connection
                tx = Tx(sql, driver, self.clock.now(), self._origin)
                yield tx
                await tx.write_changes()
        if tx.told:
            self._sessions.told()


class OnceUnit(Unit):
    """A unit for one transaction that happens once. `rendered` is the stored answer, if any."""

    def __init__(self, sessions: Sessions, clock: Clock, origin: Origin, key: Key) -> None:
        super().__init__(sessions, clock, actor=origin.actor, cause=origin.cause)
        self._key = key
        self.used = False
        self.rendered: Rendered | None = None

    @override
    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """Open the transaction; the key is claimed before anything else happens in it."""
        if self.used:
            raise RuntimeError("what happens once has one transaction")
        self.used = True
        async with self._transaction() as tx:
            await self._key.claim(tx)
            yield tx
            self.rendered = await self._key.settle(tx)
