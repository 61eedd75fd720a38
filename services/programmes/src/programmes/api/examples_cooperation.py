"""Examples of request bodies of cooperation, from the programmes of the sources."""

from typing import Final

from programmes.api.examples import shown

_SOURCE: Final = {
    "document": "mswia-eu-projects",
    "locator": "Multilateral component",
    "quote": "Leading partner for topics concerning drugs",
}
INSTRUMENT: Final = shown(
    code="ICSP",
    title="Instrument contributing to Stability and Peace",
    legal_basis="Regulation (EU) No 230/2014",
    adopted={"edtf": "2014-03-11", "text": "11 March 2014"},
    source=_SOURCE,
)
TOPIC: Final = shown(
    scheme="eap-multilateral",
    code="cybercrime",
    title="Fighting cyber crime",
    group=1,
    position=6,
    source=_SOURCE,
)
MAPPING: Final = shown(
    from_topic={"scheme": "eap-multilateral", "code": "cybercrime"},
    to_topic={"scheme": "eap-bilateral", "code": "terrorism-cybercrime"},
    relation="narrower",
)
COUNTRY_GROUP: Final = shown(
    code="PRAGUE_PROCESS",
    title="Prague Process",
    stated={"value": 50, "qualifier": "exact", "basis": "states"},
    source=_SOURCE,
)
STANDING: Final = shown(
    status="mandated_body", valid_from={"edtf": "2004", "text": "Since 2004"}, source=_SOURCE
)
COMPONENT: Final = shown(
    code="C2", title="Multilateral component", planned_project_count=9, source=_SOURCE
)
TOPIC_LEAD: Final = shown(
    topic_scheme="eap-multilateral", topic="cybercrime", country="DE", source=_SOURCE
)
PARTNERSHIP: Final = shown(country="MD", partner="PL-MOI", instrument="mou", source=_SOURCE)
BODY: Final = shown(
    code="SC", name="Steering Committee", kind="steering_committee", frequency="Once a year"
)
MEETING: Final = shown(body="SC", on={"edtf": "2014-10-16"}, city="Warsaw", country="PL")
DECISION: Final = shown(
    decided_by="Project Manager",
    text="the implementation of the Programme for Belarus was suspended",
    effects=[{"country": "BY", "status": "suspended"}],
    source=_SOURCE,
)
PARTICIPATION: Final = shown(country="BY", valid_from={"edtf": "2014-03", "text": "March 2014"})
ELIGIBILITY: Final = shown(country="BY", component="C2", topic="cybercrime", on="2015-06-01")
