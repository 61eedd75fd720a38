"""Configuration: unknown and missing variables are named."""

from pathlib import Path
from typing import cast

import pytest
from pydantic_settings import SettingsConfigDict

from kit.auth import KeysUnreadable, TokenVerifier
from kit.config import BadConfigError, Config, ServiceConfig
from kit.db.revision import NotReady
from kit.service import Service, _ready


class ToyConfig(Config):
    model_config = SettingsConfigDict(env_prefix="TOYCFG_", frozen=True)

    port: int
    colour: str = "blue"


def test_the_environment_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOYCFG_PORT", "8101")
    assert ToyConfig.load().shown() == {"port": 8101, "colour": "blue"}


def test_an_unknown_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOYCFG_PORT", "8101")
    monkeypatch.setenv("TOYCFG_COLOR", "red")
    with pytest.raises(BadConfigError, match="TOYCFG_COLOR"):
        ToyConfig.load()


def test_a_missing_variable_is_named_without_values(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadConfigError, match="TOYCFG_PORT"):
        ToyConfig.load()
    monkeypatch.setenv("TOYCFG_PORT", "not-a-port-canary")
    with pytest.raises(BadConfigError) as caught:
        ToyConfig.load()
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "No such file or directory"), ("{secret-canary", "it holds no JSON")],
)
def test_key_file_when_gone_or_broken_then_it_is_named_without_values(
    tmp_path: Path, content: str | None, why: str
) -> None:
    file = tmp_path / "trusted.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(KeysUnreadable, match=f"{file} cannot be read: {why}") as caught:
        TokenVerifier.from_file(file, audience="toy")
    assert "canary" not in str(caught.value)


async def test_service_when_a_key_file_is_broken_then_it_is_said_before_the_door_opens(
    tmp_path: Path,
) -> None:
    file = tmp_path / "trusted.json"
    file.write_text("{broken", encoding="utf-8")
    key = tmp_path / "toy.json"
    key.write_text("{}", encoding="utf-8")
    config = ServiceConfig(port=1, database_url="", key_file=key, trusted_keys_file=file)
    with pytest.raises(KeysUnreadable, match=str(file)):
        await _ready(cast("Service", None), config, "web")


async def test_worker_when_it_has_the_key_it_signs_with_then_begins_without_those_it_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked(*_: object) -> None:
        raise NotReady("the database was asked")

    monkeypatch.setattr("kit.service.let_in", asked)
    key, away = tmp_path / "toy.json", tmp_path / "trusted.json"
    key.write_text("{}", encoding="utf-8")
    config = ServiceConfig(port=1, database_url="", key_file=key, trusted_keys_file=away)
    with pytest.raises(KeysUnreadable, match=str(away)):
        await _ready(cast("Service", None), config, "run")
    with pytest.raises(NotReady, match="was asked"):
        await _ready(cast("Service", None), config, "worker")
