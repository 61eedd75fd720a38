"""Whether a country takes part: the decision of the programmes service that applies on a day."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from training.domain.errors_seats import ParticipationScope, ParticipationSuspended
from training.domain.training_event import EventPlan

_EDTF: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?[~?%]?")
_CERTAINTY: Final = ("year_precision", "month_precision", "day")
_OUT: Final = frozenset({"suspended", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What a partial readmission opens: these components, without these topics and kinds."""

    components_in: tuple[str, ...]
    topics_out: tuple[str, ...]
    kinds_out: tuple[str, ...]

    def shown(self) -> dict[str, list[str]]:
        """Return it in JSON types."""
        return {name: list(codes) for name, codes in asdict(self).items()}

    def opens(self, plan: EventPlan) -> bool:
        """Whether an event lies in it; one of an unknown component does not."""
        inside = not self.components_in or plan.component in self.components_in
        return inside and plan.topic not in self.topics_out and plan.kind not in self.kinds_out


@dataclass(frozen=True, slots=True)
class Participation:
    """A decision on a country, as its owner told it; `valid_from` is EDTF, XXXX if unknown."""

    programme_code: str
    country: str
    seq: int
    status: str
    valid_from: str
    decision_id: UUID | None
    decision_text: str | None
    scope: Scope | None

    def begins(self) -> tuple[date, date] | None:
        """Return the first and the last day on which it may have begun, None if unknown."""
        found = _EDTF.fullmatch(self.valid_from)
        if found is None:
            return None
        year, month, day = int(found[1]), found[2], found[3]
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            last = calendar.monthrange(year, int(month))[1]
            return date(year, int(month), 1), date(year, int(month), last)
        exact = date(year, int(month), int(day))
        return exact, exact

    def certainty(self, day: date) -> str:
        """Return how surely it applies on a day at or after its beginning."""
        span = self.begins()
        if span is None:
            return "date_unknown"
        if span[1] <= day:
            return "certain"
        return _CERTAINTY[len(self.valid_from.rstrip("~?%").split("-")) - 1]

    def shown(self, day: date) -> dict[str, Any]:
        """Return the decision as it is stored with what was decided by it, in JSON types."""
        return {
            "rule": f"PS-{self.seq}",
            "status": self.status,
            "valid_from": self.valid_from,
            "certainty": self.certainty(day),
            "decision_id": None if self.decision_id is None else str(self.decision_id),
            "decision_text": self.decision_text,
            "scope": None if self.scope is None else self.scope.shown(),
        }


def applying(decisions: Sequence[Participation], day: date) -> Participation | None:
    """Return the decision with the highest number that began by a day, or at unknown time."""
    begun = [each for each in decisions if (span := each.begins()) is None or span[0] <= day]
    return max(begun, key=lambda each: each.seq, default=None)


def must_be_eligible(
    decisions: Sequence[Participation], plan: EventPlan, day: date
) -> dict[str, Any] | None:
    """Return the decision that applied, None where there is none, or refuse (INV-04, INV-05)."""
    found = applying(decisions, day)
    if found is None:
        return None
    decision = found.shown(day)
    if found.status in _OUT:
        raise ParticipationSuspended(f"participation is `{found.status}`", decision=decision)
    if found.scope is not None and not found.scope.opens(plan):
        raise ParticipationScope("the readmission does not include this", decision=decision)
    return decision
