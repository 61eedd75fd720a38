"""What a programme needs before it may stand elsewhere (domain model 4)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kit.errors import DomainError, Kind
from programmes.domain.errors import LeadMissing
from programmes.domain.moves import Way
from programmes.domain.programme import PROGRAMME_MOVES, ProgrammeStatus

_REASONED: Final = (ProgrammeStatus.COMPLETED, ProgrammeStatus.ACTIVE)


class ContractMissing(DomainError):
    """A programme is contracted on a day."""

    kind = Kind.CONFLICT
    code = "programmes.contract_missing"
    title = "The day of the contract is not on record"
    advice = "Send `contract_concluded_on` with the status, or before it."


class NotSettled(DomainError):
    """A programme is closed when nothing is owed and everything is reported."""

    kind = Kind.CONFLICT
    code = "programmes.not_settled"
    title = "The programme is not settled"
    advice = (
        "Spend or release what `lines` hold, book the claims that wait for money, and have the "
        "values of `indicators` approved."
    )


class ReopeningUnexplained(DomainError):
    """Whoever reopens a completed programme says why."""

    kind = Kind.INVALID
    code = "programmes.reason_missing"
    title = "Reopening needs a reason"
    advice = "Send `status_reason` with the status."


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is there: a leader, the day of the contract, a reason; and what is still open.

    `lines` are budget lines on which money is reserved or committed, `indicators` those with a
    period that has no approved value; so many `claims` wait for money.
    """

    led: bool
    contract_concluded_on: date | None
    lines: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    claims: int = 0

    def must_allow(self, present: ProgrammeStatus, to: ProgrammeStatus, reason: str | None) -> None:
        """Raise LeadMissing, ContractMissing, NotSettled or ReopeningUnexplained."""
        why_not = self.why_not(to)
        if to is ProgrammeStatus.CONTRACTED and why_not:
            raise (ContractMissing if self.led else LeadMissing)(why_not)
        if why_not:
            lines, indicators = list(self.lines), list(self.indicators)
            raise NotSettled(why_not, lines=lines, indicators=indicators, claims=self.claims)
        if (present, to) == _REASONED and not (reason or "").strip():
            raise ReopeningUnexplained("a completed programme is reopened for a reason")

    def why_not(self, to: ProgrammeStatus) -> str | None:
        """Return what is missing for a status, or None."""
        if to is ProgrammeStatus.CONTRACTED and not self.led:
            return "nobody leads or coordinates the programme"
        if to is ProgrammeStatus.CONTRACTED and self.contract_concluded_on is None:
            return "the day of the contract is not on record"
        return self._unsettled() if to is ProgrammeStatus.CLOSED else None

    def _unsettled(self) -> str | None:
        if self.lines:
            return f"money is bound on {', '.join(self.lines)}"
        if self.claims:
            return f"{self.claims} claims wait for money"
        if self.indicators:
            return f"values are not approved of {', '.join(self.indicators)}"
        return None


def ways(present: ProgrammeStatus, readiness: Readiness) -> tuple[Way[ProgrammeStatus], ...]:
    """Return every other status, what it needs, and why it is out of reach, if it is."""
    return tuple(_way(present, way, readiness) for way in PROGRAMME_MOVES.ways(present))


def _way(
    present: ProgrammeStatus, way: Way[ProgrammeStatus], readiness: Readiness
) -> Way[ProgrammeStatus]:
    needs = "a reason in writing" if (present, way.to) == _REASONED else None
    return replace(way, why_not=way.why_not or readiness.why_not(way.to), needs=needs)
