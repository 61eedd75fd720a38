"""Errors that say what kind of refusal they are; HTTP is decided at the edge (kit.problems)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from typing_extensions import override


class Kind(StrEnum):
    """Why something was refused; kit.problems maps each kind to one HTTP status."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    GONE = "gone"
    CONFLICT = "conflict"
    STALE = "stale"
    FORBIDDEN = "forbidden"
    UNAUTHENTICATED = "unauthenticated"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with the input: where (RFC 6901 pointer), a stable code, and words."""

    pointer: str
    code: str
    message: str


class DomainError(Exception):
    """A refusal with a stable code. Subclasses set `kind`, `code`, `title` and `advice`.

    `code` is `<service>.<what>` and never changes once published; `title` names the problem in
    a few words; `advice` tells the caller what to do. `detail` describes this occurrence and
    must not contain personal data. `facts` are extra members of the problem document, in JSON
    types: an officer or a client can act on them.
    """

    kind: ClassVar[Kind]
    code: ClassVar[str]
    title: ClassVar[str]
    advice: ClassVar[str]

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[Violation] = (),
        **facts: object,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.facts = facts

    @override
    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class InvalidInput(DomainError):
    """The request alone shows that it cannot be accepted; every violation is listed."""

    kind = Kind.INVALID
    code = "kit.invalid_input"
    title = "The input is not valid"
    advice = "Correct every field listed in `errors` and send the request again."


class StaleVersion(DomainError):
    """The caller acted on a version that is no longer current."""

    kind = Kind.STALE
    code = "kit.stale_version"
    title = "The resource has changed since you read it"
    advice = "Read the resource again, decide again, and send the new ETag in If-Match."


class Unauthenticated(DomainError):
    """No credential, or one that cannot be trusted."""

    kind = Kind.UNAUTHENTICATED
    code = "kit.unauthenticated"
    title = "A valid access token is required"
    advice = "Send `Authorization: Bearer <token>` with a token that has not expired."


class ScopeMissing(DomainError):
    """The caller is known, but was not given the scope this operation needs."""

    kind = Kind.FORBIDDEN
    code = "kit.scope_missing"
    title = "Your token lacks the scope for this operation"
    advice = "Ask the operator of Entente to grant your client the scope named in `detail`."


class Unavailable(DomainError):
    """Something this operation needs is not there right now; trying again may help."""

    kind = Kind.UNAVAILABLE
    code = "kit.unavailable"
    title = "The service is not available right now"
    advice = "Wait as long as Retry-After says, then send the same request again."


class TimedOut(DomainError):
    """The time the caller allowed was over before the work was done."""

    kind = Kind.TIMEOUT
    code = "kit.timed_out"
    title = "The time allowed for this request is over"
    advice = "Send the request again; a write with the same Idempotency-Key is never done twice."
