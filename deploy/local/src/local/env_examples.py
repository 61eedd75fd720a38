"""The settings of every process as files: `python -m local.env_examples` writes deploy/env/."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kit.config import Config
from local.settings import ROOT, SERVICES

FOLDER: Final = ROOT / "deploy" / "env"
_NAMES: Final = (*SERVICES, "gateway")


def examples() -> dict[Path, str]:
    """Return the text of every example file, from the configuration classes."""
    return {FOLDER / f"{name}.env.example": _example(name) for name in _NAMES}


def _example(name: str) -> str:
    config = importlib.import_module(f"{name}.config").Config
    lines = [f"# Settings of {name}, written by `make env`. A commented line shows a default.", "#"]
    lines += _told(config)
    return "\n".join([*lines, "", *_variables(config)]) + "\n"


def _told(config: type[Config]) -> Iterator[str]:
    for line in (config.__doc__ or "").strip().splitlines():
        yield f"# {line.strip()}".rstrip()


def _variables(config: type[Config]) -> Iterator[str]:
    prefix = str(config.model_config["env_prefix"])
    for name, field in config.model_fields.items():
        variable = f"{prefix}{name}".upper()
        if field.is_required():
            yield f"{variable}="
        else:
            default = "" if field.default is None else field.default
            yield f"# {variable}={default}"


def main() -> int:
    """Write every example."""
    for path, text in examples().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
