"""What the gateway is told from outside."""

from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from kit import config

SERVICES: Final = ("programmes", "training", "participants")
_MOST_S: Final = 900


class Config(config.Config):
    """Environment variables GATEWAY_*; secrets are files.

    `issuer` names the built-in token issuer (its `iss`, and the `aud` of client assertions);
    it exists only where `access_key_file` is set. `callers_file` maps a client id to its
    organisation, country, scopes and public key. `trusted_issuers_file` lists outside issuers.
    Lifetimes are seconds; beyond 900 they are for the local stack only.
    """

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8080
    env: Literal["local", "production"] = "local"
    programmes_url: str = "http://127.0.0.1:8101"
    training_url: str = "http://127.0.0.1:8102"
    participants_url: str = "http://127.0.0.1:8103"
    key_file: Path
    callers_file: Path
    issuer: str = "urn:entente:issuer"
    audience: str = "urn:entente:api"
    access_key_file: Path | None = None
    trusted_issuers_file: Path | None = None
    token_lifetime_s: int = Field(default=_MOST_S, ge=1)
    token_max_lifetime_s: int = Field(default=_MOST_S, ge=1)
    max_in_flight: int = Field(default=200, ge=1)

    @model_validator(mode="after")
    def _short_lived_in_production(self) -> Self:
        if self.env == "production" and self.token_max_lifetime_s > _MOST_S:
            raise ValueError(f"access tokens live at most {_MOST_S} seconds in production")
        if self.token_lifetime_s > self.token_max_lifetime_s:
            raise ValueError("the issuer's tokens live longer than the gateway accepts")
        return self

    def url_of(self, service: str) -> str:
        """Return the address of a service by its name."""
        return str(getattr(self, f"{service}_url"))
