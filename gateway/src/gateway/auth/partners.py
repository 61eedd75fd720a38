"""Registered clients: which organisation, country and scopes a `client_id` speaks for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from kit.auth import FEED, Caller
from kit.errors import InvalidInput
from kit.strict import parse_json


class RegistryRefused(Exception):
    """The registry is not fit to begin with; says where and why, and shows no value of it."""


def public_key(jwk: Mapping[str, Any]) -> Any:  # noqa: ANN401  joserfc has one class per key type
    """Import a public key; a shared secret is refused."""
    if jwk.get("kty") == "oct":
        raise ValueError("a shared secret is not a public key")
    return JWKRegistry.import_key(dict(jwk))


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

    @field_validator("jwk")
    @classmethod
    def _is_public(cls, jwk: dict[str, Any] | None) -> dict[str, Any] | None:
        if jwk is None:
            return None
        if "d" in jwk:
            raise ValueError("is a private key: only its public half belongs here")
        try:
            public_key(jwk)
        except (JoseError, ValueError):
            raise ValueError("is no public key") from None
        return jwk


_REGISTRY = TypeAdapter(dict[str, Client])


class Registry:
    """Every client that may ask for anything. Read once, at the start of the process."""

    def __init__(self, clients: Mapping[str, Client]) -> None:
        self._clients = dict(clients)

    @classmethod
    def from_file(cls, path: Path) -> "Registry":
        """Read the registry: a JSON object from client id to client; raises RegistryRefused."""
        try:
            return cls(_REGISTRY.validate_python(parse_json(path.read_bytes())))
        except InvalidInput as error:
            raise RegistryRefused(f"{path}: {error.errors[0].message}") from None
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(step) for step in first["loc"])
            raise RegistryRefused(f"{path}: {place}: {first['msg']}") from None

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
