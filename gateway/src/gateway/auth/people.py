"""People behind a frontend: tokens of outside issuers (OIDC), for organisations they may name."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from gateway.auth.partners import Client
from kit.auth import FEED, Caller, keys_in
from kit.errors import Unauthenticated


class Issuer(BaseModel):
    """An issuer whose access tokens are accepted, its public keys, and for whom it may speak.

    `organisations` maps an organisation code that tokens may carry in `org` to its country; a
    token without `org` speaks for the organisation of its client.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(min_length=1)
    jwks: dict[str, Any]
    organisations: dict[str, str] = Field(default_factory=dict)


_ISSUERS = TypeAdapter(list[Issuer])


def trusted_issuers(path: Path | None) -> list[Issuer]:
    """Read the outside issuers from a JSON list; none where there is no file."""
    if path is None:
        return []
    return _ISSUERS.validate_python(keys_in(path))


def caller_of_person(
    claims: dict[str, Any], client_id: str, client: Client, issuer: Issuer
) -> Caller:
    """Return the caller of a person's token; refuse an organisation its issuer may not name."""
    organisation = claims.get("org", client.organisation)
    country = issuer.organisations.get(str(organisation))
    if not client.people or (organisation != client.organisation and country is None):
        raise Unauthenticated("the issuer may not speak for this organisation")
    scope = str(claims.get("scope", ""))
    return Caller(
        client=client_id,
        subject=str(claims["sub"]),
        organisation=str(organisation),
        country=client.country if country is None else country,
        scopes=(frozenset(scope.split()) & client.scopes) - {FEED},
    )
