"""One request at the edge and the reply to it, as bytes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.types import Receive, Scope

from kit.auth import Caller
from kit.errors import InvalidInput, Unauthenticated, Violation
from kit.http import Deadline
from kit.problems import BodyTooLate, Problem, TooLarge, UnsupportedContent
from kit.strict import hidden_characters, pointer

BODY_BYTES: Final = 1024 * 1024
BULK_BYTES: Final = 10 * 1024 * 1024
_BODY_S: Final = 10.0
_DISCARDED_BYTES: Final = 32 * 1024 * 1024
_DISCARDED_S: Final = 0.5
_JSON: Final = (b"content-type", b"application/json")
Headers = list[tuple[bytes, bytes]]


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


@dataclass(slots=True)
class Ask:
    """A request that was matched to a route. `params` are the decoded path parameters."""

    scope: Scope
    receive: Receive
    request_id: str
    headers: Mapping[bytes, bytes]
    deadline: Deadline
    budget_ms: int
    params: tuple[str, ...] = ()
    known: Caller | None = None

    @property
    def caller(self) -> Caller:
        """Who asks; only routes that need a scope have a caller."""
        if self.known is None:
            raise Unauthenticated("the request carries no bearer token")
        return self.known

    def header(self, name: bytes) -> str:
        """Return a header's value, empty where it is absent."""
        return self.headers.get(name, b"").decode("latin-1")

    def query(self, allowed: Collection[str]) -> dict[str, str]:
        """Return the query parameters; unknown and repeated ones are refused."""
        found: dict[str, str] = {}
        violations: list[Violation] = []
        for name, value in parse_qsl(self.query_text(), keep_blank_values=True):
            fault = _query_fault(name, value, allowed, found)
            if fault is not None:
                violations.append(Violation(pointer(["query", name]), *fault))
            found[name] = value
        if violations:
            raise InvalidInput("the query cannot be accepted", errors=violations[:100])
        return found

    def query_text(self) -> str:
        """Return the query as it was sent; refuse one that stands for no text."""
        text = str(self.scope["query_string"].decode("latin-1"))
        if not text.isascii() or not text.isprintable() or " " in text:
            raise InvalidInput("the query holds characters that must be percent-encoded")
        try:
            unquote_to_bytes(text).decode()
        except UnicodeDecodeError:
            violation = Violation("/query", "kit.not_utf8", "percent-encoded bytes must be UTF-8")
            raise InvalidInput("the query is not UTF-8 text", errors=[violation]) from None
        return text

    async def body(self, limit: int) -> bytes:
        """Read the whole body, at most `limit` bytes within ten seconds.

        The time allowed for the request counts from its last byte. Nothing is unpacked here, so
        a body that says it is packed is refused instead of read as what it is not.
        """
        if self.header(b"content-encoding").strip().lower() not in {"", "identity"}:
            raise UnsupportedContent("bodies are sent as they are, without Content-Encoding")
        length = self.headers.get(b"content-length", b"0")
        try:
            async with asyncio.timeout(_BODY_S):
                fits = length.isdigit() and int(length) <= limit
                body = await self._read(limit) if fits else None
        except TimeoutError:
            raise BodyTooLate("the body did not arrive within ten seconds") from None
        if body is None:
            await self._discard()
            raise TooLarge(f"this operation accepts at most {limit} bytes")
        self.deadline = Deadline.after(self.budget_ms / 1000)
        return body

    async def _read(self, limit: int) -> bytes | None:
        """Return the body, or None as soon as it is larger than `limit`."""
        body = bytearray()
        async for chunk in self._chunks():
            body += chunk
            if len(body) > limit:
                return None
        return bytes(body)

    async def _discard(self) -> None:
        """Let the client finish sending, within reason: only then does it read our refusal."""
        left = _DISCARDED_BYTES
        try:
            async with asyncio.timeout(_DISCARDED_S):
                async for chunk in self._chunks():
                    left -= len(chunk)
                    if left < 0:
                        return
        except TimeoutError:
            return

    async def _chunks(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            more = message.get("more_body", False)
            yield message.get("body", b"")


def _query_fault(
    name: str, value: str, allowed: Collection[str], found: Mapping[str, str]
) -> tuple[str, str] | None:
    if name not in allowed:
        return "kit.unknown_parameter", "this operation has no such parameter"
    if name in found:
        return "kit.repeated_parameter", "the parameter is given twice"
    if hidden_characters(value):
        return "kit.hidden_character", "NUL and surrogates are not text"
    return None


@dataclass(slots=True)
class Reply:
    """What goes back. `origin` is who speaks in an error: the gateway or a service.

    A `stream` takes the place of the body, and is closed by whoever sends it.
    """

    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=list)
    origin: str = "gateway"
    code: str | None = None
    stream: AsyncGenerator[bytes] | None = None

    @classmethod
    def json(cls, body: bytes, *, status: int = 200, headers: Sequence[Any] = ()) -> "Reply":
        """Return a JSON reply of ready bytes."""
        return cls(status, body, [_JSON, *headers])

    def for_request(self, request_id: str, *, instead_of: str) -> "Reply":
        """Return the reply for another request: a refusal names the request that it answers."""
        if self.status < HTTPStatus.BAD_REQUEST or request_id == instead_of:
            return self
        return replace(self, body=self.body.replace(instead_of.encode(), request_id.encode()))

    @classmethod
    def problem(cls, problem: Problem, code: str) -> "Reply":
        """Return a refusal of the gateway's own."""
        headers = [(name.encode(), value.encode()) for name, value in problem.headers.items()]
        return cls(problem.status, problem.body, headers, code=code)

    @property
    def has_body(self) -> bool:
        """Whether HTTP allows this status a body."""
        return self.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
