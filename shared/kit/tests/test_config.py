"""Configuration: unknown and missing variables are named."""

import pytest
from pydantic_settings import SettingsConfigDict

from kit.config import BadConfigError, Config


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
