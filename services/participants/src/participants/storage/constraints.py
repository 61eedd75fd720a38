"""Which refusal a violated constraint stands for, so that a lost race reads like the rule."""

from typing import Final

from kit.errors import DomainError
from participants.domain.errors import (
    AdvanceExists,
    AffiliationEndsBeforeItStarts,
    AffiliationOverlaps,
    ClaimExists,
    DayAlreadyPaid,
    NoSuchPerson,
    ParkedResolved,
    PersonClosed,
    PersonExists,
    RateSetImmutable,
    SettlementExists,
    TripEndsBeforeItStarts,
    TripExists,
    TripOverlaps,
    VictimDataForbidden,
)

CONSTRAINTS: Final[dict[str, type[DomainError]]] = {
    "person_pkey": PersonExists,
    "person_reference_taken": PersonExists,
    "person_erased_once": PersonClosed,
    "person_is_no_victim": VictimDataForbidden,
    "affiliation_overlaps": AffiliationOverlaps,
    "affiliation_takes_time": AffiliationEndsBeforeItStarts,
    "advance_of_trip_exists": AdvanceExists,
    "claim_of_trip_exists": ClaimExists,
    "claim_resolved_once": ParkedResolved,
    "day_already_paid": DayAlreadyPaid,
    "settlement_of_claim_exists": SettlementExists,
    "trip_of_nomination_exists": TripExists,
    "trip_overlaps": TripOverlaps,
    "trip_takes_time": TripEndsBeforeItStarts,
    "trip_person_id_fkey": NoSuchPerson,
    "rate_set_code_taken": RateSetImmutable,
    "rate_pkey": RateSetImmutable,
}
