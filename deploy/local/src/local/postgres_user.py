"""As root: the unprivileged account PostgreSQL runs under, and its way to the data."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from local.trouble import Trouble, told

_NAMES = ("pgserver", "postgres", "nobody")
_READ = stat.S_IRGRP | stat.S_IROTH
_PASS = stat.S_IXGRP | stat.S_IXOTH


def postgres_account(data: Path) -> tuple[int, int] | None:
    """Return uid and gid to run PostgreSQL under, or None when we are an ordinary user.

    Data that an ordinary user made stays that user's.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    if not _exists(_NAMES[0]) and (useradd := shutil.which("useradd")):
        command = [useradd, "--system", "--no-create-home", _NAMES[0]]
        subprocess.run(command, check=False, capture_output=True)
    for name in _NAMES:
        if _exists(name):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise Trouble("PostgreSQL refuses to run as root and there is no other user to run it as.")


def _exists(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


def open_binaries(installed: Path) -> None:
    """Let everybody read the server's own files: a strict umask may have hidden them."""
    if installed.stat().st_mode & stat.S_IROTH:
        return
    libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
    for top in (installed.parent, libraries):
        for path in (top, *top.rglob("*")):
            if not path.is_symlink() and path.exists():
                mode = path.stat().st_mode
                passes = _PASS if path.is_dir() or mode & stat.S_IXUSR else 0
                path.chmod(mode | _READ | passes)


def open_way(*targets: Path) -> list[str]:
    """Let the account pass through (not list) every folder on the way; say where that was new."""
    notes = []
    for parent in sorted({each for target in targets for each in target.parents}):
        mode = parent.stat().st_mode
        if mode & stat.S_IXOTH:
            continue
        try:
            parent.chmod(mode | stat.S_IXOTH)
        except OSError as error:
            raise told(error, f"let PostgreSQL pass through {parent}") from error
        notes.append(f"{parent} can now be passed through by other users (not listed):")
    return [*notes, "PostgreSQL refuses to run as root and must reach its data."] if notes else []
