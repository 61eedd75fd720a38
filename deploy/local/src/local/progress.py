"""What the person at the terminal sees while Entente starts, runs and stops."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """Lines on standard output. A terminal that has gone away is no reason to fail."""

    def __init__(self) -> None:
        self._open = False

    def say(self, line: str) -> None:
        """Write one whole line."""
        self._write(f"\n{line}\n" if self._open else f"{line}\n")
        self._open = False

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Say what is being done now and, when it is done, how long it took."""
        begun = time.monotonic()
        self._write(f"  {doing} … ")
        self._open = True
        try:
            yield
        except BaseException:
            self._write("\n" if self._open else "")
            self._open = False
            raise
        took = f"{time.monotonic() - begun:.1f} s"
        self._write(f"{took}\n" if self._open else f"  {doing}: {took}\n")
        self._open = False

    @staticmethod
    def _write(text: str) -> None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except (OSError, ValueError):
            return


def complain(sentence: str) -> None:
    """Write one sentence to standard error."""
    try:
        sys.stderr.write(f"entente: {sentence}\n")
    except (OSError, ValueError):
        return
