"""Bodies of requests, and the domain values they stand for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from kit.errors import InvalidInput, Violation
from kit.wire import WHOLE, Amount, Code, Country, Day, Flag, Request
from programmes.api import examples
from programmes.api.amounts import Currency
from programmes.api.requests_travel import RulesetsIn, TravelChoicesIn
from programmes.api.values import (
    CountIn,
    DocumentCode,
    FuzzyDateIn,
    SourceIn,
    date_of,
)
from programmes.api.words import Line, Text
from programmes.domain import figures
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.organisation import Organisation, OrganisationType
from programmes.domain.partner import CountryRole, Partner, PartnerRole, Party
from programmes.domain.programme import (
    FundingRules,
    Identifier,
    Milestone,
    MilestoneKind,
    Objective,
    Profile,
    ProgrammeKind,
    ProgrammeStatus,
    Relation,
    RelationType,
    TitleQualifier,
)
from programmes.domain.source import Source, SourceDocument

Months = Annotated[int, Field(ge=1, le=600), WHOLE]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=500)]


def cited(given: SourceIn | None) -> Source | None:
    """Return the domain value of a source that may be missing."""
    return None if given is None else given.source()


class NewOrganisation(Request):
    """An organisation to register. `country` is null for international ones."""

    model_config = examples.ORGANISATION

    code: Code
    name: Line
    type: OrganisationType
    country: Country | None = None
    parent: Code | None = None
    aliases: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    source: SourceIn | None = None

    def organisation(self, new_id: UUID) -> Organisation:
        """Return the domain value."""
        return Organisation(
            id=new_id,
            version=1,
            code=self.code,
            name=self.name,
            type=self.type,
            country=self.country,
            parent=self.parent,
            aliases=self.aliases,
            source=cited(self.source),
        )


class OrganisationCorrection(Request):
    """What an organisation is called and what it is, all of it: what is left out is forgotten."""

    model_config = examples.ORGANISATION_CORRECTION

    name: Line
    type: OrganisationType
    country: Country | None = None
    aliases: Annotated[tuple[Line, ...], Field(max_length=20)] = ()

    def change(self, former: Organisation) -> Organisation:
        """Return the organisation as it is said to be now."""
        return former.corrected(
            name=self.name, kind=self.type, country=self.country, aliases=self.aliases
        )


class NewSource(Request):
    """A document to cite from."""

    model_config = examples.SOURCE

    code: DocumentCode
    title: Line
    publisher: Line
    language: Language
    url: Url | None = None
    published_at: FuzzyDateIn | None = None
    retrieved_at: FuzzyDateIn | None = None
    note: Text | None = None

    def document(self, new_id: UUID) -> SourceDocument:
        """Return the domain value; raises DatesInvalid."""
        return SourceDocument(
            id=new_id,
            version=1,
            code=self.code,
            title=self.title,
            publisher=self.publisher,
            language=self.language,
            url=self.url,
            published=date_of(self.published_at),
            retrieved=date_of(self.retrieved_at),
            note=self.note,
        )


class IdentifierIn(Request):
    """An official reference of a programme."""

    scheme: Line
    value: Line
    issuer: Line | None = None

    def identifier(self) -> Identifier:
        """Return the domain value."""
        return Identifier(self.scheme, self.value, self.issuer)


class ObjectiveIn(Request):
    """What a programme is for: overall, direct, expected_result or specific."""

    kind: Annotated[str, StringConstraints(pattern="^(overall|direct|expected_result|specific)$")]
    text: Text
    source: SourceIn

    def objective(self) -> Objective:
        """Return the domain value."""
        return Objective(self.kind, self.text, self.source.source())


class FundingRulesIn(Request):
    """Whether participants pay, and what the programme pays for them."""

    participation: Line
    covered: Annotated[list[Line], Field(max_length=20)]
    source: SourceIn

    def rules(self) -> FundingRules:
        """Return the domain value."""
        return FundingRules(self.participation, tuple(self.covered), self.source.source())


Identifiers = Annotated[tuple[IdentifierIn, ...], Field(max_length=20)]
Objectives = Annotated[tuple[ObjectiveIn, ...], Field(max_length=50)]
Groups = Annotated[tuple[Text, ...], Field(max_length=50)]
Counts = Annotated[tuple[CountIn, ...], Field(max_length=50)]
Citations = Annotated[dict[Line, SourceIn], Field(max_length=50)]


class NewProgramme(Request):
    """A programme to register. What no source states is left out."""

    model_config = examples.PROGRAMME

    code: Code
    title: Line
    title_qualifier: TitleQualifier = TitleQualifier.PUBLISHED
    kind: ProgrammeKind
    status: ProgrammeStatus
    start: FuzzyDateIn | None = None
    end: FuzzyDateIn | None = None
    duration_months: Months | None = None
    contract_concluded_on: Day | None = None
    rulesets: RulesetsIn = RulesetsIn()
    website: Url | None = None
    identifiers: Identifiers = ()
    objectives: Objectives = ()
    target_groups: Groups = ()
    funding_rules: FundingRulesIn | None = None
    counts: Counts = ()
    citations: Citations = Field(default_factory=dict)
    instrument: Code | None = None
    implementer_types: Groups = ()
    travel_choices: TravelChoicesIn | None = None

    def profile(self) -> Profile:
        """Return the domain value; raises DatesInvalid."""
        return Profile(
            code=self.code,
            title=self.title,
            title_qualifier=self.title_qualifier,
            kind=self.kind,
            status=self.status,
            start=date_of(self.start),
            end=date_of(self.end),
            duration_months=self.duration_months,
            contract_concluded_on=self.contract_concluded_on,
            rulesets=self.rulesets.rulesets(),
            website=self.website,
            identifiers=tuple(each.identifier() for each in self.identifiers),
            objectives=tuple(each.objective() for each in self.objectives),
            target_groups=self.target_groups,
            funding_rules=None if self.funding_rules is None else self.funding_rules.rules(),
            counts=tuple(each.count() for each in self.counts),
            citations={field: each.source() for field, each in self.citations.items()},
            instrument=self.instrument,
            implementer_types=self.implementer_types,
            travel_choices=None if self.travel_choices is None else self.travel_choices.choices(),
        )


class ProgrammePatch(Request):
    """A merge patch (RFC 7396): members sent replace, null removes what is optional."""

    model_config = examples.PATCH

    # Made by a factory, these stay out of the document: they are never used (see `change`).
    title: Line = Field(default_factory=str)
    kind: ProgrammeKind = Field(default_factory=lambda: ProgrammeKind.PROGRAMME)
    status: ProgrammeStatus = Field(default_factory=lambda: ProgrammeStatus.DRAFT)
    start: FuzzyDateIn | None = None
    end: FuzzyDateIn | None = None
    duration_months: Months | None = None
    contract_concluded_on: Day | None = None
    rulesets: RulesetsIn = RulesetsIn()
    website: Url | None = None
    identifiers: Identifiers = ()
    target_groups: Groups = ()
    travel_choices: TravelChoicesIn | None = None
    status_reason: Line | None = None

    @property
    def new_status(self) -> ProgrammeStatus | None:
        """The status asked for, if one is; InvalidInput for the reason of none."""
        asked = "status" in self.model_fields_set
        if self.status_reason is not None and not asked:
            violation = Violation("/status_reason", "kit.alone", "is sent with `status`")
            raise InvalidInput("a reason belongs to a status", errors=[violation])
        return self.status if asked else None

    def change(self) -> Callable[[Profile], Profile]:
        """Return what the patch does to a profile, the status apart."""
        values: dict[str, Any] = {
            "title": self.title,
            "kind": self.kind,
            "start": date_of(self.start),
            "end": date_of(self.end),
            "duration_months": self.duration_months,
            "contract_concluded_on": self.contract_concluded_on,
            "website": self.website,
            "identifiers": tuple(each.identifier() for each in self.identifiers),
            "target_groups": self.target_groups,
        }
        asked = {name: value for name, value in values.items() if name in self.model_fields_set}
        return lambda profile: replace(profile, **asked, **self._merged(profile))

    def _merged(self, profile: Profile) -> dict[str, Any]:
        sent = self.model_fields_set
        choices, merged = self.travel_choices, dict[str, Any]()
        if "rulesets" in sent:
            merged["rulesets"] = self.rulesets.rulesets(profile.rulesets)
        if "travel_choices" in sent:
            merged["travel_choices"] = choices and choices.choices(profile.travel_choices)
        return merged


class NewPartner(Request):
    """One organisation or one country in one role."""

    model_config = examples.PARTNER

    organisation: Code | None = None
    country: Country | None = None
    role: PartnerRole
    scope: Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z0-9:-]*$")] = ""
    valid_from: FuzzyDateIn | None = None
    source: SourceIn | None = None

    def partner(self, new_id: UUID) -> Partner:
        """Return the domain value; raises PartyInvalid or DatesInvalid."""
        return Partner(
            id=new_id,
            version=1,
            audience=frozenset(),
            party=Party(self.organisation, self.country),
            role=self.role,
            scope=self.scope,
            valid_from=date_of(self.valid_from),
            valid_to=FuzzyDate.unknown(),
            ended=False,
            source=cited(self.source),
        )


class PartnerEnd(Request):
    """When a partner's role ended."""

    model_config = examples.PARTNER_END

    on: FuzzyDateIn


class NewCountry(Request):
    """A country and what it is to a programme."""

    model_config = examples.COUNTRY

    country: Country
    role: CountryRole
    source: SourceIn | None = None


class NewFigure(Request):
    """A budget figure as published; the amount is read from the text where it is left out."""

    model_config = examples.FIGURE

    kind: figures.FigureKind
    amount_published: Line | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    qualifier: figures.Qualifier
    source: SourceIn

    def figure(self) -> figures.BudgetFigure:
        """Return the domain value; raises FigureInvalid or MoneyScale."""
        return figures.published(
            self.kind,
            text=self.amount_published,
            amount=self.amount,
            currency=self.currency,
            qualifier=self.qualifier,
            source=self.source.source(),
        )


class NewMilestone(Request):
    """Something that happened, or is planned, on a date."""

    model_config = examples.MILESTONE

    kind: MilestoneKind
    date: FuzzyDateIn
    actor: Line | None = None
    reference: Line | None = None
    source: SourceIn

    def milestone(self) -> Milestone:
        """Return the domain value; raises DatesInvalid."""
        return Milestone(
            self.kind, self.date.date(), self.actor, self.reference, self.source.source()
        )


class NewRelation(Request):
    """How a programme stands to another one."""

    model_config = examples.RELATION

    type: RelationType
    to: Code
    additional: Flag = False
    source: SourceIn | None = None

    def relation(self) -> Relation:
        """Return the domain value; raises AdditionalMisplaced."""
        return Relation(self.type, self.to, self.additional, cited(self.source))
