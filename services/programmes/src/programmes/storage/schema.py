"""Every table of the service in one metadata, for its migrations."""

from typing import Final

from programmes.storage import (
    tables,
    tables_cooperation,
    tables_counted,
    tables_money,
    tables_results,
)

MODULES: Final = (tables, tables_cooperation, tables_counted, tables_money, tables_results)
metadata: Final = tables.metadata
