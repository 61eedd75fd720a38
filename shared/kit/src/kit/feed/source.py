"""Where a follower gets facts from: the feed of another service over HTTP."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from kit.auth import TokenSigner, service_caller
from kit.clock import Clock
from kit.errors import Unavailable
from kit.facts import Envelope
from kit.seal import CursorExpired, EpochChanged

_GRACE_S: Final = 10
_GONE: Final = 410
_OK: Final = 200


class Reach(BaseModel):
    """How far the feed itself reaches."""

    model_config = ConfigDict(frozen=True)
    position: int


class FeedPage(BaseModel):
    """One page of a feed. `next` is where to ask on; `has_more` is false at the end."""

    model_config = ConfigDict(frozen=True)
    items: Sequence[Envelope]
    next: str
    has_more: bool
    horizon: Reach


class FeedSource(Protocol):
    """A feed that can be followed."""

    @property
    def name(self) -> str:
        """The service whose feed it is."""
        ...

    async def fetch(
        self, after: str | None, *, wait: int, limit: int, types: Iterable[str]
    ) -> FeedPage:
        """Return what comes after a cursor; wait so many seconds where there is nothing.

        Only facts of these types are wanted; a source may give others too.

        Raises EpochChanged and CursorExpired when the cursor is of no use any more, Unavailable
        when the neighbour does not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class HttpFeedSource:
    """The feed of the service `name`, asked with a token of the process that follows it.

    `client` comes from `kit.http.Upstream`, which turns trouble on the way into refusals.
    """

    name: str
    client: httpx.AsyncClient
    signer: TokenSigner
    clock: Clock

    async def fetch(
        self, after: str | None, *, wait: int, limit: int, types: Iterable[str]
    ) -> FeedPage:
        """Ask for a page."""
        caller = service_caller(self.signer.issuer)
        token = self.signer.sign(caller, audience=self.name, now=self.clock.now())
        params = {"limit": str(limit), "types": ",".join(types)}
        response = await self.client.get(
            "/internal/feed",
            params=params | ({} if after is None else {"after": after}),
            headers={"authorization": f"Bearer {token}", "prefer": f"wait={wait}"},
            timeout=wait + _GRACE_S,
        )
        return _read(self.name, response)


def _read(name: str, response: httpx.Response) -> FeedPage:
    if response.status_code == _GONE:
        epoch_changed = _code(response) == EpochChanged.code
        raise (EpochChanged if epoch_changed else CursorExpired)(f"{name} ended this cursor")
    if response.status_code != _OK:
        raise Unavailable(f"{name} answered {response.status_code} {_code(response)}")
    try:
        return FeedPage.model_validate_json(response.content)
    except ValidationError as error:
        raise Unavailable(f"{name} sent a page that cannot be read") from error


def _code(response: httpx.Response) -> str:
    try:
        problem: Any = response.json()
    except ValueError:
        return ""
    return str(problem.get("code", "")) if isinstance(problem, dict) else ""
