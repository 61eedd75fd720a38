"""What is passed through: public path → service and scope. Bodies are not parsed."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from gateway.auth.inward import InwardTokens
from gateway.backends import Backend
from gateway.errors import backend_error, refused_by_status
from gateway.exchange import BODY_BYTES, BULK_BYTES, Ask, Headers, Reply
from gateway.rows import OPEN, Row
from kit.auth import Caller
from kit.clock import Clock
from kit.errors import InvalidInput, TimedOut, Unavailable, Violation
from kit.http import Answer
from kit.problems import MEDIA_TYPE

PREFIX: Final = "/api"
# A service's 401 is about our inward token, and its 5xx is for its own log.
_NEVER_BACK: Final = frozenset({401, 407, *range(500, 600)})
_READING: Final = frozenset({"GET", "HEAD"})
ANYBODY: Final = Caller("anybody", "anybody", organisation="", country="", scopes=OPEN)
"""Whom a service hears when an open operation is asked for: a token sent along is not read."""
# Everything else a client sends stays outside: hop-by-hop, Forwarded, other Entente-*, its token.
_PASSED_ON: Final = {
    b"accept": "Accept",
    b"accept-language": "Accept-Language",
    b"content-type": "Content-Type",
    b"entente-case-ref": "Entente-Case-Ref",
    b"idempotency-key": "Idempotency-Key",
    b"if-match": "If-Match",
    b"if-none-match": "If-None-Match",
    b"last-event-id": "Last-Event-ID",
    b"prefer": "Prefer",
}
_PASSED_BACK: Final = {
    name: name.encode()
    for name in (
        "content-type", "etag", "cache-control", "last-modified", "vary", "allow", "retry-after",
        "idempotency-replayed", "preference-applied", "content-language", "content-disposition",
        "accept-patch", "deprecation", "sunset", "link", "location",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forward:
    """Carries one operation to its service and the answer back."""

    row: Row
    backend: Backend
    inward: InwardTokens
    clock: Clock

    async def __call__(self, ask: Ask) -> Reply:
        """Ask the service; its 4xx problems pass, its trouble becomes 502, 503 or 504."""
        service = self.row.service
        method = ask.scope["method"]
        caller = ANYBODY if self.row.open else ask.caller
        body, upstream = None, self.backend.reads
        if method not in _READING:
            upstream = self.backend.writes
            body = await ask.body(BULK_BYTES if self.row.bulk else BODY_BYTES)
        try:
            answer = await upstream.send(
                "GET" if method in _READING else method,
                target(ask),
                headers=inward_headers(ask, caller, self.inward, service, self.clock),
                body=body,
                deadline=ask.deadline,
            )
        except (Unavailable, TimedOut) as error:
            raise backend_error(service, error) from error
        return passed_back(service, answer)


def target(ask: Ask) -> str:
    """Return the service's path and query: those of the client, byte for byte, without /api.

    The table has looked at every segment of the path; the query only has to be text.
    """
    path = ask.scope["raw_path"].decode("ascii")[len(PREFIX) :]
    query = ask.query_text()
    return f"{path}?{query}" if query else str(path)


def passed_on(ask: Ask) -> tuple[tuple[bytes, bytes], ...]:
    """Return those headers of the client that a service hears, as they came."""
    return tuple(each for each in ask.scope["headers"] if each[0] in _PASSED_ON)


def inward_headers(
    ask: Ask, caller: Caller, inward: InwardTokens, service: str, clock: Clock
) -> Mapping[str, str]:
    """Return what a service is told: a closed list of the client's headers, and ours."""
    headers = {
        "Authorization": inward.bearer(caller, service, clock.now()),
        "Entente-Request-Id": ask.request_id,
    }
    for name, value in ask.scope["headers"]:
        passed = _PASSED_ON.get(name)
        if passed is None:
            continue
        if passed in headers:
            violation = Violation(f"/header/{passed.lower()}", "kit.repeated_header", "given twice")
            raise InvalidInput("a header is given twice", errors=[violation])
        headers[passed] = value.decode("latin-1")
    return headers


def passed_back(service: str, answer: Answer) -> Reply:
    """Return a service's answer as the gateway's; what only insiders may know is replaced."""
    problem = answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE)
    if answer.status in _NEVER_BACK or (answer.status >= HTTPStatus.BAD_REQUEST and not problem):
        raise refused_by_status(service, answer.status)
    headers: Headers = []
    for name, value in answer.headers.items():
        passed = _PASSED_BACK.get(name.lower())
        if passed == b"location":
            headers.append((passed, _public(value)))
        elif passed is not None:
            headers.append((passed, value.encode("latin-1")))
    return Reply(answer.status, answer.body, headers, origin=service)


def _public(location: str) -> bytes:
    return f"{PREFIX if location.startswith('/v1/') else ''}{location}".encode("latin-1")
