"""A training service in memory, for tests of code that talks to it.

It keeps state and refuses like the real one; the tests of this contract run against both.
"""

from uuid import UUID, uuid4

from contracts.training.models import Decision, Event, Nomination, ProgrammeTotals
from kit.errors import Kind
from kit.http import RemoteError

_UNDECIDED = {"submitted": "not_endorsed", "endorsed": ""}


class FakeTraining:
    """Answers as one organisation that hosts and nominates; fill `events` and `totals`."""

    def __init__(self, organisation: str) -> None:
        self.organisation = organisation
        self.events: dict[UUID, Event] = {}
        self.nominations: dict[UUID, Nomination] = {}
        self.totals: dict[str, ProgrammeTotals] = {}
        self._answered: dict[str, Nomination] = {}

    async def event(self, event_id: UUID) -> Event:
        """Return one event."""
        if event_id not in self.events:
            raise _refused(Kind.NOT_FOUND, "no_such_event")
        return self.events[event_id]

    async def nominate(self, event_id: UUID, participant_id: UUID, *, key: str) -> Nomination:
        """Nominate a participant; `key` makes a repetition harmless."""
        if key in self._answered:
            return self._answered[key]
        event = await self.event(event_id)
        if event.status != "nominations_open":
            raise _refused(Kind.CONFLICT, "nominations_closed")
        if any(self._is_of(each, event_id, participant_id) for each in self.nominations.values()):
            raise _refused(Kind.CONFLICT, "nomination_exists")
        made = Nomination(
            id=uuid4(),
            event_id=event_id,
            participant_id=participant_id,
            organisation=self.organisation,
            status="submitted",
            rank=None,
            synthetic=event.synthetic,
        )
        return self._keep(made, key)

    async def decide(self, nomination_id: UUID, decision: Decision, *, key: str) -> Nomination:
        """Endorse, accept or confirm a nomination."""
        if key in self._answered:
            return self._answered[key]
        if nomination_id not in self.nominations:
            raise _refused(Kind.NOT_FOUND, "no_such_nomination")
        nomination = self.nominations[nomination_id]
        if decision == "endorsement":
            return self._keep(_endorsed(nomination), key)
        return self._keep(self._decided(nomination, decision), key)

    async def programme_totals(self, programme_code: str) -> ProgrammeTotals:
        """Return what a programme's training adds up to; empty where nothing is on record."""
        empty = ProgrammeTotals(programme_code=programme_code, published=[], computed=[])
        return self.totals.get(programme_code, empty)

    async def portfolio_totals(self) -> dict[str, ProgrammeTotals]:
        """Return the totals of every programme with records, by code."""
        return dict(self.totals)

    def _decided(self, nomination: Nomination, decision: Decision) -> Nomination:
        seated = nomination.status == "accepted"
        if not seated or decision == "acceptance":
            _must_wait_for_host(nomination)
        event = self.events[nomination.event_id]
        full = event.taken >= (event.capacity or 0)
        if not seated and full and decision == "confirmation":
            raise _refused(Kind.CONFLICT, "event_full")
        if not seated and full:
            return nomination.model_copy(update={"status": "waitlisted", "rank": self._next(event)})
        if not seated:
            self.events[event.id] = event.model_copy(update={"taken": event.taken + 1})
        status = "accepted" if decision == "acceptance" else "confirmed"
        return nomination.model_copy(update={"status": status})

    def _next(self, event: Event) -> int:
        ranks = [each.rank or 0 for each in self.nominations.values() if each.event_id == event.id]
        return max(ranks, default=0) + 1

    def _keep(self, nomination: Nomination, key: str) -> Nomination:
        self.nominations[nomination.id] = nomination
        self._answered[key] = nomination
        return nomination

    @staticmethod
    def _is_of(nomination: Nomination, event_id: UUID, participant_id: UUID) -> bool:
        return (nomination.event_id, nomination.participant_id) == (event_id, participant_id)


def _endorsed(nomination: Nomination) -> Nomination:
    if nomination.status != "submitted":
        raise _refused(Kind.CONFLICT, "nomination_step_not_allowed")
    return nomination.model_copy(update={"status": "endorsed"})


def _must_wait_for_host(nomination: Nomination) -> None:
    refusal = _UNDECIDED.get(nomination.status, "already_decided")
    if refusal:
        raise _refused(Kind.CONFLICT, refusal)


def _refused(kind: Kind, what: str) -> RemoteError:
    return RemoteError("training", kind, f"training.{what}", what.replace("_", " "))
