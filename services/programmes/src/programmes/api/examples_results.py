"""Examples of request bodies of results, from the programmes of the sources."""

from typing import Final

from programmes.api.examples import shown

_SOURCE: Final = {
    "document": "mswia-no-comp",
    "locator": "Trainings and workshops",
    "quote": "22 trainings were conducted in 21 locations",
}
ACTION_PLAN: Final = shown(
    country="MD",
    planned_action_count=27,
    areas=[{"topic": "data-protection", "title": "data protection"}],
)
PLAN_CORRECTION: Final = shown(
    planned_action_count=27,
    areas=[{"topic": "data-protection", "title": "data protection"}],
)
ACTION_CORRECTION: Final = shown(
    area="data-protection", title="First set of data protection trainings", participants=22
)
ACTION: Final = shown(
    number=1,
    area="data-protection",
    title="First set of data protection trainings",
    calendar={"edtf": "2015-03"},
    participants=20,
)
INDICATOR: Final = shown(
    code="trainings",
    title="Trainings conducted",
    unit="trainings",
    basis="events",
    periods=[{"code": "PROJECT"}],
    computed_from="trainings_held",
    source=_SOURCE,
)
VALUE_REOPENING: Final = shown(reason="One training was counted twice")
VALUE: Final = shown(
    period="PROJECT", value="22", qualifier="exact", basis="events", source=_SOURCE
)
UNIT: Final = shown(
    name="Silesian Unit against Trafficking in Human Being",
    region="Silesian",
    founded={"edtf": "2015-02-09"},
    legal_act={
        "act_type": "ordinance",
        "number": "48/15",
        "on": {"edtf": "2015-02-09"},
        "issuer": "Silesian Voivode",
    },
)
DELIVERABLE: Final = shown(
    kind="film", title="Interactive films", quantity=3, status="delivered", source=_SOURCE
)
