"""Request and answer models of /v1: assignments of experts."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from kit.reply import etag
from kit.wire import Amount, Answer, Code, Day, Ref, Request
from training.api.wire import GivenSource, ShownSource
from training.api.wire_nominations import CodeLabel, Codelist
from training.api.words import Words
from training.domain import expert
from training.domain.expert import ROLES, AssignmentStatus, ExpertRole

Days = Annotated[Amount, Field(gt=0, le=400)]


class GivenTerms(Request):
    """On which days, how many of them (half days as 0.5), and which organisation pays.

    Without `first_on` and `last_on` it is for every day of the event. Whoever is booked at another
    event on these days needs an `overlap_reason`, free of personal data.
    """

    days: Days | None = None
    first_on: Day | None = None
    last_on: Day | None = None
    payer: Code | None = None
    overlap_reason: Words | None = None

    def terms(self) -> expert.Terms:
        """Return the domain value, or raise AssignmentInvalid."""
        return expert.Terms(self.days, self.first_on, self.last_on, self.payer, self.overlap_reason)


class NewAssignment(GivenTerms):
    """Who is assigned to an event, a series, or an action: a person by an id, or an organisation.

    Exactly one of them; an action is `action_code` together with its `programme_code`.
    `description` names a kind of institution where a source says no more, never a person.
    """

    reference: Code
    role: ExpertRole
    event_id: Ref | None = None
    series_id: Ref | None = None
    participant_id: Ref | None = None
    organisation: Code | None = None
    description: Words | None = None
    source: GivenSource | None = None
    programme_code: Code | None = None
    action_code: Code | None = None

    def plan(self) -> expert.AssignmentPlan:
        """Return the domain value, or raise AssignmentInvalid."""
        return expert.AssignmentPlan(
            reference=self.reference,
            role=self.role,
            terms=self.terms(),
            event_id=self.event_id,
            series_id=self.series_id,
            participant_id=self.participant_id,
            organisation=self.organisation,
            description=self.description,
            source=self.source.source() if self.source else None,
            programme_code=self.programme_code,
            action_code=self.action_code,
        )


class ExpertWithdrawal(Request):
    """Why an expert does not come, free of personal data."""

    reason: Words


class Assignment(Answer):
    """Who teaches, speaks or interprets at an event, a series or an action, on which terms."""

    id: UUID
    etag: str
    reference: str
    programme_code: str
    event_id: UUID | None
    series_id: UUID | None
    action_code: str | None
    participant_id: UUID | None
    organisation: str | None
    description: str | None
    role: ExpertRole
    status: AssignmentStatus
    reason: str | None
    days: Amount | None
    first_on: date | None
    last_on: date | None
    payer: str | None
    overlap_reason: str | None
    source: ShownSource | None
    synthetic: bool

    @classmethod
    def of(cls, found: expert.Assignment) -> Self:
        """Return the wire form."""
        plan, terms = found.plan, found.plan.terms
        return cls(
            id=found.id,
            etag=etag(found.version),
            reference=plan.reference,
            programme_code=found.programme_code,
            event_id=plan.event_id,
            series_id=plan.series_id,
            action_code=plan.action_code,
            participant_id=plan.participant_id,
            organisation=plan.organisation,
            description=plan.description,
            role=plan.role,
            status=found.status,
            reason=found.reason,
            days=terms.days,
            first_on=terms.first_on,
            last_on=terms.last_on,
            payer=terms.payer,
            overlap_reason=terms.overlap_reason,
            source=ShownSource.of(plan.source) if plan.source else None,
            synthetic=found.synthetic,
        )


def expert_roles() -> Codelist:
    """Return the roles of experts with their English and Polish names."""
    named = ROLES.items()
    return Codelist(
        items=[CodeLabel(code=role.value, label={"en": en, "pl": pl}) for role, (en, pl) in named]
    )
