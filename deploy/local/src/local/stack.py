"""What runs: each process with its command, its settings and the order of start and stop."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from local.children import Program
from local.postgres import Cluster
from local.probe import free_port
from local.settings import SERVICES, Settings

NEIGHBOURS: Mapping[str, tuple[str, ...]] = {
    "programmes": ("participants", "training"),
    "training": ("programmes", "participants"),
    "participants": ("programmes", "training"),
}
STOP_ORDER = (("gateway",), SERVICES, ("postgres",))
TOKEN_LIFETIME_S = 12 * 60 * 60
_NOT_INHERITED = ("PYTHON", "PG", "ENTENTE_", "MAKE", "MFLAGS")


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what children inherit: nothing that would change which database or code they use."""
    kept = {k: v for k, v in environment.items() if not k.startswith(_NOT_INHERITED)}
    return {**kept, "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True, slots=True)
class Stack:
    """The processes of one installation; ports of services are chosen anew at each start."""

    settings: Settings
    cluster: Cluster
    ports: Mapping[str, int]
    environment: Mapping[str, str]

    @classmethod
    def plan(cls, settings: Settings) -> "Stack":
        """Choose ports and the environment of all children."""
        environment = clean_environment(os.environ)
        ports = {**{name: free_port() for name in SERVICES}, "gateway": settings.port}
        return cls(settings, Cluster(settings, environment), ports, environment)

    def url(self, name: str) -> str:
        """Return where a process listens."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def service(self, name: str) -> Program:
        """Return the web and worker process of a service."""
        return self._program(name, name, "run", self._service_settings(name))

    def job(self, name: str, task: str) -> Program:
        """Return a one-shot of a service: migrate or load."""
        return self._program(f"{name}-{task}", name, task, self._service_settings(name))

    def gateway(self) -> Program:
        """Return the gateway process."""
        keys = self.settings.keys
        urls = {f"{name}_url": self.url(name) for name in SERVICES}
        own = {
            "host": "127.0.0.1",
            "port": self.ports["gateway"],
            "env": "local",
            "key_file": keys / "gateway.json",
            "access_key_file": keys / "issuer.json",
            "callers_file": keys / "callers.json",
            "token_lifetime_s": TOKEN_LIFETIME_S,
            "token_max_lifetime_s": TOKEN_LIFETIME_S,
        }
        return self._program("gateway", "gateway", "run", {**own, **urls})

    def tool(self, name: str, module: str, *words: str) -> Program:
        """Return a one-shot of the supervisor's own, in a process of its own to save memory."""
        command = (sys.executable, "-m", module, *words)
        return Program(name, command, self.environment, module=(module, *words))

    def _service_settings(self, name: str) -> dict[str, object]:
        urls = {f"{each}_url": self.url(each) for each in NEIGHBOURS[name]}
        return {
            "host": "127.0.0.1",
            "port": self.ports[name],
            "env": "local",
            "database_url": self.cluster.url(name, name),
            "owner_database_url": self.cluster.url(f"{name}_owner", name),
            "key_file": self.settings.keys / f"{name}.json",
            "trusted_keys_file": self.settings.keys / "trusted.json",
            **self._own_settings(name),
            **urls,
        }

    def _own_settings(self, name: str) -> dict[str, object]:
        own: dict[str, dict[str, object]] = {
            "training": {"public_url": self.url("gateway")},
            "participants": {
                "key_encryption_file": self.settings.keys / "encryption.json",
                "retired_keys_file": self.settings.keys / "retired.json",
            },
        }
        return own.get(name, {})

    def _program(
        self, name: str, package: str, task: str, settings: Mapping[str, object]
    ) -> Program:
        own = {f"{package}_{key}".upper(): str(value) for key, value in settings.items()}
        command = (sys.executable, "-m", package, task)
        environment = {**self.environment, **own}
        return Program(name, command, environment, module=(package, task))
