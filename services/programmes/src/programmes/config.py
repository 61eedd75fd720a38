"""Settings of the programmes service, from variables that begin with PROGRAMMES_."""

from pydantic_settings import SettingsConfigDict

from kit.config import ServiceConfig


class Config(ServiceConfig):
    """Where this process listens, its database, its keys, and the neighbours it follows."""

    model_config = SettingsConfigDict(env_prefix="PROGRAMMES_")

    port: int = 8101
    participants_url: str = "http://127.0.0.1:8103"
    training_url: str = "http://127.0.0.1:8102"
