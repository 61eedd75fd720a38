"""What the database refuses, in domain words: constraint names and trouble of the moment."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final

import asyncpg
import structlog
from sqlalchemy import exc

from kit.errors import DomainError, Unavailable

_log = structlog.get_logger()
Kinds = tuple[type[Exception], ...]
Constraints = Mapping[str, type[DomainError]]

_BUSY: Final = (asyncpg.LockNotAvailableError, asyncpg.TransactionRollbackError)
_PASSING: Final = (  # most are whole classes of SQLSTATEs, by the error that stands for the class
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.TransactionRollbackError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,  # the server has said that it ends the session, and not yet has
    OSError,  # a TimeoutError is one
)


@contextmanager
def refusing(constraints: Constraints, *also: type[Exception]) -> Generator[None]:
    """Turn errors of the database into refusals; what is nobody's refusal stays as it is.

    A broken constraint raises the DomainError it is mapped to. Locks, deadlocks, full pools and
    disks, closed doors and lost connections raise Unavailable; so do errors that are `also` trouble
    of the moment. A connection lost at COMMIT is one of these: nobody knows whether the transaction
    happened, so nothing is compensated, and a repeated request finds out by its idempotency key.
    """
    try:
        yield
    except Exception as error:
        refusal = _refusal(error, constraints, also)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: Exception, constraints: Constraints, also: Kinds) -> DomainError | None:
    if isinstance(error, exc.TimeoutError):
        return Unavailable("every connection to the database is busy")
    dressed = getattr(error, "orig", None)
    cause = getattr(dressed, "__cause__", None) or dressed or error
    if isinstance(cause, asyncpg.IntegrityConstraintViolationError):
        refused = constraints.get(str(cause.constraint_name))
        return None if refused is None else refused(refused.title)
    lost = getattr(error, "connection_invalidated", False)
    if lost or isinstance(cause, also) or _passing(cause):
        tell = _log.info if isinstance(cause, _BUSY) else _log.warning
        tell("database_refused", error=type(cause).__name__)
        return Unavailable(f"the database did not answer: {type(cause).__name__}")
    return None


def _passing(error: BaseException | None) -> bool:
    """Tell trouble of the moment from a wrong call, which the driver also calls InterfaceError."""
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error) or "closing" in str(error)
    return isinstance(error, _PASSING)
