"""One feed merged from three.

The cursor holds a position in each; a service that is down keeps its place and is named in
`unreachable`, so nothing is lost and nobody waits for it.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from gateway.auth.inward import InwardTokens
from gateway.backends import Backend
from gateway.config import SERVICES
from gateway.errors import BackendDown, backend_error, refused_by_status
from gateway.exchange import Ask, Reply
from gateway.facts import TYPES
from gateway.passthrough import passed_back
from kit.clock import Clock
from kit.errors import DomainError, InvalidInput, TimedOut, Unavailable, Violation
from kit.http import Answer, Deadline
from kit.seal import Seal

_MOST_WAIT_S: Final = 20
_LIMIT: Final = 200
_MOST: Final = 500
_ITEMS: Final = b'{"items":['
_NEXT: Final = b'],"next":'
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])")
_PARAMETERS: Final = frozenset({"after", "limit", "types"})


@dataclass(frozen=True, slots=True)
class Question:
    """What a partner asks for: from where, how many at most, which types (empty: all)."""

    positions: Mapping[str, str | None]
    turn: int
    limit: int
    types: tuple[str, ...]
    purpose: str

    def shares(self) -> dict[str, int]:
        """Return how many changes each service may give; whose turn it is gets the remainder."""
        asked = [name for name in SERVICES if not self.types or self._has_types_of(name)]
        share, left = divmod(self.limit, len(asked))
        turned = [asked[(self.turn + i) % len(asked)] for i in range(len(asked))]
        return {name: share + (i < left) for i, name in enumerate(turned)}

    def _has_types_of(self, service: str) -> bool:
        return any(name.startswith(f"{service}.") for name in self.types)


@dataclass(frozen=True, slots=True)
class Page:
    """What one service gave; `items` are JSON events joined by commas, not decoded."""

    items: bytes
    next: str
    has_more: bool
    horizon: Any


class Changes:
    """Answers GET /v1/changes of the public API."""

    def __init__(
        self,
        backends: Mapping[str, Backend],
        inward: InwardTokens,
        clock: Clock,
        *,
        seal: Seal,
    ) -> None:
        self._backends = backends
        self._inward = inward
        self._clock = clock
        self._seal = seal
        self._waiting: set[str] = set()

    async def changes(self, ask: Ask) -> Reply:
        """Return the next changes of all services, oldest first in each."""
        try:
            return await self._answered(ask)
        except FeedRefused as refused:
            return refused.reply

    async def _answered(self, ask: Ask) -> Reply:
        question = self._question(ask)
        given = await self._ask_all(ask, question)
        wait = _wished_wait(ask)
        if wait and not any(_has_news(page) for page in given.values()):
            given = await self._wait(ask, question, wait, given)
        return self._merged(question, given)

    def _question(self, ask: Ask) -> Question:
        query = ask.query(_PARAMETERS)
        types = tuple(sorted(set(query["types"].split(",")))) if "types" in query else ()
        violations = list(_type_violations(types))
        limit = _limit(query.get("limit"), violations)
        if violations:
            raise InvalidInput("the query cannot be accepted", errors=violations)
        purpose = f"changes {ask.caller.client} {','.join(types)}"
        positions: Mapping[str, str | None] = dict.fromkeys(SERVICES)
        turn = 0
        if "after" in query:
            opened = self._seal.open(query["after"], purpose=purpose)
            positions, turn = opened["positions"], opened["turn"]
        return Question(positions, turn, limit, types, purpose)

    async def _ask_all(self, ask: Ask, question: Question) -> dict[str, Page | DomainError]:
        """Ask every service for its share; one without a share (limit 1 or 2) if all are empty."""
        shares = question.shares()
        first = [name for name, share in shares.items() if share]
        pages = await asyncio.gather(*(self._ask(ask, question, n, shares[n]) for n in first))
        given = dict(zip(first, pages, strict=True))
        for name, share in shares.items():
            if share == 0 and not any(_has_news(page) for page in given.values()):
                given[name] = await self._ask(ask, question, name, 1)
        return given

    async def _wait(
        self, ask: Ask, question: Question, wait: int, given: dict[str, Page | DomainError]
    ) -> dict[str, Page | DomainError]:
        """Wait until one service has news; a client that already waits does not wait twice."""
        client = ask.caller.client
        reachable = [name for name, page in given.items() if isinstance(page, Page)]
        if client in self._waiting or not reachable:
            return given
        self._waiting.add(client)
        share = max(1, question.limit // len(reachable))
        polls = {
            asyncio.create_task(self._ask(ask, question, name, share, wait=wait)): name
            for name in reachable
        }
        try:
            return given | await _first_news(polls)
        finally:
            self._waiting.discard(client)
            for poll in polls:
                poll.cancel()

    async def _ask(
        self, ask: Ask, question: Question, service: str, share: int, *, wait: int = 0
    ) -> Page | DomainError:
        backend = self._backends[service]
        headers = {
            "Authorization": self._inward.bearer(ask.caller, service, self._clock.now()),
            "Entente-Request-Id": ask.request_id,
        }
        if wait:
            headers["Prefer"] = f"wait={wait}"
        deadline = Deadline(ask.deadline.at + wait)
        target = _target(question, service, share)
        upstream = backend.waits if wait else backend.reads
        try:
            answer = await upstream.send("GET", target, headers=headers, deadline=deadline)
        except (Unavailable, TimedOut) as error:
            return backend_error(service, error)
        return _page(service, answer, question.types)

    def _merged(self, question: Question, given: Mapping[str, Page | DomainError]) -> Reply:
        pages = {name: page for name, page in given.items() if isinstance(page, Page)}
        unreachable = sorted(set(given) - set(pages))
        if not pages:
            down = BackendDown("none of the services is available")
            down.facts["unavailable"] = unreachable
            raise down
        skipped = len(given) < len(question.shares())
        positions = dict(question.positions) | {name: page.next for name, page in pages.items()}
        cursor = {"positions": positions, "turn": (question.turn + 1) % len(SERVICES)}
        tail = {
            "next": self._seal.close(cursor, purpose=question.purpose),
            "has_more": skipped or any(page.has_more for page in pages.values()),
            "horizon": {name: page.horizon for name, page in pages.items()},
            "unreachable": unreachable,
        }
        items = b",".join(page.items for page in pages.values() if page.items)
        return Reply.json(_ITEMS + items + b"]," + json.dumps(tail).encode()[1:])


class FeedRefused(Exception):
    """A service refused the question itself, for instance because the cursor is too old (410)."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def _page(service: str, answer: Answer, types: Sequence[str]) -> Page | DomainError:
    try:
        reply = passed_back(service, answer)
    except DomainError as error:
        return error
    if reply.status != HTTPStatus.OK:
        raise FeedRefused(reply)
    items, cut, tail = reply.body.removeprefix(_ITEMS).rpartition(_NEXT)
    try:
        rest = json.loads(b'{"next":' + tail) if cut else {}
        chosen = _of_types(items, types) if types else items
        return Page(chosen, rest["next"], bool(rest["has_more"]), rest["horizon"])
    except (ValueError, KeyError, TypeError):
        return refused_by_status(service, HTTPStatus.BAD_GATEWAY)


def _of_types(items: bytes, types: Sequence[str]) -> bytes:
    chosen = [event for event in json.loads(b"[%s]" % items) if event["type"] in types]
    return json.dumps(chosen, ensure_ascii=False).encode()[1:-1]


def _has_news(page: Page | DomainError) -> bool:
    return isinstance(page, Page) and (bool(page.items) or page.has_more)


async def _first_news(
    polls: Mapping["asyncio.Task[Page | DomainError]", str],
) -> dict[str, Page | DomainError]:
    """Return the pages that came until the first with news; the other services keep their place."""
    found: dict[str, Page | DomainError] = {}
    pending = set(polls)
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        found |= {polls[poll]: poll.result() for poll in done}
        if any(_has_news(page) for page in found.values()):
            break
    return found


def _target(question: Question, service: str, share: int) -> str:
    fields: list[tuple[str, str]] = [("limit", str(share))]
    after = question.positions.get(service)
    if after is not None:
        fields.append(("after", after))
    return f"/v1/changes?{urlencode(fields)}"


def _type_violations(types: Sequence[str]) -> list[Violation]:
    if TYPES.issuperset(types):
        return []
    return [Violation("/query/types", "gateway.unknown_type", "must name types of facts")]


def _limit(given: str | None, violations: list[Violation]) -> int:
    if given is None:
        return _LIMIT
    if not given.isascii() or not given.isdigit() or len(given) > 6 or int(given) < 1:  # noqa: PLR2004
        violations.append(Violation("/query/limit", "kit.int_parsing", "must be 1 or more"))
        return _LIMIT
    return min(int(given), _MOST)


def _wished_wait(ask: Ask) -> int:
    """Return the seconds of `Prefer: wait=…`, at most 20; 0 where the client does not wait."""
    found = _WAIT.search(ask.header(b"prefer"))
    return min(int(found.group(1)), _MOST_WAIT_S) if found else 0
