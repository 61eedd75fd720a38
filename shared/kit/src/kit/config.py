"""Configuration: a frozen model read once from the environment; errors name the variable."""

import os
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class BadConfigError(SystemExit):
    """The environment does not describe a process that can start; the message says why."""


class Config(BaseSettings):
    """What a process is told from outside. Subclasses set `env_prefix`; secrets are files."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    @classmethod
    def load(cls) -> Self:
        """Read the environment once; raise BadConfigError naming every variable at fault."""
        prefix = str(cls.model_config.get("env_prefix", ""))
        known = {f"{prefix}{name}".upper() for name in cls.model_fields}
        unknown = sorted(
            name for name in os.environ if name.startswith(prefix) and name not in known
        )
        if unknown:
            raise BadConfigError(f"Unknown setting {', '.join(unknown)}: remove or correct it.")
        try:
            return cls()
        except ValidationError as error:
            raise BadConfigError(_sentence(prefix, error)) from None

    def shown(self) -> dict[str, Any]:
        """Return the values for `--print-config`; secrets are files, so only paths appear."""
        return self.model_dump(mode="json")


def _sentence(prefix: str, error: ValidationError) -> str:
    faults = [
        f"{prefix}{'_'.join(str(part) for part in fault['loc'])}".upper() + f" ({fault['msg']})"
        for fault in error.errors(include_input=False, include_url=False)
    ]
    return f"Settings missing or wrong: {'; '.join(faults)}."


class ServiceConfig(Config):
    """What every service is told. Database URLs carry no password: those are files."""

    host: str = "127.0.0.1"
    port: int
    env: Literal["local", "production"] = "local"
    database_url: str
    database_password_file: Path | None = None
    owner_database_url: str | None = None
    owner_password_file: Path | None = None
    key_file: Path
    trusted_keys_file: Path

    def must_serve(self) -> None:
        """Raise BadConfigError if something is missing that only a serving process needs."""


def secret(path: Path | None) -> str | None:
    """Return the content of a secret file without its line end, or None where there is none."""
    return None if path is None else path.read_text(encoding="utf-8").strip()
