"""Strict routes: scope first, then every violation of query and body at once."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any, Final, get_args
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.routing import APIRoute
from typing_extensions import override

from kit.auth import Caller
from kit.errors import InvalidInput, ScopeMissing, Violation
from kit.problems import BodyTooLate, TooLarge, UnsupportedContent
from kit.strict import (
    MAX_VIOLATIONS,
    hidden_characters,
    malformed,
    parse_json,
    pointer,
    violations_of,
)

BODY_BYTES: Final = 1024 * 1024
_BODY_S: Final = 10.0
_SPELLED: Final = {
    UUID: (re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), "uuid_parsing"),
    int: (re.compile(r"-?(0|[1-9][0-9]*)"), "int_parsing"),
}
_EMPTY: Final = frozenset({b"", b"{}"})
_WRITING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class RequiresScope:
    """A dependency that gives the caller, if it was given the scope."""

    def __init__(self, scope: str) -> None:
        self.scope = scope

    def check(self, caller: Caller) -> Caller:
        """Return the caller, or raise ScopeMissing."""
        if self.scope not in caller.scopes:
            raise ScopeMissing(f"this operation needs the scope {self.scope}")
        return caller

    async def __call__(self, request: Request) -> Caller:
        """Return the caller that the door of the service knows."""
        caller: Caller = request.state.caller
        return self.check(caller)


def requires(scope: str) -> Any:  # noqa: ANN401 (FastAPI reads it as a dependency)
    """Return the dependency of a route that needs `scope`; the OpenAPI document names it."""
    return Depends(RequiresScope(scope))


def scope_of(route: APIRoute) -> str | None:
    """Return the scope a route needs, or None where it needs no caller."""
    found = [node.call for node in _tree(route.dependant)]
    return next((call.scope for call in found if isinstance(call, RequiresScope)), None)


def misspelled(field: ModelField, text: str) -> str | None:
    """Return the code of what is wrong with how a number or UUID of the URL is written, if it is.

    Python reads `1_0`, ` +1` and `{…}` too; then one record has many addresses.
    """
    kinds = {field.field_info.annotation, *get_args(field.field_info.annotation)}
    found = next((spelled for kind, spelled in _SPELLED.items() if kind in kinds), None)
    return None if found is None or found[0].fullmatch(text) else f"kit.{found[1]}"


def _tree(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for child in dependant.dependencies:
        yield from _tree(child)


class StrictRoute(APIRoute):
    """A route that refuses what it did not declare (API-03) and checks the scope first."""

    body_bytes = BODY_BYTES

    @override
    def get_route_handler(self) -> _Handler:
        handler = super().get_route_handler()
        nodes = list(_tree(self.dependant))
        known = {param.alias: param for node in nodes for param in node.query_params}
        places = {param.alias: param for node in nodes for param in node.path_params}
        guards = [node.call for node in nodes if isinstance(node.call, RequiresScope)]
        takes_body = self.body_field is not None

        async def strict(request: Request) -> Response:
            for guard in guards:
                guard.check(request.state.caller)
            violations = [*_query_violations(request, known), *_path_violations(request, places)]
            if request.method in _WRITING:
                violations += await self._read_body(request, takes_body=takes_body)
            if violations:
                violations += self._other_violations(request, nodes, violations)
                found = violations[:MAX_VIOLATIONS]
                raise InvalidInput("the request cannot be accepted", errors=found)
            return await handler(request)

        return strict

    def _other_violations(
        self, request: Request, nodes: Sequence[Dependant], known: Sequence[Violation]
    ) -> Iterator[Violation]:
        """Yield what the models would refuse besides, so that nobody has to ask twice."""
        named = {each.pointer for each in known}
        for violation in violations_of(self._faults(request, nodes)):
            if violation.pointer not in named:
                yield violation

    def _faults(self, request: Request, nodes: Sequence[Dependant]) -> Iterator[dict[str, Any]]:
        for node in nodes:
            yield from request_params_to_args(node.path_params, request.path_params)[1]
            yield from request_params_to_args(node.query_params, request.query_params)[1]
            yield from request_params_to_args(node.header_params, request.headers)[1]
        if self.body_field is not None and hasattr(request, "_json"):
            yield from self.body_field.validate(request._json, {}, loc=("body",))[1]  # noqa: SLF001

    @property
    def _needs_body(self) -> bool:
        return self.body_field is None or self.body_field.field_info.is_required()

    async def _read_body(self, request: Request, *, takes_body: bool) -> list[Violation]:
        body = await bounded_body(request, self.body_bytes)
        if not takes_body:
            if body.strip() in _EMPTY:
                return []
            return list(malformed("kit.body_unexpected", "this operation takes no body").errors)
        if not body and not self._needs_body:
            return []
        require_json(request)
        try:
            request._json = parse_json(body)  # noqa: SLF001
        except InvalidInput as error:
            return list(error.errors)
        return []


def _query_violations(request: Request, known: Mapping[str, ModelField]) -> Iterator[Violation]:
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        place = pointer(["query", name])
        if name not in known:
            yield Violation(place, "kit.unknown_parameter", "this operation has no such parameter")
        elif name in seen:
            yield Violation(place, "kit.repeated_parameter", "the parameter is given twice")
        elif hidden_characters(value):
            yield Violation(place, "kit.hidden_character", "NUL and surrogates are not text")
        elif code := misspelled(known[name], value):
            yield Violation(place, code, "must be written the one usual way")
        seen.add(name)


def _path_violations(request: Request, places: Mapping[str, ModelField]) -> Iterator[Violation]:
    for name, value in request.path_params.items():
        place = pointer(["path", name])
        if hidden_characters(str(value)):
            yield Violation(place, "kit.hidden_character", "NUL and surrogates are not text")
        elif name in places and (code := misspelled(places[name], str(value))):
            yield Violation(place, code, "must be written the one usual way")


async def bounded_body(request: Request, limit: int) -> bytes:
    """Return the body, kept with the request, or raise TooLarge or BodyTooLate."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > limit:
        raise TooLarge(f"this operation accepts at most {limit} bytes")
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_BODY_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise TooLarge(f"this operation accepts at most {limit} bytes")
                chunks.append(chunk)
    except TimeoutError:
        raise BodyTooLate("the body did not arrive within ten seconds") from None
    request._body = b"".join(chunks)  # noqa: SLF001
    return request._body  # noqa: SLF001


def require_json(request: Request) -> None:
    """Raise UnsupportedContent unless the body is said to be the JSON that the method reads."""
    wanted = "application/merge-patch+json" if request.method == "PATCH" else "application/json"
    media, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.strip().removeprefix("charset=").strip('"')
    if media.strip() != wanted or charset not in {"", "utf-8"}:
        raise UnsupportedContent(f"this operation reads {wanted} in UTF-8")
