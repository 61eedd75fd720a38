"""How much memory each process takes, shared pages counted once (PSS)."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import psutil
from figures import Figure
from stack import Stack

MODULES = ("programmes", "training", "participants", "gateway", "local")


def memory_figures(stack: Stack) -> Iterator[Figure]:
    """PSS of every process by name, and of all without PostgreSQL."""
    megabytes: dict[str, float] = defaultdict(float)
    for process in _with_children(stack.processes):
        megabytes[_name(process)] += _pss(process)
    for name, value in sorted(megabytes.items()):
        yield Figure(f"memory of {name}", value, "MB")
    ours = sum(value for name, value in megabytes.items() if name != "postgres")
    yield Figure("memory of all without postgres", ours, "MB", most=300)


def _with_children(processes: list[psutil.Process]) -> list[psutil.Process]:
    found = {process.pid: process for process in processes if process.is_running()}
    for process in processes:
        if process.is_running():
            found |= {child.pid: child for child in process.children(recursive=True)}
    return list(found.values())


def _name(process: psutil.Process) -> str:
    words = process.cmdline()
    if "postgres" in process.name() or "postgres" in "".join(words[:1]):
        return "postgres"
    named = next((word for word in words if word in MODULES), None)
    return named or process.name()


def _pss(process: psutil.Process) -> float:
    try:
        text = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    kilobytes = next(line.split()[1] for line in text.splitlines() if line.startswith("Pss:"))
    return int(kilobytes) / 1024
