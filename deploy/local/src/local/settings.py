"""Where things are: the repository, the folder of this installation, the public port."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.trouble import Trouble

ROOT = Path(__file__).resolve().parents[4]
SERVICES = ("programmes", "training", "participants")
MEMBERS = (
    "shared/kit",
    "shared/contracts",
    *(f"services/{name}" for name in SERVICES),
    "gateway",
    "deploy/local",
)
_DEFAULT_PORT = 8080
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Settings:
    """`home` (ENTENTE_HOME) holds data, keys and logs; `port` (ENTENTE_PORT) is the gateway's."""

    home: Path
    port: int

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """Take both from the environment; a relative folder is relative to the repository."""
        home = Path(environment.get("ENTENTE_HOME") or ".local").expanduser()
        return cls(home=Path(os.path.normpath(ROOT / home)), port=_port(environment))

    @property
    def logs(self) -> Path:
        """Folder of one log file per process."""
        return self.home / "logs"

    @property
    def keys(self) -> Path:
        """Folder of the private keys, made at the first start."""
        return self.home / "keys"

    @property
    def run_file(self) -> Path:
        """What scripts read to find the running system."""
        return self.home / "run.json"


def _port(environment: Mapping[str, str]) -> int:
    said = environment.get("ENTENTE_PORT") or str(_DEFAULT_PORT)
    if not said.isascii() or not said.isdigit() or not 0 < int(said) <= _LAST_PORT:
        raise Trouble(f"ENTENTE_PORT must be a whole number from 1 to {_LAST_PORT}, not {said!r}.")
    return int(said)
