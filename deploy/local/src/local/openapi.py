"""The committed OpenAPI documents: `python -m local.openapi` writes, `--check` compares them.

Each service describes itself; the gateway merges what the services say into the public document.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from local.progress import complain
from local.settings import ROOT, SERVICES
from local.trouble import Trouble, sentence_in

_PUBLIC: Final = "gateway/src/gateway/openapi.json"


def documents() -> dict[str, str]:
    """Return every document as the code describes it now, by its path in the repository."""
    found = {f"services/{name}/openapi.json": _said(name, "openapi") for name in SERVICES}
    with tempfile.TemporaryDirectory() as folder:
        for path, text in found.items():
            copy = Path(folder, path.removeprefix("services/"))
            copy.parent.mkdir()
            copy.write_text(text, encoding="utf-8")
        return {**found, _PUBLIC: _said("gateway", "openapi", folder)}


def _said(package: str, *words: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(package.upper())}
    command = [sys.executable, "-m", package, *words]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise Trouble(f"{package} cannot describe itself: {sentence_in(done.stderr)}")
    return done.stdout


def outdated(found: dict[str, str]) -> list[str]:
    """Return the paths of committed documents that differ from the code."""
    return [path for path, text in found.items() if _committed(ROOT / path) != text]


def _committed(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def main() -> int:
    """Write or check; return 1 when a snapshot is not up to date."""
    try:
        found = documents()
    except Trouble as trouble:
        complain(str(trouble))
        return 1
    changed = outdated(found)
    if "--check" in sys.argv[1:]:
        for path in changed:
            complain(f"{path} is not what the code describes: run `make openapi`, read the diff.")
        return 1 if changed else 0
    for path in changed:
        (ROOT / path).write_text(found[path], encoding="utf-8")
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
