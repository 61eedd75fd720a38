"""What the processes of the participants service are told from outside."""

from functools import cached_property
from pathlib import Path

from pydantic_settings import SettingsConfigDict

from kit.config import ServiceConfig
from participants.storage.safe import Safe


class Config(ServiceConfig):
    """Settings from `PARTICIPANTS_*`; the URLs say where the neighbours answer.

    KEY_ENCRYPTION_FILE holds the keys under which people are kept: only `web` and `run` need it.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="PARTICIPANTS_")

    port: int = 8103
    key_encryption_file: Path | None = None
    programmes_url: str = "http://127.0.0.1:8101"
    training_url: str = "http://127.0.0.1:8102"

    @cached_property
    def safe(self) -> Safe:
        """The keys under which people are kept, read when first needed; raises Unavailable."""
        return Safe.from_file(self.key_encryption_file)
