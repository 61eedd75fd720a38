"""Examples of request bodies for the OpenAPI document; whoever is meant has an id, no name."""

from typing import Any, Final

from pydantic import ConfigDict

_EVENT: Final = "01980000-0000-7000-8000-00000000e001"
_PARTICIPANT: Final = "01980000-0000-7000-8000-00000000a001"


def shown(**example: Any) -> ConfigDict:  # noqa: ANN401 (JSON is any of six types)
    """Return the model configuration that shows one example."""
    return ConfigDict(json_schema_extra={"examples": [example]})


def csv_of(model: Any) -> str:  # noqa: ANN401 (any model whose example has items)
    """Return the items of a model's example as CSV."""
    items: list[dict[str, Any]] = model.model_config["json_schema_extra"]["examples"][0]["items"]
    header = list(dict.fromkeys(name for item in items for name in item))
    rows = [header, *([str(item.get(name, "")) for name in header] for item in items)]
    return "".join(",".join(row) + "\n" for row in rows)


NOMINATION: Final = shown(event_id=_EVENT, participant_id=_PARTICIPANT, unit_code="SYN-FO-01")
NOMINATIONS: Final = shown(
    items=[
        {
            "external_id": "MD-2015-0017",
            "event_id": _EVENT,
            "participant_id": _PARTICIPANT,
            "source_version": 1,
        },
        {
            "external_id": "MD-2015-0018",
            "event_id": _EVENT,
            "participant_id": "01980000-0000-7000-8000-00000000a002",
            "source_version": 3,
        },
    ]
)
PRESENCES: Final = shown(
    items=[
        {
            "external_id": "MD-2015-0017",
            "session": 1,
            "nonce": "desk2-000017",
            "came_at": "2015-04-21T08:55:00+02:00",
            "left_at": "2015-04-21T16:30:00+02:00",
        }
    ]
)
EVENT: Final = shown(
    reference="EAP-PCP-DP-01",
    programme_code="EAP-PCP",
    kind="training",
    title="First set of data protection trainings",
    dates={"from": "2015-03-30", "to": "2015-04-03", "precision": "day"},
    place={"country": "MD", "precision": "country"},
    capacity=20,
    host="PL-MOI",
)
