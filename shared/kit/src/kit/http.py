"""Outgoing HTTP: one policy for every call to a neighbour.

A call has a deadline, a place in the neighbour's bulkhead, a cap on the answer's size, at most
one retry, and a circuit breaker in front. Nobody outside this module sees an aiohttp or httpx
exception: trouble becomes Unavailable, BrokenAnswer, TimedOut or RemoteError.
"""

import asyncio
import json
import random
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, Self

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from typing_extensions import override
from yarl import URL

from kit.breaker import Breaker
from kit.errors import DomainError, Kind, TimedOut, Unavailable

TIMEOUT_HEADER: Final = "Entente-Timeout-Ms"
DEFAULT_BUDGET_S: Final = 5.0
_HOP_S: Final = 0.020
_LEAST_S: Final = 0.100
_QUEUE_S: Final = 0.100
_BLAMED_FROM_S: Final = 1.0
_KEEP_ALIVE_S: Final = 4.0
_RETRY_SHARE: Final = 0.2
_RETRY_START: Final = 3.0
_RETRY_MOST: Final = 10.0
_PASSING: Final = frozenset({502, 503, 504})
_UNTIMED: Final = aiohttp.ClientTimeout(total=None)
_REFUSALS: Final = {
    400: Kind.INVALID,
    401: Kind.UNAUTHENTICATED,
    403: Kind.FORBIDDEN,
    404: Kind.NOT_FOUND,
    409: Kind.CONFLICT,
    410: Kind.GONE,
    412: Kind.STALE,
    429: Kind.TOO_MANY,
    503: Kind.UNAVAILABLE,
    504: Kind.TIMEOUT,
}


class BrokenAnswer(Unavailable):
    """A neighbour answered, but not in a way that can be used: cut off, too large, not HTTP."""

    code = "kit.broken_answer"
    title = "A part of Entente gave an answer that cannot be used"
    advice = "Try again later; tell the operator if it stays."


class RemoteError(DomainError):
    """A neighbour refused. `refused_as` and `refusal` are the kind and the code it gave."""

    kind = Kind.UNAVAILABLE
    code = "kit.neighbour_refused"
    title = "A part of Entente refused what another part asked"
    advice = "Try again later; tell the operator if it stays."

    def __init__(self, service: str, kind: Kind, code: str, detail: str) -> None:
        super().__init__(detail, service=service)
        self.service = service
        self.refused_as = kind
        self.refusal = code


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant, in seconds of the event loop's clock, after which nobody waits any more."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Return the deadline `seconds` from now."""
        return cls(asyncio.get_running_loop().time() + seconds)

    def left(self) -> float:
        """Return the seconds left; negative when it has passed."""
        return self.at - asyncio.get_running_loop().time()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a neighbour answered, read to the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _TryAgain(Exception):
    """The attempt failed in a way that a second one may not."""

    def __init__(self, reason: str, answer: Answer | None = None) -> None:
        super().__init__(reason)
        self.answer = answer


_Attempt = Callable[[Deadline], Awaitable[Answer]]


class Upstream:
    """One neighbour and everything that limits what we ask of it.

    `limit` calls may run at once; a further one waits 100 ms for a place, then gets
    Unavailable. Answers above `max_bytes` are BrokenAnswer. After a status of `passing` it is asked
    again and counts as failing. `transport` replaces the sockets, for applications that run in the
    same process.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        limit: int = 32,
        max_bytes: int = 8 * 1024 * 1024,
        passing: frozenset[int] = _PASSING,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.name = name
        self.base_url = base_url.rstrip("/")
        self._limit = limit
        self._max_bytes = max_bytes
        self._passing = passing
        self._transport = transport
        self._adapter = transport
        self._slots = asyncio.Semaphore(limit)
        self._breaker = Breaker(lambda: asyncio.get_running_loop().time())
        self._retries = _RETRY_START
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the kept connections."""
        if self._session is not None:
            await self._session.close()

    async def send(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        deadline: Deadline,
        body: bytes | None = None,
    ) -> Answer:
        """Ask for `target` (path and query, already encoded) and return the whole answer.

        Raise TimedOut, Unavailable or BrokenAnswer; any status from 200 to 599 is an answer,
        except redirects, which no neighbour has a reason to give.
        """

        async def attempt(until: Deadline) -> Answer:
            told = {**headers, TIMEOUT_HEADER: passed_on(until)}
            if self._transport is not None:
                url = self.base_url + target
                request = httpx.Request(method, url, headers=told, content=body)
                return await self._over_httpx(self._transport, request)
            return await self._over_socket(method, target, told, body)

        repeatable = method in {"GET", "HEAD"} or "Idempotency-Key" in headers
        return await self._guarded(attempt, deadline=deadline, repeatable=repeatable)

    def client(self, *, auth: httpx.Auth | None = None) -> httpx.AsyncClient:
        """Return an httpx client whose every call follows the policy of this neighbour.

        The timeout of a call (5 s unless told) is its deadline from start to last byte.
        """
        return httpx.AsyncClient(
            transport=_PolicyTransport(self),
            base_url=self.base_url,
            timeout=DEFAULT_BUDGET_S,
            auth=auth,
        )

    async def exchange(self, request: httpx.Request) -> Answer:
        """Send a prepared httpx request under the policy (used by `client`)."""
        await request.aread()
        transport = self._httpx_transport()
        seconds = request.extensions.get("timeout", {}).get("read") or DEFAULT_BUDGET_S

        async def attempt(until: Deadline) -> Answer:
            request.headers[TIMEOUT_HEADER] = passed_on(until)
            return await self._over_httpx(transport, request)

        repeatable = request.method in {"GET", "HEAD"} or "Idempotency-Key" in request.headers
        return await self._guarded(attempt, deadline=Deadline.after(seconds), repeatable=repeatable)

    async def _guarded(self, attempt: _Attempt, *, deadline: Deadline, repeatable: bool) -> Answer:
        budget = deadline.left()
        if budget < _LEAST_S:
            raise TimedOut(f"too little time is left to ask {self.name}", service=self.name)
        self._admit()
        try:
            async with asyncio.timeout(budget):
                answer = await self._within_bulkhead(attempt, deadline, repeatable=repeatable)
        except TimeoutError as error:
            self._note_slowness(budget)
            raise TimedOut(f"{self.name} did not answer in time", service=self.name) from error
        except _TryAgain as trouble:
            self._breaker.failed()
            if trouble.answer is not None:
                return trouble.answer
            raise Unavailable(
                f"{self.name} cannot be reached", service=self.name, retry_after_s=1
            ) from trouble
        except BaseException:
            self._breaker.abandoned()
            raise
        self._breaker.succeeded()
        return answer

    def _admit(self) -> None:
        wait = self._breaker.refused_for()
        if wait > 0:
            raise Unavailable(
                f"{self.name} has failed repeatedly and is given a pause",
                service=self.name,
                retry_after_s=max(1, round(wait)),
            )

    def _note_slowness(self, budget: float) -> None:
        """Blame the neighbour only if it had a fair time: a hasty caller must not cut it off."""
        if budget >= _BLAMED_FROM_S:
            self._breaker.failed()
        else:
            self._breaker.abandoned()

    async def _within_bulkhead(
        self, attempt: _Attempt, deadline: Deadline, *, repeatable: bool
    ) -> Answer:
        await self._take_slot()
        try:
            return await self._with_retry(attempt, deadline, repeatable=repeatable)
        finally:
            self._slots.release()

    async def _take_slot(self) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout(_QUEUE_S):
                await self._slots.acquire()
        except TimeoutError as error:
            raise Unavailable(
                f"{self.name} is busy with {self._limit} calls", service=self.name, retry_after_s=1
            ) from error

    async def _with_retry(
        self, attempt: _Attempt, deadline: Deadline, *, repeatable: bool
    ) -> Answer:
        self._retries = min(_RETRY_MOST, self._retries + _RETRY_SHARE)
        try:
            return await attempt(deadline)
        except _TryAgain:
            if not repeatable or self._retries < 1 or deadline.left() < 2 * _LEAST_S:
                raise
        self._retries -= 1
        await asyncio.sleep(random.uniform(0, 0.02))  # noqa: S311  spreads load, hides nothing
        return await attempt(deadline)

    async def _over_socket(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        url = URL(self.base_url + target, encoded=True)
        try:
            async with self._open_session().request(
                method, url, headers=headers, data=body, allow_redirects=False, timeout=_UNTIMED
            ) as response:
                content = await self._read(response)
                return self._judged(Answer(response.status, response.headers, content))
        except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError) as error:
            raise BrokenAnswer(f"{self.name} broke off its answer", service=self.name) from error
        except aiohttp.ClientError as error:
            raise _TryAgain(type(error).__name__) from error

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        length = response.content_length
        if length is not None and length <= self._max_bytes:
            return await response.read()
        content = bytearray()
        async for chunk in response.content.iter_any():
            content += chunk
            self._check_size(len(content))
        return bytes(content)

    async def _over_httpx(
        self, transport: httpx.AsyncBaseTransport, request: httpx.Request
    ) -> Answer:
        content = bytearray()
        try:
            response = await transport.handle_async_request(request)
            async with aclosing(_chunks(response)) as chunks:
                async for chunk in chunks:
                    content += chunk
                    self._check_size(len(content))
        except (httpx.ReadError, httpx.DecodingError) as error:
            raise BrokenAnswer(f"{self.name} broke off its answer", service=self.name) from error
        except httpx.HTTPError as error:
            raise _TryAgain(type(error).__name__) from error
        return self._judged(Answer(response.status_code, response.headers, bytes(content)))

    def _check_size(self, size: int) -> None:
        if size > self._max_bytes:
            raise BrokenAnswer(f"the answer of {self.name} is too large", service=self.name)

    def _judged(self, answer: Answer) -> Answer:
        if answer.status in self._passing:
            raise _TryAgain(f"status {answer.status}", answer)
        if 300 <= answer.status < 400 and answer.status != 304:  # noqa: PLR2004  HTTP classes
            raise BrokenAnswer(f"{self.name} pointed elsewhere", service=self.name)
        return answer

    def _httpx_transport(self) -> httpx.AsyncBaseTransport:
        if self._adapter is None:
            # The session decides about TLS; without this, a store of authorities would be loaded.
            unused = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._adapter = AiohttpTransport(verify=unused, client=self._open_session)
        return self._adapter

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, keepalive_timeout=_KEEP_ALIVE_S, ttl_dns_cache=10
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept-Encoding", "Content-Type"),
            )
            # aiohttp would repeat PUT and DELETE on its own; only this module repeats (GW-04).
            self._session._retry_connection = False  # noqa: SLF001
        return self._session


class _PolicyTransport(httpx.AsyncBaseTransport):
    """Gives an httpx client the policy of an Upstream."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._upstream.exchange(request)
        return httpx.Response(
            answer.status, headers=list(answer.headers.items()), content=answer.body
        )


async def _chunks(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("the transport does not answer asynchronously")
    try:
        async for chunk in response.stream:
            yield chunk
    finally:
        await response.stream.aclose()


def passed_on(deadline: Deadline) -> str:
    """Return the milliseconds the neighbour may use: 20 ms less than are left."""
    return str(max(0, int((deadline.left() - _HOP_S) * 1000)))


def refuse(service: str, response: httpx.Response) -> None:
    """Raise RemoteError if a neighbour's answer is an error, with the code it gave."""
    if response.status_code < 400:  # noqa: PLR2004  HTTP classes
        return
    kind = _REFUSALS.get(response.status_code, Kind.UNAVAILABLE)
    code, detail = _problem_of(response.content)
    raise RemoteError(service, kind, code, detail)


def _problem_of(content: bytes) -> tuple[str, str]:
    try:
        problem = json.loads(content)
        return str(problem["code"]), str(problem.get("detail", ""))
    except (ValueError, TypeError, KeyError):
        return "kit.unexpected", "the neighbour gave no reason"
