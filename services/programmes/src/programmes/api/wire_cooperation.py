"""What the API answers of cooperation: registers, components, governance, participation."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BeforeValidator

from kit.wire import Answer
from programmes.api.values import FuzzyDate, Mirror, Source
from programmes.domain import governance, moves, participation, register
from programmes.domain.component import LeadWarning, PartnershipStatus
from programmes.domain.source import CountBasis, CountQualifier

Sorted = Annotated[list[str], BeforeValidator(sorted)]


class Instrument(Mirror):
    """A financing instrument; `replaces` is the code of the one before it."""

    code: str
    title: str
    legal_basis: str | None
    adopted: FuzzyDate
    valid_from: FuzzyDate
    valid_to: FuzzyDate
    replaces: str | None
    source: Source
    version: int


class TopicKey(Mirror):
    """What names a topic."""

    scheme: str
    code: str


class TopicMapping(Mirror):
    """What a topic is to a topic of another scheme."""

    from_topic: TopicKey
    to_topic: TopicKey
    relation: register.MappingRelation
    version: int


class MappedTopic(Answer):
    """A topic of another scheme; `narrower` means that this one is a part of it."""

    scheme: str
    code: str
    relation: register.MappingRelation


class NewTopic(Mirror):
    """A topic of a scheme; `position` is its place in the list of the source."""

    scheme: str
    code: str
    title: str
    description: str | None
    group: int | None
    position: int
    keywords: list[str]
    source: Source
    version: int


class Topic(NewTopic):
    """A topic and what it is to topics of other schemes."""

    mappings: list[MappedTopic]


class StatedCount(Mirror):
    """A number a source states, how it is meant, and what was counted."""

    value: int
    qualifier: CountQualifier
    basis: CountBasis


class CountryGroup(Mirror):
    """Countries under one name; `stated` is what the source says, `members` those it names."""

    code: str
    title: str
    stated: StatedCount | None
    regions: list[str]
    members: list[str]
    source: Source
    version: int


class Standing(Mirror):
    """A status an organisation has from a date on."""

    organisation: str
    status: str
    valid_from: FuzzyDate
    source: Source


class Component(Mirror):
    """A component of a programme; `note` says where a source contradicts itself."""

    code: str
    title: str
    description: str | None
    planned_project_count: int | None
    all_beneficiaries: bool | None
    topic_scheme: str | None
    note: str | None
    source: Source | None
    version: int


class TopicLead(Mirror):
    """Who leads a topic; `reason` not_stated if no source says. Warnings refuse nothing."""

    component: str
    topic_scheme: str
    topic: str
    organisation: str | None
    country: str | None
    reason: str | None
    duties: list[str]
    note: str | None
    source: Source | None
    warnings: list[LeadWarning]
    version: int


class Partnership(Mirror):
    """A beneficiary country and the organisation that helps it."""

    id: UUID
    country: str
    partner: str
    instrument: str
    signed: FuzzyDate
    status: PartnershipStatus
    source: Source | None
    version: int


class GovernanceBody(Mirror):
    """A body that governs or advises; `frequency` is in the words of the source."""

    code: str
    name: str
    kind: governance.BodyKind
    frequency: str | None
    meetings_per_year: int | None
    source: Source | None
    version: int


class Meeting(Mirror):
    """A meeting of a body, held or planned."""

    id: UUID
    body: str
    on: FuzzyDate
    city: str | None
    country: str | None
    status: governance.MeetingStatus
    source: Source | None
    version: int


class Scope(Mirror):
    """What a partial readmission opens: these components, without these topics and kinds."""

    components_in: Sorted
    topics_out: Sorted
    kinds_out: Sorted


class Effect(Mirror):
    """What a decision does to a country; `row_id` is the participation row it made."""

    row_id: UUID
    country: str
    status: participation.Participation
    valid_from: FuzzyDate
    scope: Scope | None


class Decision(Mirror):
    """A decision, word for word, and what it does."""

    id: UUID
    decided_by: str
    taken_on: FuzzyDate
    text: str
    effects: list[Effect]
    meeting: UUID | None
    source: Source | None


class ParticipationRow(Mirror):
    """From a date on a country has a status; `rule` is how answers cite the row."""

    id: UUID
    seq: int
    rule: str
    status: participation.Participation
    valid_from: FuzzyDate
    decided_by: str | None
    decision_text: str | None
    decision_id: UUID | None
    scope: Scope | None
    source: Source | None


class CountryParticipation(Answer):
    """How a country takes part: the row that holds on `as_of`, and all rows in their order."""

    programme: str
    country: str
    as_of: date
    certainty: participation.Certainty | None
    current: ParticipationRow | None
    rows: list[ParticipationRow]

    @classmethod
    def found(
        cls,
        programme: str,
        country: str,
        day: date,
        rows: Sequence[participation.ParticipationStatus],
    ) -> Self:
        """Return how a country takes part on a day, out of all rows of a programme."""
        now = participation.status_on(rows, country, day)
        own = participation.history(rows, country)
        return cls(
            programme=programme,
            country=country,
            as_of=day,
            certainty=now and now.certainty_on(day),
            current=now and ParticipationRow.of(now),
            rows=[ParticipationRow.of(row) for row in own],
        )


class Eligibility(Answer):
    """Whether a country may take part, with the rule that fired and the decision behind it.

    `rule` PS-0 means that no row limits the country. `certainty` says how sure it is that the
    row had begun on the day.
    """

    programme: str
    country: str
    component: str | None
    topic: str | None
    kind: str | None
    on: date
    allowed: bool
    reason: participation.Refusal | None
    rule: str
    certainty: participation.Certainty
    status: participation.Participation | None
    decision_id: UUID | None
    decision_text: str | None
    decided_by: str | None
    valid_from: str | None

    @classmethod
    def found(
        cls, programme: str, asked: participation.Question, it: participation.Eligibility
    ) -> Self:
        """Return the wire form of an answer to a question."""
        return cls(
            programme=programme,
            country=asked.country,
            component=asked.component,
            topic=asked.topic,
            kind=asked.kind,
            on=asked.on,
            allowed=it.allowed,
            reason=it.refusal,
            rule=it.rule,
            certainty=it.certainty,
            status=it.row.status if it.row else None,
            decision_id=it.decision_id,
            decision_text=it.decision_text,
            decided_by=it.row.decided_by if it.row else None,
            valid_from=it.date_text,
        )


class Way(Mirror):
    """A state somebody may ask for, what has to be given, and why not if it is out of reach."""

    to: str
    allowed: bool
    why_not: str | None
    needs: str | None


class Transitions(Answer):
    """Where a record stands and where it may go."""

    present: str
    items: list[Way]

    @classmethod
    def of(cls, present: str, ways: tuple[moves.Way, ...]) -> Self:  # type: ignore[type-arg]
        """Return the wire form of the ways from a state."""
        items = [
            Way(to=it.to, allowed=it.why_not is None, why_not=it.why_not, needs=it.needs)
            for it in ways
        ]
        return cls(present=present, items=items)
