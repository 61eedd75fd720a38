"""What the processes of the training service are told from outside."""

from typing import Final

from pydantic_settings import SettingsConfigDict

from kit.config import ServiceConfig

DEFAULT_URL: Final = "http://127.0.0.1:8080"


class Config(ServiceConfig):
    """Settings from `TRAINING_*`; `…_url` is where a neighbour answers."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="TRAINING_")

    port: int = 8102
    public_url: str = DEFAULT_URL
    programmes_url: str = "http://127.0.0.1:8101"
    participants_url: str = "http://127.0.0.1:8103"
