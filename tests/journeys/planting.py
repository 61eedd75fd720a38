"""Rows of any table, put there as the superuser: for records that take a long way to come about."""

import re
from typing import Any
from uuid import uuid4

import asyncpg

from .world import Member

_NEEDED = """
SELECT column_name AS name, CASE data_type WHEN 'ARRAY' THEN 'ARRAY' ELSE udt_name END AS kind
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1
  AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
"""
_ALL = """
SELECT column_name AS name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1
"""
_INSERT = """
SELECT format('INSERT INTO %I (%s) VALUES (%s) RETURNING id', $1::text,
  (SELECT string_agg(quote_ident(c), ',') FROM unnest($2::text[]) c),
  (SELECT string_agg(quote_literal(v), ',') FROM unnest($3::text[]) v))
"""
_FILL: dict[str, Any] = {
    "ARRAY": "{}",
    "text": "example",
    "int4": "1",
    "int8": "1",
    "int2": "1",
    "numeric": "1",
    "bool": "true",
    "date": "2026-05-11",
    "timestamptz": "2026-05-11T08:00:00Z",
    "bytea": "\\x00",
    "jsonb": "{}",
    "tstzrange": "[2026-05-11,2026-05-12)",
    "daterange": "[2026-05-11,2026-05-12)",
}


async def plant(member: Member, table: str, **known: Any) -> Any:
    """Put a row there with values of the right type where none is given; return its id."""
    url = re.sub(r"//\w+@", "//postgres@", member.database.address.url)
    owner = await asyncpg.connect(url)
    try:
        needed = await owner.fetch(_NEEDED, table)
        columns = {each["name"] for each in await owner.fetch(_ALL, table)}
        filled = {each["name"]: _filled(each["kind"]) for each in needed}
        given = {name: _written(value) for name, value in known.items() if name in columns}
        values = filled | given
        await owner.execute("SET session_replication_role = replica")
        statement = await owner.fetchval(_INSERT, table, list(values), list(values.values()))
        return await owner.fetchval(statement)
    finally:
        await owner.close()


def _filled(kind: str) -> str:
    return str(uuid4()) if kind == "uuid" else _FILL[kind]


def _written(value: Any) -> str:
    return f"{{{','.join(value)}}}" if isinstance(value, list) else str(value)
