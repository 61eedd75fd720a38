"""python -m gateway run | openapi SERVICES [FILE] | token CLIENT | --print-config."""

import json
import sys
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn
from typing_extensions import override

from gateway.auth.partners import RegistryRefused
from gateway.config import Config
from gateway.main import Gateway, create_app, mint
from gateway.openapi import merge, read_documents, render
from gateway.protocol import EdgeProtocol
from gateway.views import VIEWS
from kit import log
from kit.auth import KeysUnreadable
from kit.clock import SystemClock

_DRAIN_S: Final = 20


class Server(uvicorn.Server):
    """Says that it is not ready from the moment it is told to stop."""

    def __init__(self, config: uvicorn.Config, app: Gateway) -> None:
        super().__init__(config)
        self._app = app

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.health.draining = True
        super().handle_exit(sig, frame)


def run(config: Config) -> None:
    """Serve until told to stop; requests that have begun are answered first."""
    log.configure("gateway")
    try:
        app = create_app(config)
    except (OSError, RegistryRefused, KeysUnreadable) as refusal:
        log.stopped(str(refusal))
        sys.exit(1)
    settings = uvicorn.Config(
        app,
        host=config.host,
        port=config.port,
        loop="uvloop",
        http=EdgeProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_DRAIN_S,
    )
    Server(settings, app).run()


def openapi(folder: str, file: str | None) -> None:
    """Merge the services' committed documents and print the result, or write it to a file."""
    text = render(merge(read_documents(Path(folder)), VIEWS))
    if file is None:
        sys.stdout.write(text)
    else:
        Path(file).write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    match arguments:
        case ["run"]:
            run(Config.load())
        case ["openapi", folder, *file] if len(file) <= 1:
            openapi(folder, file[0] if file else None)
        case ["token", client_id]:
            print(mint(Config.load(), client_id, SystemClock().now()))
        case ["--print-config"]:
            print(json.dumps(Config.load().shown(), indent=2))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
