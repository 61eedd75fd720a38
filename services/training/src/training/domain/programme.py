"""What this service knows of a programme: a local copy, kept by the facts of its owner."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from training.domain.errors import EventOutsideProgramme, ProgrammeNotRunning
from training.domain.fuzzy_date import FuzzyDate

STAFF: Final = "staff"
"""The mark of callers who see every record (`kit.auth`)."""
_NOT_RUNNING: Final = frozenset({"suspended", "closed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Programme:
    """A copy of a programme. `sequence` is the version of the original it was made from.

    `earliest` and `latest` are the first and the last day on which it may run as far as its dates
    are stated; None where they are not.
    """

    code: str
    title: str
    status: str
    marks: frozenset[str]
    sequence: int
    earliest: date | None = None
    latest: date | None = None

    @property
    def audience(self) -> frozenset[str]:
        """Who may see the events of the programme: staff and whoever sees the programme."""
        return self.marks | {STAFF}

    def must_span(self, dates: FuzzyDate) -> None:
        """Raise EventOutsideProgramme unless an event of these dates is within its own (INV-20).

        Exact days lie inside; of a date that is known less exactly, one possible day is enough.
        """
        if dates.earliest is None or dates.latest is None:
            return
        inside = dates.may_touch(self.earliest, self.latest)
        if dates.exact:
            inside = (self.earliest is None or self.earliest <= dates.earliest) and (
                self.latest is None or dates.latest <= self.latest
            )
        if not inside:
            raise EventOutsideProgramme(
                "the programme does not run on these days",
                programme_from=self.earliest and self.earliest.isoformat(),
                programme_to=self.latest and self.latest.isoformat(),
            )

    @property
    def runs(self) -> bool:
        """Whether people can be nominated under it."""
        return self.status not in _NOT_RUNNING

    def must_run(self) -> None:
        """Raise ProgrammeNotRunning while nobody can be nominated under it."""
        if not self.runs:
            raise ProgrammeNotRunning(
                f"the programme is `{self.status}`", programme_status=self.status
            )
