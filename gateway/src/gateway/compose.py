"""Combined views: parts asked at once under one deadline, spliced as bytes, never decoded.

Whole by default: a part that fails makes the view fail, naming the part. With ?partial=true a
missing part is null and listed. A view holds nothing: every answer was fetched after it was
asked for.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from gateway.auth.inward import InwardTokens
from gateway.backends import Backend
from gateway.coalesce import Coalescer
from gateway.errors import backend_error, refused_by_status
from gateway.exchange import Ask, Reply
from gateway.passthrough import PREFIX, passed_back
from gateway.table import Route
from kit.clock import Clock
from kit.door import API_VERSION, is_known
from kit.errors import DomainError, InvalidInput, TimedOut, Unavailable, Violation
from kit.http import Answer, Deadline
from kit.problems import MEDIA_TYPE

_MARGIN_S: Final = 0.03
_PARTIAL: Final = {"true": True, "false": False}
_NO_ETAG: Final = [(b"entente-complete", b"false"), (b"cache-control", b"no-store")]


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a view: which service gives it, at which path.

    The 404 of a decisive part is the 404 of the view.
    """

    name: str
    service: str
    path: str
    decisive: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A combined read. Its parameters are those of its parts, in the same order."""

    name: str
    path: str
    summary: str
    scopes: frozenset[str]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """Every part, as one document with its ETag."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Holed:
    """Parts of which at least one is missing, with the reason for each missing one."""

    found: Mapping[str, bytes]
    missing: Mapping[str, DomainError]


@dataclass(frozen=True, slots=True)
class Absent:
    """The decisive part does not exist for the caller; its 404 names the request that asked."""

    reply: Reply
    request_id: str


Outcome = Answer | DomainError
Composed = Whole | Holed | Absent


class Composer:
    """Answers views."""

    def __init__(self, backends: Mapping[str, Backend], inward: InwardTokens, clock: Clock) -> None:
        self._backends = backends
        self._inward = inward
        self._clock = clock
        self._shared: Coalescer[Composed] = Coalescer()

    def routes(self, views: Sequence[View]) -> list[Route]:
        """Return a route for every view."""
        return [Route("GET", PREFIX + v.path, self._handler(v), v.scopes) for v in views]

    def _handler(self, view: View) -> "_ViewHandler":
        return _ViewHandler(self, view)

    async def answer(self, view: View, ask: Ask) -> Reply:
        """Return the view, whole or (only when asked) with holes."""
        partial = _partial(ask)
        key = (view.name, ask.params, ask.budget_ms, ask.caller)
        composed = await self._shared.join(key, lambda: self._compose(view, ask))
        if isinstance(composed, Absent):
            return composed.reply.for_request(ask.request_id, instead_of=composed.request_id)
        if isinstance(composed, Whole):
            return _fresh_or_304(composed, ask)
        if partial and composed.found:
            return Reply.json(_holed_body(view, composed), headers=_NO_ETAG)
        raise _failure(composed)

    async def _compose(self, view: View, ask: Ask) -> Composed:
        deadline = Deadline(ask.deadline.at - _MARGIN_S)
        outcomes = await asyncio.gather(*(self._fetch(p, ask, deadline) for p in view.parts))
        found: dict[str, bytes] = {}
        missing: dict[str, DomainError] = {}
        for part, outcome in zip(view.parts, outcomes, strict=True):
            judged = _judged(part, outcome)
            if isinstance(judged, Reply):
                return Absent(judged, ask.request_id)
            if isinstance(judged, DomainError):
                missing[part.name] = judged
            else:
                found[part.name] = judged
        if missing:
            return Holed(found, missing)
        return Whole(_whole_body(found), _etag(view, ask, outcomes))

    async def _fetch(self, part: Part, ask: Ask, deadline: Deadline) -> Outcome:
        headers = {
            "Authorization": self._inward.bearer(ask.caller, part.service, self._clock.now()),
            "Entente-Request-Id": ask.request_id,
        }
        try:
            return await self._backends[part.service].reads.send(
                "GET", _filled(part.path, ask.params), headers=headers, deadline=deadline
            )
        except (Unavailable, TimedOut) as error:
            return backend_error(part.service, error, part=part.name)


@dataclass(frozen=True, slots=True)
class _ViewHandler:
    composer: Composer
    view: View

    async def __call__(self, ask: Ask) -> Reply:
        return await self.composer.answer(self.view, ask)


def _partial(ask: Ask) -> bool:
    given = ask.query({"partial"}).get("partial", "false")
    if given not in _PARTIAL:
        violation = Violation("/query/partial", "kit.bool_parsing", "must be true or false")
        raise InvalidInput("the query cannot be accepted", errors=[violation])
    return _PARTIAL[given]


def _filled(path: str, params: tuple[str, ...]) -> str:
    values = iter(params)
    return "/".join(
        quote(next(values), safe="") if part.startswith("{") else part for part in path.split("/")
    )


def _judged(part: Part, outcome: Outcome) -> bytes | DomainError | Reply:
    """Return the part's bytes, why it is missing, or the 404 that is the view's own."""
    if isinstance(outcome, DomainError):
        return outcome
    kind = outcome.headers.get("Content-Type", "")
    if outcome.status == HTTPStatus.NOT_FOUND and part.decisive and kind.startswith(MEDIA_TYPE):
        return passed_back(part.service, outcome)
    if outcome.status != HTTPStatus.OK:
        return refused_by_status(part.service, outcome.status, part=part.name)
    if not kind.startswith("application/json") or not _looks_whole(outcome.body):
        return refused_by_status(part.service, HTTPStatus.BAD_GATEWAY, part=part.name)
    return outcome.body


def _looks_whole(body: bytes) -> bool:
    return body.startswith(b"{") and body.rstrip().endswith(b"}")


def _whole_body(found: Mapping[str, bytes]) -> bytes:
    members = b",".join(b'"%s":%s' % (name.encode(), body) for name, body in found.items())
    return b'{%s,"complete":true,"unavailable":[]}' % members


def _holed_body(view: View, holed: Holed) -> bytes:
    members = b",".join(
        b'"%s":%s' % (part.name.encode(), holed.found.get(part.name, b"null"))
        for part in view.parts
    )
    names = b",".join(b'"%s"' % name.encode() for name in holed.missing)
    return b'{%s,"complete":false,"unavailable":[%s]}' % (members, names)


def _failure(holed: Holed) -> DomainError:
    """Return the refusal of the first missing part, which lists the others too."""
    name, first = next(iter(holed.missing.items()))
    error = type(first)(f"{first.detail}: the part {name!r} is missing")
    error.facts.update(first.facts, unavailable=list(holed.missing))
    return error


def _etag(view: View, ask: Ask, outcomes: Sequence[Outcome]) -> str:
    """Return a weak ETag of the parts' ETags, the API version and what the caller may see."""
    digest = blake2b(f"{API_VERSION} {view.name}".encode(), digest_size=16)
    for mark in sorted(ask.caller.audience | ask.caller.scopes):
        digest.update(b"\0" + mark.encode())
    for outcome in outcomes:
        if isinstance(outcome, Answer):
            own = outcome.headers.get("ETag", "").encode() or blake2b(outcome.body).digest()
            digest.update(b"\1" + own)
    return f'W/"{digest.hexdigest()}"'


def _fresh_or_304(whole: Whole, ask: Ask) -> Reply:
    headers = [
        (b"etag", whole.etag.encode()),
        (b"cache-control", b"private, no-cache"),
        (b"vary", b"authorization"),
        (b"entente-complete", b"true"),
    ]
    if is_known(whole.etag, ask.header(b"if-none-match")):
        return Reply(304, headers=headers)
    return Reply.json(whole.body, headers=headers)
