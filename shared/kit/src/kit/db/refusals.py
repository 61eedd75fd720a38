"""What the database refuses, in domain words: constraint names and trouble of the moment."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final

import asyncpg
from sqlalchemy import exc

from kit.errors import DomainError, Unavailable

Constraints = Mapping[str, type[DomainError]]

_PASSING: Final = (
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.QueryCanceledError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.TooManyConnectionsError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,  # the server has said that it ends the session, and not yet has
    OSError,
    TimeoutError,
)


@contextmanager
def refusing(constraints: Constraints) -> Generator[None]:
    """Turn errors of the database into refusals; what is nobody's refusal stays as it is.

    A broken constraint raises the DomainError it is mapped to. Locks, deadlocks, full pools and
    lost connections raise Unavailable. A connection lost at COMMIT is one of these: nobody knows
    whether the transaction happened, so nothing is compensated, and a repeated request finds out
    by its idempotency key.
    """
    try:
        yield
    except exc.TimeoutError as error:
        raise Unavailable("every connection to the database is busy") from error
    except exc.DBAPIError as error:
        refusal = _refusal(error, constraints)
        if refusal is None:
            raise
        raise refusal from error
    except asyncpg.IntegrityConstraintViolationError as error:
        refused = constraints.get(str(error.constraint_name))
        if refused is None:
            raise
        raise refused(refused.title) from error
    except (*_PASSING, asyncpg.InterfaceError) as error:
        if not _passing(error):
            raise
        raise Unavailable(f"the database did not answer: {type(error).__name__}") from error


def _refusal(error: exc.DBAPIError, constraints: Constraints) -> DomainError | None:
    cause = _driver_error(error.orig)
    if isinstance(cause, asyncpg.IntegrityConstraintViolationError):
        refused = constraints.get(str(cause.constraint_name))
        return None if refused is None else refused(refused.title)
    if error.connection_invalidated or _passing(cause):
        return Unavailable(f"the database did not answer: {type(cause).__name__}")
    return None


def _passing(error: BaseException | None) -> bool:
    """Tell trouble of the moment from a wrong call, which the driver also calls InterfaceError."""
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error) or "closing" in str(error)
    return isinstance(error, _PASSING)


def _driver_error(error: BaseException | None) -> BaseException | None:
    return error if error is None or error.__cause__ is None else error.__cause__
