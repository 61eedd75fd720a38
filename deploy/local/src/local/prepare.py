"""Makes and forgets `.venv`: run by the machine's own Python, before anything is installed."""

import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from local.files import digest, lock, read_json
from local.progress import Progress, complain
from local.settings import MEMBERS, ROOT, Settings
from local.trouble import Trouble, told

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
_KINDS = ("run", "dev")
_AT_ONCE = 2
_HARDLY_USED = r"/(pip|flit_core|setuptools|xmlschema|elementpath|mypy|tests?|testing)/"
_PIN = re.compile(r"^[\w.-]+(?:\[[^]]*\])?==(?:.*\\\n)*.*\n", re.MULTILINE)
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
        _pip([("--no-compile", "--require-hashes", "-r", part) for part in _parts(kind)])
    with progress.step("installing the workspace"):
        _install_workspace(kind)
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
    """Make an environment with pip in it: unpacked from its wheel, where Python's own is found.

    That takes a tenth of the time in which pip would install itself.
    """
    wheel = _wheel_of_pip()
    without = [] if wheel is None else ["--without-pip"]
    done = _run([sys.executable, "-m", "venv", "--clear", *without, str(VENV)])
    if done.returncode == 0:
        if wheel is not None:
            with zipfile.ZipFile(wheel) as file:
                file.extractall(_packages())
        return
    if "ensurepip" in done.stdout or "No module named" in done.stdout:
        raise Trouble(
            "This Python has no venv or pip module: install it (on Debian and Ubuntu the package"
            " is python3-venv), then run make again."
        )
    raise Trouble(f"Could not make {VENV}: {_reason(done.stdout)}")


def _wheel_of_pip() -> Path | None:
    """Return the wheel that this Python has for new environments, or None where it is hidden."""
    found = importlib.util.find_spec("ensurepip")
    if found is None or found.origin is None:
        return None
    folders = [Path(found.origin).parent / "_bundled"]
    if elsewhere := sysconfig.get_config_var("WHEEL_PKG_DIR"):
        folders.append(Path(elsewhere))
    return next(chain.from_iterable(sorted(each.glob("pip-*.whl")) for each in folders), None)


def _packages() -> Path:
    return next((VENV / "lib").glob("python*/site-packages"))


def _parts(kind: str) -> list[str]:
    """Write the lock as several files, for as many pips at once."""
    lock = (ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
    parts = [VENV / f"part-{number}.txt" for number in range(_AT_ONCE)]
    for part, pins in zip(parts, dealt(lock, _AT_ONCE), strict=True):
        part.write_text(pins, encoding="utf-8")
    return [str(part) for part in parts]


def dealt(lock: str, hands: int) -> list[str]:
    """Deal the pins of a lock out, each with its hashes: it names every package that is needed."""
    pins = _PIN.findall(lock)
    return ["".join(pins[hand::hands]) for hand in range(hands)]


def _install_workspace(kind: str) -> None:
    """Put our own packages on the path; developers also get what is declared about them."""
    if kind == "run":
        sources = "".join(f"{ROOT / member / 'src'}\n" for member in MEMBERS)
        (_packages() / "entente.pth").write_text(sources, encoding="utf-8")
        return
    editable = [word for member in MEMBERS for word in ("-e", member)]
    _pip([("--no-build-isolation", *editable)])


def _pip(installs: Sequence[Sequence[str]]) -> None:
    """Install side by side what has nothing to do with one another."""
    install = (str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input")
    always = (*install, "--progress-bar", "off", "--no-deps")
    running = [_start([*always, *arguments]) for arguments in installs]
    outputs = [each.communicate()[0] for each in running]
    log = VENV / "pip.log"
    log.write_text("".join(outputs), encoding="utf-8")
    for done, output in zip(running, outputs, strict=True):
        if done.returncode:
            raise _failed(output, log)


def _failed(output: str, log: Path) -> Trouble:
    if "No space left" in output:
        return Trouble("The disk is full: the packages could not be installed into .venv.")
    if any(word in output for word in _NO_NETWORK):
        return Trouble(
            "The packages could not be downloaded: pip does not reach a package index that has"
            f" them (its output is in {log})."
        )
    return Trouble(f"pip failed: {_reason(output)} (its output is in {log}).")


def _compile() -> None:
    """Compile to byte code with all processors, so that no start has to."""
    sources = [str(ROOT / member / "src") for member in MEMBERS]
    compiling = [str(PYTHON), "-m", "compileall", "-q", "-j", "0", "-x", _HARDLY_USED]
    _run([*compiling, str(_packages()), *sources])


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    running = _start(command)
    output = running.communicate()[0]
    return subprocess.CompletedProcess(command, running.returncode, output)


def _start(command: Sequence[str]) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    try:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
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
