"""Every programme the caller may see, with the totals of each; currencies are never added."""

from typing import Final

from gateway.compose import Part, View

PORTFOLIO: Final = View(
    name="portfolio",
    path="/v1/views/portfolio",
    summary="All programmes with their training and travel totals",
    scopes=frozenset({"programmes:read", "training:read", "participants:read"}),
    parts=(
        Part("programmes", "programmes", "/v1/portfolio"),
        Part("training", "training", "/v1/portfolio-totals"),
        Part("participants", "participants", "/v1/portfolio-totals"),
    ),
)
