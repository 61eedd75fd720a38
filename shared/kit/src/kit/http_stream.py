"""Answers of neighbours that go on: begun under the policy of kit.http, read as they come."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp
import httpx
from yarl import URL

from kit.errors import TimedOut, Unavailable
from kit.http import TIMEOUT_HEADER, Deadline, Upstream, passed_on

_UNTIMED: Final = aiohttp.ClientTimeout(total=None)


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer whose body still comes."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


class StreamingUpstream(Upstream):
    """A neighbour that may also be listened to; every listener takes a place of its limit."""

    @asynccontextmanager
    async def stream(
        self, target: str, *, headers: Mapping[str, str], deadline: Deadline
    ) -> AsyncIterator[Streamed]:
        """GET `target`; the deadline is that of the beginning. Nothing is repeated.

        Raise TimedOut or Unavailable. An answer that is broken off just ends: whoever listens
        connects again and says what it has heard.
        """
        self._admit()
        await self._take_slot()
        try:
            async with self._begun(
                target, {**headers, TIMEOUT_HEADER: passed_on(deadline)}, deadline
            ) as begun:
                yield begun
        finally:
            self._slots.release()

    @asynccontextmanager
    async def _begun(
        self, target: str, headers: Mapping[str, str], deadline: Deadline
    ) -> AsyncIterator[Streamed]:
        if self._transport is not None:
            request = httpx.Request("GET", self.base_url + target, headers=headers)
            answer = await self._transport.handle_async_request(request)
            yield Streamed(answer.status_code, answer.headers, answer.aiter_raw())
            return
        response = await self._response(target, headers, deadline)
        try:
            yield Streamed(response.status, response.headers, _chunks(response))
        finally:
            response.close()

    async def _response(
        self, target: str, headers: Mapping[str, str], deadline: Deadline
    ) -> aiohttp.ClientResponse:
        url = URL(self.base_url + target, encoded=True)
        try:
            async with asyncio.timeout(max(0, deadline.left())):
                response = await self._open_session().get(
                    url, headers=headers, allow_redirects=False, timeout=_UNTIMED
                )
        except TimeoutError as error:
            self._breaker.failed()
            raise TimedOut(f"{self.name} did not answer in time", service=self.name) from error
        except aiohttp.ClientError as error:
            self._breaker.failed()
            raise Unavailable(
                f"{self.name} cannot be reached", service=self.name, retry_after_s=1
            ) from error
        self._breaker.succeeded()
        return response


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.content.iter_any():
            yield chunk
    except aiohttp.ClientError:
        return
