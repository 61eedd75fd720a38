"""What this service knows of a programme: a local copy, kept by the facts of its owner."""

from dataclasses import dataclass
from typing import Final

from training.domain.errors import ProgrammeNotRunning

STAFF: Final = "staff"
"""The mark of callers who see every record (`kit.auth`)."""
_NOT_RUNNING: Final = frozenset({"suspended", "cancelled"})


@dataclass(frozen=True, slots=True)
class Programme:
    """A copy of a programme. `sequence` is the version of the original it was made from."""

    code: str
    title: str
    status: str
    marks: frozenset[str]
    sequence: int

    @property
    def audience(self) -> frozenset[str]:
        """Who may see the events of the programme: staff and whoever sees the programme."""
        return self.marks | {STAFF}

    def must_run(self) -> None:
        """Raise ProgrammeNotRunning while nobody can be nominated under it."""
        if self.status in _NOT_RUNNING:
            raise ProgrammeNotRunning(
                f"the programme is `{self.status}`", programme_status=self.status
            )
