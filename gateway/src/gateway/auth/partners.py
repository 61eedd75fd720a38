"""Registered clients: which organisation, country and scopes a `client_id` speaks for."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from kit.auth import FEED, Caller


class Client(BaseModel):
    """One registered client. `jwk` is the public key of its assertions, if it may ask for tokens.

    `people` says that the client is a frontend whose users bring tokens of an outside issuer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: str = Field(min_length=1, max_length=64)
    country: str = Field(default="", pattern="^([A-Z]{2})?$")
    scopes: frozenset[str]
    jwk: dict[str, Any] | None = None
    people: bool = False


_REGISTRY = TypeAdapter(dict[str, Client])


class Registry:
    """Every client that may ask for anything. Read once, at the start of the process."""

    def __init__(self, clients: Mapping[str, Client]) -> None:
        self._clients = dict(clients)

    @classmethod
    def from_file(cls, path: Path) -> "Registry":
        """Read the registry: a JSON object from client id to client."""
        return cls(_REGISTRY.validate_python(json.loads(path.read_text(encoding="utf-8"))))

    def find(self, client_id: str) -> Client | None:
        """Return a registered client, or None."""
        return self._clients.get(client_id)


def caller_of_partner(client_id: str, client: Client, *, subject: str, scope: str) -> Caller:
    """Return the caller of a client's own token: never more than it is registered for now.

    The scope of the inward feeds is never given to anyone outside.
    """
    return Caller(
        client=client_id,
        subject=subject,
        organisation=client.organisation,
        country=client.country,
        scopes=(frozenset(scope.split()) & client.scopes) - {FEED},
    )
