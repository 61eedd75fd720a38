"""Every table of the service, for Alembic and for whoever has to know them all."""

from typing import Final

from participants.storage import tables, tables_claims, tables_people, tables_tally

MODULES: Final = (tables, tables_people, tables_claims, tables_tally)
metadata: Final = tables.metadata
