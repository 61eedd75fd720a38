"""What the processes of the participants service are told from outside."""

from functools import cached_property
from pathlib import Path

from pydantic_settings import SettingsConfigDict
from typing_extensions import override

from kit.config import BadConfigError, ServiceConfig
from kit.errors import Unavailable
from participants.storage.notary import Notary
from participants.storage.safe import Safe


class Config(ServiceConfig):
    """Settings from `PARTICIPANTS_*`; the URLs say where the neighbours answer.

    KEY_ENCRYPTION_FILE holds the keys under which people are kept: only `web` and `run` need it.
    RETIRED_KEYS_FILE holds public keys this process had before (a JWK set): what it signed with
    them in the access log stays readable.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="PARTICIPANTS_")

    port: int = 8103
    key_encryption_file: Path | None = None
    retired_keys_file: Path | None = None
    programmes_url: str = "http://127.0.0.1:8101"
    training_url: str = "http://127.0.0.1:8102"

    @cached_property
    def safe(self) -> Safe:
        """The keys under which people are kept, read when first needed; raises Unavailable."""
        return Safe.from_file(self.key_encryption_file)

    @cached_property
    def notary(self) -> Notary:
        """Who signs the heads of the access log: this process, with the key of its tokens."""
        retired = self.retired_keys_file
        public = [self.trusted_keys_file, *([] if retired is None else [retired])]
        return Notary.from_files(self.key_file, *public)

    @override
    def must_serve(self) -> None:
        """Refuse to start with a key file that is named and cannot be used, or without any in use.

        Only a local run may do without: then nobody's identity can be kept or read.
        """
        if self.key_encryption_file is None and self.env == "local":
            return
        try:
            _ = self.safe
        except Unavailable as error:
            raise BadConfigError(f"PARTICIPANTS_KEY_ENCRYPTION_FILE: {error.detail}.") from None
