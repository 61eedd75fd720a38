"""Examples of request bodies for the OpenAPI document, from the programmes of the sources."""

from typing import Any, Final

from pydantic import ConfigDict

_SOURCE: Final = {
    "document": "mswia-eu-projects",
    "locator": "Eastern Partnership Police Cooperation Programme",
    "quote": "Its budget is around 5 million Euro.",
}
_MARCH: Final = {"edtf": "2014-03", "text": "March 2014"}


def shown(**example: Any) -> ConfigDict:  # noqa: ANN401 (JSON is any of six types)
    """Return the model configuration that shows one example."""
    return ConfigDict(json_schema_extra={"examples": [example]})


ORGANISATION: Final = shown(code="PL-CF", name="Cooperation Fund", type="foundation", country="PL")
ORGANISATION_CORRECTION: Final = shown(name="Cooperation Fund", type="foundation", country="PL")
SOURCE: Final = shown(
    code="mswia-eu-projects",
    title="International cooperation: EU projects",
    publisher="not stated",
    language="en",
)
PROGRAMME: Final = shown(
    code="EAP-PCP",
    title="Eastern Partnership Police Cooperation Programme",
    kind="programme",
    status="active",
    start=_MARCH,
    identifiers=[{"scheme": "EuropeAid", "value": "EuropeAid/134044/C/SER/Multi"}],
    rulesets={"abroad": "EU_EXTERNAL"},
    contract_concluded_on="2013-12-30",
    citations={"title": _SOURCE},
)
PATCH: Final = shown(status="completed", end={"edtf": "2018-03", "text": "March 2018"})
PARTNER: Final = shown(organisation="PL-MOI", role="lead", valid_from=_MARCH, source=_SOURCE)
PARTNER_END: Final = shown(on={"edtf": "2015-03", "text": "March 2015"})
COUNTRY: Final = shown(country="MD", role="beneficiary", source=_SOURCE)
FIGURE: Final = shown(
    kind="total",
    amount_published="around 5 million Euro",
    amount="5000000.00",
    currency="EUR",
    qualifier="approximate",
    source=_SOURCE,
)
MILESTONE: Final = shown(kind="launched", date=_MARCH, source=_SOURCE)
RELATION: Final = shown(type="under_initiative", to="EAP", source=_SOURCE)
BUDGET_LINE: Final = shown(
    code="PER-DIEM",
    title="Per diems of participants",
    category="per_diem",
    amount={"amount": "400000.00", "currency": "EUR"},
    synthetic=True,
)
RAISE: Final = shown(amount={"amount": "25000.00", "currency": "EUR"})
