"""The feed of a service over HTTP: whole for the services that follow it, filtered for partners."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, Query, Request, Response

from kit.auth import FEED, Caller
from kit.feed.page import LIMIT, WAIT_S, Asked, page
from kit.problems import problems
from kit.route import StrictRoute, requires
from kit.seal import CursorExpired, CursorInvalid, EpochChanged
from kit.wire import Answer, Instant

_WAIT: Final = re.compile(r"(?:^|[,;\s])wait=(\d{1,3})(?:$|[,;\s])")


class Change(Answer):
    """A CloudEvents 1.0 event; `data` is absent when `op` is `out_of_scope`.

    Apply it if its `sequence` is greater than the one you have of this `subject`.
    """

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: Instant
    sequence: int
    position: int
    cause: str
    op: Literal["upsert", "out_of_scope"]
    data: dict[str, Any] | None = None


class HorizonShown(Answer):
    """How far the feed reaches at this moment."""

    position: int
    at: Instant


class Changes(Answer):
    """One page. Ask again with `after` = `next`; when `has_more` is false you have caught up."""

    items: Sequence[Change]
    next: str
    has_more: bool
    horizon: HorizonShown


Follower = Annotated[Caller, requires(FEED)]
Partner = Annotated[Caller, requires("changes:read")]
After = Annotated[str | None, Query(max_length=400, description="`next` of the page before.")]
Types = Annotated[
    str | None, Query(max_length=1000, description="Only these types, separated by commas.")
]
Limit = Annotated[int, Query(ge=1, description="At most this many; more than 500 means 500.")]
Prefer = Annotated[str | None, Header(description="`wait=20`: wait up to 20 s for a change.")]
_REFUSALS: Final = problems(CursorInvalid, EpochChanged, CursorExpired)


def feed_router(source: str) -> APIRouter:
    """Return the routes of a service's feed: whole for services, filtered for partners."""
    router = APIRouter(route_class=StrictRoute, tags=["changes"])

    @router.get("/internal/feed", operation_id="feed", response_model=Changes, responses=_REFUSALS)
    async def internal(
        request: Request,
        caller: Follower,
        *,
        after: After = None,
        limit: Limit = LIMIT,
        types: Types = None,
        prefer: Prefer = None,
    ) -> Response:
        """Tell every fact of this service, or of some types, to services that follow it."""
        size, wait = min(limit, LIMIT), _wait(prefer)
        asked = Asked(after, size, wait, caller.client, None, _chosen(types))
        return await _answer(request, source, asked)

    @router.get("/v1/changes", operation_id="changes", response_model=Changes, responses=_REFUSALS)
    async def public(
        request: Request,
        caller: Partner,
        *,
        after: After = None,
        limit: Limit = LIMIT,
        types: Types = None,
        prefer: Prefer = None,
    ) -> Response:
        """Tell what changed in records the caller may see, and which ones it no longer may see."""
        size, wait = min(limit, LIMIT), _wait(prefer)
        asked = Asked(after, size, wait, caller.client, caller.audience, _chosen(types))
        return await _answer(request, source, asked)

    return router


async def _answer(request: Request, source: str, asked: Asked) -> Response:
    body = await page(request.state.process.unit, source, asked)
    return Response(body, media_type="application/json")


def _chosen(types: str | None) -> frozenset[str] | None:
    return None if types is None else frozenset(types.split(","))


def _wait(prefer: str | None) -> int:
    found = _WAIT.search(prefer or "")
    return min(int(found.group(1)), WAIT_S) if found else 0
