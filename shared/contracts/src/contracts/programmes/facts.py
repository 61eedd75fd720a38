"""What the programmes service tells: programmes, partners, organisations, and money committed.

Amounts are decimal strings of whole minor units with their ISO 4217 currency.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainSerializer

from kit.facts import Fact

Amount = Annotated[Decimal, PlainSerializer(lambda value: format(value, "f"), return_type=str)]


class Money(BaseModel):
    """An amount with its currency."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    amount: Amount
    currency: str


class Rulesets(BaseModel):
    """Codes of the per-diem rulesets that bind travel; null where none is pinned."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    domestic: str | None
    abroad: str | None


class TravelChoices(BaseModel):
    """What a contract says of travel where the per-diem rules leave a choice (RULES 9).

    Null is not on record: the choice of the rules applies. `exchange_rule` is the rule of the
    contract for exchange rates, `rate_list` the EU list it names.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    counting: str | None = None
    rate_list: str | None = None
    domestic_legs: str | None = None
    several_countries: str | None = None
    exchange_rule: str | None = None
    call_opened_on: date | None = None
    unit_costs_opt_in: bool | None = None
    compensation_percent: int | None = None


class ProgrammeChanged(Fact):
    """A programme was registered or is not what it was; this is what followers need of it.

    `contract_concluded_on` and `rulesets` pin the travel rules, `per_diem_budget_line` is the
    line that pays per diems. `organisations` and `countries` take part and may see the programme.
    `earliest_start` and `latest_end` are the outer days of its dates, null where none is stated;
    facts told before these fields existed lack them.
    """

    type: ClassVar[str] = "programmes.programme_changed.v1"
    entity: ClassVar[str] = "programme"

    programme_code: str
    title: str
    kind: str
    status: str
    rulesets: Rulesets
    contract_concluded_on: date | None
    per_diem_budget_line: str | None
    organisations: list[str]
    countries: list[str]
    earliest_start: date | None = None
    latest_end: date | None = None
    travel_choices: TravelChoices | None = None


class PartnerAdded(Fact):
    """An organisation or a country takes part in a programme in one more role."""

    type: ClassVar[str] = "programmes.partner_added.v1"
    entity: ClassVar[str] = "partner"

    partner_id: UUID
    programme_code: str
    organisation: str | None
    country: str | None
    role: str
    scope: str


class PartnerEnded(Fact):
    """A partner's role is over, or was recorded by mistake.

    `ended_on` is EDTF, such as 2015-03 or XXXX if not stated.
    """

    type: ClassVar[str] = "programmes.partner_ended.v1"
    entity: ClassVar[str] = "partner"

    partner_id: UUID
    programme_code: str
    organisation: str | None
    country: str | None
    role: str
    scope: str
    ended_on: str


class OrganisationRegistered(Fact):
    """An organisation may be named from now on, or what is said of it was corrected."""

    type: ClassVar[str] = "programmes.organisation_registered.v1"
    entity: ClassVar[str] = "organisation"

    code: str
    name: str
    kind: str
    country: str | None


class SourceRegistered(Fact):
    """A document may be cited from now on."""

    type: ClassVar[str] = "programmes.source_registered.v1"
    entity: ClassVar[str] = "source"

    code: str
    title: str


class BudgetLineOpened(Fact):
    """A budget line takes commitments, or others than before may see it."""

    type: ClassVar[str] = "programmes.budget_line_opened.v1"
    entity: ClassVar[str] = "budget_line"

    programme_code: str
    budget_line_code: str
    amount: Money
    synthetic: bool


class BudgetLineRaised(Fact):
    """A budget line has more money: `amount` is its new size, `available` what is left of it."""

    type: ClassVar[str] = "programmes.budget_line_raised.v1"
    entity: ClassVar[str] = "budget_line"

    programme_code: str
    budget_line_code: str
    amount: Money
    raised_by: Money
    available: Money


class FundsCommitted(Fact):
    """Money is set aside for a trip; it replaces what an earlier revision had set aside."""

    type: ClassVar[str] = "programmes.funds_committed.v1"
    entity: ClassVar[str] = "commitment"

    trip_id: UUID
    revision: int
    programme_code: str
    budget_line_code: str
    amount: Money


class FundsRefused(Fact):
    """No money could be set aside for this revision; what an earlier one has stays set aside.

    `reason` is budget_exceeded, currency_differs, no_such_line or line_closed. `available` is
    what this trip could get, in the currency of the line; null where there is no line.
    """

    type: ClassVar[str] = "programmes.funds_refused.v1"
    entity: ClassVar[str] = "commitment"

    trip_id: UUID
    revision: int
    programme_code: str
    budget_line_code: str | None
    reason: str
    available: Money | None


class FundsReleased(Fact):
    """Money set aside for a trip is free again."""

    type: ClassVar[str] = "programmes.funds_released.v1"
    entity: ClassVar[str] = "commitment"

    trip_id: UUID
    revision: int
    programme_code: str
    budget_line_code: str
    amount: Money


class RegisterEntryAdded(Fact):
    """A register open to all has one more entry: `list_name` and the entry's `key` in it."""

    type: ClassVar[str] = "programmes.register_entry_added.v1"
    entity: ClassVar[str] = "register_entry"

    list_name: str
    key: str


class PartChanged(Fact):
    """Something that hangs on a programme is new or is not what it was; read it for the rest.

    `part` is what it is (component, topic_lead, bilateral_partnership, governance_body, meeting,
    decision, indicator, cooperation_unit, deliverable), `key` its name there.
    """

    type: ClassVar[str] = "programmes.part_changed.v1"
    entity: ClassVar[str] = "programme_part"

    programme_code: str
    part: str
    key: str


class ParticipationScope(BaseModel):
    """What a partial readmission opens: these components, without these topics and kinds."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    components_in: list[str]
    topics_out: list[str]
    kinds_out: list[str]


class ParticipationChanged(Fact):
    """From a date on a country has another status in a programme; rows follow one another by seq.

    `valid_from` is EDTF, XXXX if no source states it. `decision_id` names the decision that made
    the row, if one is recorded.
    """

    type: ClassVar[str] = "programmes.participation_changed.v1"
    entity: ClassVar[str] = "participation"

    programme_code: str
    country: str
    seq: int
    status: str
    valid_from: str
    decision_id: UUID | None
    decision_text: str | None
    scope: ParticipationScope | None


class ActionPlanChanged(Fact):
    """An edition of a country's action plan, an area or an action of it, is not what it was."""

    type: ClassVar[str] = "programmes.action_plan_changed.v1"
    entity: ClassVar[str] = "action_plan"

    programme_code: str
    country: str
    edition: int
    status: str
    planned_action_count: int | None
    recorded_action_count: int


class IndicatorValueChanged(Fact):
    """A value of an indicator was reported or reviewed; only an approved one counts."""

    type: ClassVar[str] = "programmes.indicator_value_changed.v1"
    entity: ClassVar[str] = "indicator"

    programme_code: str
    indicator_code: str
    value_id: UUID
    period: str
    state: str


class EntryBooked(Fact):
    """Money of a line was moved by an officer or by a claim; `kind` says how.

    It is reserved, committed, spent, released or spending_reversed. `spent_on` is the day of the
    cost, or of the payment of a claim. What a trip holds until a claim of it is certified is told
    by funds_committed, funds_refused and funds_released.
    """

    type: ClassVar[str] = "programmes.entry_booked.v1"
    entity: ClassVar[str] = "budget_entry"

    programme_code: str
    budget_line_code: str
    kind: str
    amount: Money
    subject_service: str | None
    subject_id: UUID | None
    spent_on: date | None


class SpendingWaits(Fact):
    """A claim was certified, or paid (`paid_on`), and its line could not take it.

    `reason` is budget_exceeded, currency_differs, no_such_line or line_closed. `amount` is what
    was certified; `available` is what the line has left, null where there is no line.
    """

    type: ClassVar[str] = "programmes.spending_waits.v1"
    entity: ClassVar[str] = "claim"

    claim_id: UUID
    trip_id: UUID
    programme_code: str
    budget_line_code: str | None
    reason: str
    amount: Money
    available: Money | None
    paid_on: date | None


class BudgetChanged(Fact):
    """A version of a budget was drafted, approved or superseded (`status`)."""

    type: ClassVar[str] = "programmes.budget_changed.v1"
    entity: ClassVar[str] = "budget"

    programme_code: str
    number: int
    status: str
    total: Money
    effective_from: date | None


class FundsTransferred(Fact):
    """Money moved from one line of the approved budget to another."""

    type: ClassVar[str] = "programmes.funds_transferred.v1"
    entity: ClassVar[str] = "budget_transfer"

    programme_code: str
    from_line: str
    to_line: str
    amount: Money


class ConversionRecorded(Fact):
    """An amount was converted by the rule of a programme's contract; `rule` names it."""

    type: ClassVar[str] = "programmes.conversion_recorded.v1"
    entity: ClassVar[str] = "conversion"

    programme_code: str
    amount: Money
    result: Money
    rule: str
    cost_on: date


FACTS: Final[tuple[type[Fact], ...]] = (
    ProgrammeChanged,
    PartnerAdded,
    PartnerEnded,
    OrganisationRegistered,
    SourceRegistered,
    BudgetLineOpened,
    BudgetLineRaised,
    FundsCommitted,
    FundsRefused,
    FundsReleased,
    EntryBooked,
    SpendingWaits,
    BudgetChanged,
    FundsTransferred,
    ConversionRecorded,
    RegisterEntryAdded,
    PartChanged,
    ParticipationChanged,
    ActionPlanChanged,
    IndicatorValueChanged,
)
"""Every fact the programmes service tells."""
