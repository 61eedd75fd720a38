"""Files of the installation: private, whole or not there at all."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from local.trouble import Trouble, told


def folder(path: Path, mode: int = 0o700) -> Path:
    """Make sure that `path` is a folder we can write to; a new one gets `mode`."""
    try:
        if not path.is_dir():
            path.mkdir(parents=True)
            path.chmod(mode)
    except OSError as error:
        raise told(error, f"make the folder {path}") from error
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise Trouble(f"The folder {path} cannot be read and written by this user.")
    return path


def write_private(path: Path, value: object) -> None:
    """Write JSON that only this user can read, in one step: readers never see half of it."""
    draft = path.with_name(f".{path.name}.new")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1)
            file.write("\n")
        draft.replace(path)
    except OSError as error:
        raise told(error, f"write {path}") from error


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in `path`; what is missing or broken counts as empty."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def digest(paths: Iterable[Path]) -> str:
    """Return one hash of the names and contents of files and, recursively, folders."""
    total = hashlib.sha256()
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in inside:
            if file.suffix != ".pyc" and file.exists():
                total.update(f"{file.name}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def lock(path: Path) -> int | None:
    """Take the one lock of an installation for as long as this process lives, or None.

    The kernel gives it back however the process ends, so there is no stale lock.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise told(error, f"open {path}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
