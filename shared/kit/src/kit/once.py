"""Repeatable writes (API-08): the same Idempotency-Key never has a second effect."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Header, Request, Response

from kit.auth import Caller
from kit.db import idempotency
from kit.db.idempotency import KeyReused, KeyTaken, Rendered, RequestInFlight, RequestKey
from kit.db.unit import Unit
from kit.errors import InvalidInput, Violation
from kit.openapi import NEEDED, declare
from kit.reply import dump, etag
from kit.wire import Answer

_KEY: Final = re.compile(r'"?([\x21\x23-\x5b\x5d-\x7e]{1,64})"?')
T = TypeVar("T")


class OnceRequest:
    """One write request that may be repeated; call it with the command to carry out."""

    def __init__(self, unit: Unit, caller: Caller, key: str, fingerprint: bytes) -> None:
        self._unit = unit
        self._client = caller.client
        self._key = key
        self._fingerprint = fingerprint

    async def __call__(
        self,
        command: Callable[[Unit], Awaitable[T]],
        answer: Callable[[T], Answer],
        *,
        status: int = 201,
        location: Callable[[T], str] | None = None,
    ) -> Response:
        """Carry the command out once; a repetition gets the first answer again.

        The answer is rendered and kept in the transaction of the effect, so that no crash can
        separate them. Refusals are not kept: nothing was done.
        """

        def render(value: T) -> Rendered:
            headers = {"content-type": "application/json"}
            if location is not None:
                headers["location"] = location(value)
            version = getattr(value, "version", None)
            if version is not None:
                headers["etag"] = etag(version)
            return Rendered(status, headers, dump(answer(value)))

        once = self._unit.once(RequestKey(self._client, self._key, self._fingerprint, render))
        try:
            await command(once)
        except KeyTaken:
            return await self._replay()
        return _response(once.rendered)

    async def _replay(self) -> Response:
        async with self._unit.read() as read:
            stored = await idempotency.find(read, self._client, self._key)
        if stored is None:
            raise RequestInFlight("the same request is being carried out right now")
        if stored.fingerprint != self._fingerprint:
            raise KeyReused("this Idempotency-Key came with another request before")
        response = Response(stored.body, stored.status, stored.headers)
        response.headers["idempotency-replayed"] = "true"
        return response


def _response(rendered: Rendered | None) -> Response:
    if rendered is None:
        raise RuntimeError("the command committed without tx.result")
    return Response(rendered.body, rendered.status, rendered.headers)


async def _once(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="1 to 64 visible ASCII characters, new for every new request.",
            json_schema_extra={NEEDED: True, "pattern": f"^{_KEY.pattern}$"},
        ),
    ] = None,
) -> OnceRequest:
    found = _KEY.fullmatch((idempotency_key or "").strip())
    if found is None:
        message = "must be 1 to 64 visible ASCII characters"
        violation = Violation("/header/idempotency-key", "kit.idempotency_key", message)
        raise InvalidInput("this operation needs an Idempotency-Key", errors=[violation])
    fingerprint = _fingerprint(request, getattr(request, "_json", None))
    return OnceRequest(await _unit(request), request.state.caller, found.group(1), fingerprint)


def _fingerprint(request: Request, body: Any) -> bytes:  # noqa: ANN401 (JSON is any of six types)
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    query = "&".join(sorted(request.url.query.split("&")))
    asked = f"{request.method} {request.url.path}?{query} {canonical}"
    caller: Caller = request.state.caller
    if caller.subject != caller.client:  # several people share a client, and not all they may see
        asked = f"{caller.organisation} {caller.subject} {asked}"
    return hashlib.sha256(asked.encode()).digest()


async def _unit(request: Request) -> Unit:
    unit: Unit = request.state.process.unit
    caller: Caller = request.state.caller
    return unit.on_behalf(caller.client, cause=str(request.state.request_id))


UnitDep = Annotated[Unit, Depends(_unit)]
Once = Annotated[OnceRequest, Depends(_once)]
declare("idempotency-key", KeyReused, RequestInFlight)
