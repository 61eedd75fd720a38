"""Starts a new migration: `python -m local.migration training expand_trip_ruleset`."""

import re
import sys
from pathlib import Path
from typing import Final

from local.progress import complain
from local.settings import ROOT, SERVICES
from local.trouble import Trouble

_NAME: Final = re.compile(r"(expand|contract)_[a-z0-9_]+")
_TEXT: Final = '''"""{title}."""

from alembic import op

revision = "{revision}"
down_revision = "{down}"


def upgrade() -> None:
    """Say here what becomes possible."""
    op.execute("SELECT 1")


def downgrade() -> None:
    """Undo it; no row that existed before is lost."""
    op.execute("SELECT 1")
'''


def begin(service: str, name: str) -> Path:
    """Write an empty migration after the newest one of the service; return its path."""
    if service not in SERVICES or not _NAME.fullmatch(name):
        raise Trouble(
            "usage: make migration SERVICE=training NAME=expand_trip_ruleset (a name starts with"
            " expand_ or, once nothing uses the old shape any more, contract_)"
        )
    folder = ROOT / "services" / service / "src" / service / "migrations" / "versions"
    newest = max(folder.glob("[0-9]*.py"), default=None)
    if newest is None:
        raise Trouble(f"{service} has no first migration yet.")
    number = int(newest.name[:4]) + 1
    path = folder / f"{number:04}_{name}.py"
    title = name.replace("_", " ").capitalize()
    text = _TEXT.format(title=title, revision=f"{number:04}", down=_revision(newest))
    path.write_text(text, encoding="utf-8")
    return path


def _revision(path: Path) -> str:
    said = re.search(r'^revision.*= "(.+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
    if said is None:
        raise Trouble(f"{path} names no revision.")
    return said[1]


def main() -> int:
    """Write the file named by the command line."""
    try:
        print(begin(*(sys.argv[1:3] if len(sys.argv) > 2 else ("", ""))))  # noqa: PLR2004
    except Trouble as trouble:
        complain(str(trouble))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
