"""One programme as a frontend shows it: the programme, its training and its money for travel."""

from typing import Final

from gateway.compose import Part, View

PROGRAMME_OVERVIEW: Final = View(
    name="programme_overview",
    path="/v1/views/programmes/{code}",
    summary="A programme with its published and computed training and travel totals",
    scopes=frozenset({"programmes:read", "training:read", "participants:read"}),
    parts=(
        Part("programme", "programmes", "/v1/programmes/{code}/overview", decisive=True),
        Part("training", "training", "/v1/programme-totals/{programme_code}"),
        Part("participants", "participants", "/v1/programme-totals/{programme_code}"),
    ),
)
