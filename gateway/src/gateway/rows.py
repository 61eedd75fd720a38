"""The table of passed-through operations; a test compares it with the services' documents."""

from typing import Final, NamedTuple


OPEN: Final = frozenset({"certificates:verify"})
"""Scopes that anybody has: what needs no other needs no token (README, Open operations)."""


class Row(NamedTuple):
    """One operation of a service's /v1, public under /api with the same path and this scope."""

    method: str
    path: str
    service: str
    scope: str

    @property
    def open(self) -> bool:
        """Whether anybody may ask, without a token."""
        return self.scope in OPEN

    @property
    def bulk(self) -> bool:
        """Whether many items come at once, so that 10 MiB are allowed instead of 1."""
        return self.path.endswith((":batch", ":import"))


def _rows(service: str, *operations: str) -> tuple[Row, ...]:
    split = [operation.split(" ") for operation in operations]
    return tuple(Row(method, path, service, scope) for method, path, scope in split)


ROWS: Final = (
    *_rows(
        "programmes",
        "GET /v1/programmes programmes:read",
        "POST /v1/programmes programmes:write",
        "GET /v1/programmes/{code} programmes:read",
        "PATCH /v1/programmes/{code} programmes:write",
        "GET /v1/programmes/{code}/overview programmes:read",
        "GET /v1/portfolio programmes:read",
        "GET /v1/programmes/{code}/partners programmes:read",
        "POST /v1/programmes/{code}/partners programmes:write",
        "POST /v1/programmes/{code}/partners/{partner_id}/end programmes:write",
        "GET /v1/programmes/{code}/countries programmes:read",
        "POST /v1/programmes/{code}/countries programmes:write",
        "GET /v1/programmes/{code}/budget-figures programmes:read",
        "POST /v1/programmes/{code}/budget-figures programmes:write",
        "GET /v1/programmes/{code}/relations programmes:read",
        "POST /v1/programmes/{code}/relations programmes:write",
        "GET /v1/programmes/{code}/children programmes:read",
        "GET /v1/programmes/{code}/milestones programmes:read",
        "POST /v1/programmes/{code}/milestones programmes:write",
        "GET /v1/programmes/{code}/budget-lines programmes:read",
        "POST /v1/programmes/{code}/budget-lines programmes:write",
        "POST /v1/programmes/{code}/budget-lines/{line}/raises programmes:write",
        "GET /v1/programmes/{code}/budget-lines/{line}/commitments programmes:read",
        "GET /v1/programmes/{code}/budget-lines/{line}/entries programmes:read",
        "POST /v1/programmes/{code}/budget-lines/{line}/entries programmes:write",
        "GET /v1/programmes/{code}/financial-report programmes:read",
        "GET /v1/programmes/{code}/roll-up programmes:read",
        "GET /v1/programmes/{code}/funding-sources programmes:read",
        "POST /v1/programmes/{code}/funding-sources programmes:write",
        "GET /v1/programmes/{code}/budget/lines programmes:read",
        "POST /v1/programmes/{code}/budget/lines programmes:write",
        "GET /v1/programmes/{code}/budgets programmes:read",
        "POST /v1/programmes/{code}/budgets programmes:write",
        "GET /v1/programmes/{code}/budgets/{number} programmes:read",
        "POST /v1/programmes/{code}/budgets/{number}/approval programmes:write",
        "GET /v1/programmes/{code}/transfers programmes:read",
        "POST /v1/programmes/{code}/transfers programmes:write",
        "GET /v1/programmes/{code}/iati.xml programmes:read",
        "GET /v1/exchange-rates programmes:read",
        "POST /v1/exchange-rates/{publisher}:import programmes:write",
        "GET /v1/programmes/{code}/exchange-rule programmes:read",
        "PUT /v1/programmes/{code}/exchange-rule programmes:write",
        "GET /v1/programmes/{code}/conversions programmes:read",
        "POST /v1/programmes/{code}/conversions programmes:write",
        "GET /v1/programmes/{code}/conversions/{conversion_id} programmes:read",
        "GET /v1/organisations programmes:read",
        "POST /v1/organisations programmes:write",
        "GET /v1/organisations/{code} programmes:read",
        "GET /v1/sources programmes:read",
        "POST /v1/sources programmes:write",
        "GET /v1/sources/{code} programmes:read",
        "GET /v1/codelists/topics programmes:read",
        "POST /v1/topics programmes:write",
        "POST /v1/topic-mappings programmes:write",
        "GET /v1/instruments programmes:read",
        "POST /v1/instruments programmes:write",
        "GET /v1/instruments/{entry} programmes:read",
        "GET /v1/country-groups programmes:read",
        "POST /v1/country-groups programmes:write",
        "GET /v1/country-groups/{entry} programmes:read",
        "POST /v1/organisations/{entry}/statuses programmes:write",
        "GET /v1/programmes/{code}/components programmes:read",
        "POST /v1/programmes/{code}/components programmes:write",
        "GET /v1/programmes/{code}/components/{component} programmes:read",
        "GET /v1/programmes/{code}/components/{component}/topics programmes:read",
        "GET /v1/programmes/{code}/components/{component}/topic-leads programmes:read",
        "POST /v1/programmes/{code}/components/{component}/topic-leads programmes:write",
        "GET /v1/programmes/{code}/bilateral-partnerships programmes:read",
        "POST /v1/programmes/{code}/bilateral-partnerships programmes:write",
        "POST /v1/programmes/{code}/bilateral-partnerships/{partnership_id}/end programmes:write",
        "GET /v1/programmes/{code}/governance programmes:read",
        "POST /v1/programmes/{code}/governance programmes:write",
        "GET /v1/programmes/{code}/governance/meetings programmes:read",
        "POST /v1/programmes/{code}/governance/meetings programmes:write",
        "GET /v1/programmes/{code}/governance/meetings/{meeting_id}/transitions programmes:read",
        "POST /v1/programmes/{code}/governance/meetings/{meeting_id}/transitions programmes:write",
        "GET /v1/programmes/{code}/decisions programmes:read",
        "POST /v1/programmes/{code}/decisions programmes:write",
        "GET /v1/programmes/{code}/participation/{country} programmes:read",
        "POST /v1/programmes/{code}/participation programmes:write",
        "POST /v1/programmes/{code}/eligibility-checks programmes:read",
        "GET /v1/programmes/{code}/action-plans programmes:read",
        "POST /v1/programmes/{code}/action-plans programmes:write",
        "GET /v1/programmes/{code}/action-plans/{country} programmes:read",
        "GET /v1/programmes/{code}/action-plans/{country}/areas/{topic} programmes:read",
        "POST /v1/programmes/{code}/action-plans/{country}/areas/{topic}"
        "/completion programmes:write",
        "GET /v1/programmes/{code}/action-plans/{country}/transitions programmes:read",
        "POST /v1/programmes/{code}/action-plans/{country}/transitions programmes:write",
        "GET /v1/programmes/{code}/action-plans/{country}/actions programmes:read",
        "POST /v1/programmes/{code}/action-plans/{country}/actions programmes:write",
        "POST /v1/programmes/{code}/action-plans/{country}/actions/{number}"
        "/transitions programmes:write",
        "GET /v1/programmes/{code}/indicators programmes:read",
        "POST /v1/programmes/{code}/indicators programmes:write",
        "GET /v1/programmes/{code}/indicators/{indicator} programmes:read",
        "POST /v1/programmes/{code}/indicators/{indicator}/values programmes:write",
        "GET /v1/programmes/{code}/indicators/{indicator}/values/{value_id}"
        "/transitions programmes:read",
        "POST /v1/programmes/{code}/indicators/{indicator}/values/{value_id}"
        "/transitions programmes:write",
        "GET /v1/programmes/{code}/units programmes:read",
        "POST /v1/programmes/{code}/units programmes:write",
        "GET /v1/programmes/{code}/units/summary programmes:read",
        "GET /v1/programmes/{code}/units/{unit_id} programmes:read",
        "GET /v1/programmes/{code}/deliverables programmes:read",
        "POST /v1/programmes/{code}/deliverables programmes:write",
        "POST /v1/programmes/{code}/deliverables/{deliverable_id}/transitions programmes:write",
        "GET /v1/programmes/{code}/objectives programmes:read",
        "GET /v1/programmes/{code}/funding-rules programmes:read",
        "GET /v1/programmes/{code}/partners/summary programmes:read",
        "GET /v1/programmes/{code}/transitions programmes:read",
        "GET /v1/codelists programmes:read",
        "GET /v1/codelists/{name} programmes:read",
    ),
    *_rows(
        "training",
        "GET /v1/event-series training:read",
        "POST /v1/event-series training:host",
        "GET /v1/event-series/{series_id} training:read",
        "GET /v1/events training:read",
        "POST /v1/events training:host",
        "GET /v1/events/{event_id} training:read",
        "POST /v1/events/{event_id}/transitions training:host",
        "POST /v1/nominations training:nominate",
        "GET /v1/nominations/{nomination_id} training:read",
        "GET /v1/events/{event_id}/nominations training:read",
        "POST /v1/nominations/{nomination_id}/endorsement training:nominate",
        "POST /v1/nominations/{nomination_id}/acceptance training:host",
        "POST /v1/nominations/{nomination_id}/confirmation training:host",
        "POST /v1/nominations/{nomination_id}/withdrawal training:nominate",
        "POST /v1/nominations/{nomination_id}/attendance training:host",
        "GET /v1/events/{event_id}/quotas training:read",
        "PUT /v1/events/{event_id}/quotas training:host",
        "POST /v1/nominations/{nomination_id}/rejection training:host",
        "POST /v1/nominations/{nomination_id}/replacement training:nominate",
        "GET /v1/nominations/{nomination_id}/chain training:read",
        "GET /v1/events/{event_id}/sessions training:read",
        "POST /v1/events/{event_id}/sessions training:host",
        "GET /v1/events/{event_id}/attendance training:read",
        "POST /v1/events/{event_id}/attendance training:host",
        "POST /v1/attendance/{presence_id}/corrections training:host",
        "GET /v1/headcount-reports training:read",
        "POST /v1/headcount-reports training:host",
        "GET /v1/codelists/event-kinds training:read",
        "GET /v1/codelists/attendance-refusals training:read",
        "GET /v1/events/{event_id}/calendar.ics training:read",
        "GET /v1/programmes/{code}/calendar.ics training:read",
        "GET /v1/organisations/{code}/calendar.ics training:read",
        "POST /v1/nominations/{nomination_id}/certificate training:host",
        "GET /v1/certificates/{certificate_id} training:read",
        "GET /v1/events/{event_id}/certificates training:read",
        "POST /v1/certificates/{certificate_id}/document training:read",
        "POST /v1/certificates/{certificate_id}/revocation training:host",
        "GET /v1/certificate-verifications/{code} certificates:verify",
    ),
    *_rows(
        "participants",
        "GET /v1/persons participants:read",
        "POST /v1/persons participants:write",
        "GET /v1/persons/{person_id} participants:read",
        "GET /v1/persons/{person_id}/identity participants:read",
        "PUT /v1/persons/{person_id}/identity participants:write",
        "PUT /v1/persons/{person_id}/documents/{kind} participants:write",
        "PUT /v1/persons/{person_id}/account participants:write",
        "GET /v1/persons/{person_id}/affiliations participants:read",
        "POST /v1/persons/{person_id}/affiliations participants:write",
        "POST /v1/person-searches identity:read",
        "POST /v1/persons/{person_id}/erasure participants:protect",
        "PUT /v1/persons/{person_id}/legal-hold participants:protect",
        "GET /v1/persons/{person_id}/export participants:protect",
        "GET /v1/persons/{person_id}/access-log participants:protect",
        "GET /v1/erasure-certificates/{certificate_id} participants:protect",
        "GET /v1/retention-schedule participants:protect",
        "POST /v1/retention-runs participants:protect",
        "GET /v1/trips participants:read",
        "POST /v1/trips participants:write",
        "GET /v1/trips/{trip_id} participants:read",
        "GET /v1/trips/{trip_id}/per-diem participants:read",
        "POST /v1/trips/{trip_id}/cancellation participants:write",
        "POST /v1/trips/{trip_id}/estimates participants:write",
        "POST /v1/per-diem/simulations participants:read",
        "GET /v1/rate-sets participants:read",
        "GET /v1/rate-sets/{code} participants:read",
    ),
)

# Combined by the gateway itself (views and the merged feed), not passed through.
COMBINED: Final = frozenset(
    {
        ("programmes", "/v1/changes"),
        ("training", "/v1/changes"),
        ("participants", "/v1/changes"),
        ("training", "/v1/programme-totals/{programme_code}"),
        ("participants", "/v1/programme-totals/{programme_code}"),
        ("training", "/v1/portfolio-totals"),
        ("participants", "/v1/portfolio-totals"),
    }
)
