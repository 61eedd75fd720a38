"""Makes and forgets `.venv`: run by the machine's own Python, before anything is installed."""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from local.files import digest, lock, read_json
from local.progress import Progress, complain
from local.settings import MEMBERS, ROOT, Settings
from local.trouble import Trouble, told

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
_KINDS = ("run", "dev")
_MADE_HERE = ("postgres", "sockets", "keys", "logs", "run.json", "tokens.json", "lock")
_NO_NETWORK = (
    "NewConnectionError",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "Could not find a version",
    "No matching distribution",
    "Max retries exceeded",
    "ConnectTimeout",
    "ReadTimeoutError",
    "ProxyError",
)


def main(arguments: list[str]) -> int:
    """`run` or `dev` makes the environment of that kind; `clean` forgets everything.

    `is-ready run` and `is-ready dev` only tell, by the exit status.
    """
    try:
        match arguments:
            case ["is-ready", kind]:
                return 0 if _is_installed(kind) else 1
            case ["clean"]:
                clean(Settings.read(os.environ))
            case _:
                install(*arguments)
    except Trouble as trouble:
        complain(str(trouble))
        return 1
    except OSError as error:
        complain(str(told(error, f"prepare {VENV}")))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def install(kind: str) -> None:
    """Make `.venv` have what the lock of `kind` says; does nothing when that is so already."""
    if _is_installed(kind):
        return
    with (ROOT / "requirements" / "run.txt").open("rb") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not _is_installed(kind):
            _install(kind, Progress())


def _is_installed(kind: str) -> bool:
    """Say whether nothing is to be done; an environment for `dev` will do for `run` too."""
    enough = _KINDS if kind == "run" else (kind,)
    return PYTHON.exists() and any(_stamp(k).exists() and _said(k) == _wanted(k) for k in enough)


def _stamp(kind: str) -> Path:
    return VENV / f".entente-{kind}"


def _said(kind: str) -> str:
    return _stamp(kind).read_text(encoding="utf-8")


def _wanted(kind: str) -> str:
    """Return what the environment depends on: its place, the lock, what members declare."""
    members = [ROOT / member / "pyproject.toml" for member in MEMBERS]
    return f"{ROOT}\n{digest([ROOT / 'requirements' / f'{kind}.txt', *members])}\n"


def _install(kind: str, progress: Progress) -> None:
    begun = time.monotonic()
    progress.say("Preparing .venv (once; later starts skip this)")
    for each in _KINDS:
        _stamp(each).unlink(missing_ok=True)
    if not _works():
        with progress.step(f"making .venv with Python {sys.version.split()[0]}"):
            _make_venv()
    with progress.step(f"installing packages of requirements/{kind}.txt"):
        _pip("--no-compile", "--no-deps", "--require-hashes", "-r", f"requirements/{kind}.txt")
    with progress.step("installing the workspace"):
        editable = [word for member in MEMBERS for word in ("-e", member)]
        _pip("--no-deps", "--no-build-isolation", *editable)
    with progress.step("compiling"):
        _compile()
    _stamp(kind).write_text(_wanted(kind), encoding="utf-8")
    progress.say(f"  .venv is ready: {time.monotonic() - begun:.0f} s")


def _works() -> bool:
    """Say whether a `.venv` is there whose pip answers."""
    if not PYTHON.exists():
        return False
    return _run([str(PYTHON), "-m", "pip", "--version"]).returncode == 0


def _make_venv() -> None:
    done = _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if done.returncode == 0:
        return
    if "ensurepip" in done.stdout or "No module named" in done.stdout:
        raise Trouble(
            "This Python has no venv or pip module: install it (on Debian and Ubuntu the package"
            " is python3-venv), then run make again."
        )
    raise Trouble(f"Could not make {VENV}: {_reason(done.stdout)}")


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    done = _run([*command, "--no-input", "--progress-bar", "off", *arguments])
    log = VENV / "pip.log"
    log.write_text(done.stdout, encoding="utf-8")
    if done.returncode == 0:
        return
    if "No space left" in done.stdout:
        raise Trouble("The disk is full: the packages could not be installed into .venv.")
    if any(word in done.stdout for word in _NO_NETWORK):
        raise Trouble(
            "The packages could not be downloaded: pip does not reach a package index that has"
            f" them (its output is in {log})."
        )
    raise Trouble(f"pip failed: {_reason(done.stdout)} (its output is in {log}).")


def _compile() -> None:
    """Compile to byte code with all processors, so that no start has to."""
    packages = next((VENV / "lib").glob("python*/site-packages"))
    sources = [str(ROOT / member / "src") for member in MEMBERS]
    _run([str(PYTHON), "-m", "compileall", "-q", "-j", "0", str(packages), *sources])


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    try:
        return subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except OSError as error:
        raise told(error, f"run {command[0]}") from error


def _reason(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["it said nothing"])[-1][:300]


def clean(settings: Settings) -> None:
    """Forget data, keys, logs and `.venv`; refuse while Entente runs.

    Only what Entente itself makes is removed, whatever folder ENTENTE_HOME names.
    """
    progress = Progress()
    if settings.home.is_dir():
        if lock(settings.home / "lock") is None:
            pid = read_json(settings.run_file).get("pid", "unknown")
            raise Trouble(f"Entente is running (process {pid}): stop it with Ctrl-C, then clean.")
        _forget_home(settings.home)
        progress.say(f"Forgot the data, keys and logs in {settings.home}.")
    shutil.rmtree(VENV, ignore_errors=True)
    progress.say("Removed .venv.")


def _forget_home(home: Path) -> None:
    for name in _MADE_HERE:
        path = home / name
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise told(error, f"remove {path}") from error
    if not any(home.iterdir()):
        home.rmdir()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
