"""The table of passed-through operations; a test compares it with the services' documents."""

from typing import Final, NamedTuple


class Row(NamedTuple):
    """One operation of a service's /v1, public under /api with the same path and this scope."""

    method: str
    path: str
    service: str
    scope: str

    @property
    def bulk(self) -> bool:
        """Whether many items come at once, so that 10 MiB are allowed instead of 1."""
        return self.path.endswith((":batch", ":import"))


def _rows(service: str, scope: str, *operations: str) -> tuple[Row, ...]:
    split = [operation.split(" ") for operation in operations]
    return tuple(Row(method, path, service, scope) for method, path in split)


ROWS: Final = (
    *_rows(
        "programmes",
        "programmes:read",
        "GET /v1/programmes",
        "GET /v1/programmes/{code}",
        "GET /v1/programmes/{code}/overview",
        "GET /v1/portfolio",
        "GET /v1/sources",
        "GET /v1/sources/{source_id}",
    ),
    *_rows(
        "training",
        "training:host",
        "POST /v1/nominations/{nomination_id}/confirmation",
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
