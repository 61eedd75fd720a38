"""Whatever refers to a person is exported and has its place in an erasure: walked by table."""

import pytest
from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text, Uuid

from participants.domain.erasure import SCHEDULE
from participants.storage import erasure, exporting
from participants.storage.schema import metadata
from participants.storage.tables import person

# Kit tables name no person but by id inside a text; `everything` looks for the ids there.
SEARCHED = {"change", "idempotency", "parked_fact"}
NOBODYS = {
    "feed", "feed_cursor", "inbox", "access_anchor", "access_link", "access_waiting",
    "rate_set", "rate", "trip_tally", "claim_tally",
    "programme_pin", "released_seat", "payment_file",
}  # fmt: skip


def refers(table: Table) -> bool:
    """Whether a table has a row about a person, or about such a row."""
    names = {column.name for column in table.c}
    if any(key.column.table is person for key in table.foreign_keys):
        return True
    return any("person" in name or name in {"survivor", "merged"} for name in names)


def test_tables_when_walked_then_those_about_a_person_are_exported_and_erased():
    withheld = {table.name for table in exporting.WITHHELD}
    about = {table.name for table in exporting.ABOUT}
    for table in metadata.sorted_tables:
        if refers(table) and table is not person:
            assert table.name in about | withheld, table.name
            assert table.name not in erasure.IMPERSONAL, table.name
        assert table.name in erasure.NAMED, table.name


def test_tables_when_walked_then_every_other_one_is_a_part_or_holds_nobody():
    covered = {table.name for table in (*exporting.ABOUT, *exporting.PARTS, *exporting.WITHHELD)}
    rest = {table.name for table in metadata.sorted_tables} - covered - SEARCHED
    assert rest == {name for name in rest if "job" in name} | NOBODYS


def test_table_when_planted_is_found_to_refer_to_a_person():
    for column in (
        Column("of", Uuid, ForeignKey(person.c.id)),
        Column("person_id", Uuid),
        Column("merged", Uuid),
    ):
        planted = Table("planted", metadata, column)
        metadata.remove(planted)
        assert refers(planted)
    blind = Table("planted", metadata, Column("code", Text))
    metadata.remove(blind)
    assert not refers(blind)


@pytest.mark.parametrize("table", [*exporting.ABOUT], ids=str)
def test_columns_when_binary_then_sealed_or_an_index(table):
    for column in table.c:
        if isinstance(column.type, LargeBinary) and not column.name.endswith("_index"):
            assert "person_id" in table.c, (table.name, column.name)


def test_schedule_when_read_then_each_category_once():
    assert len({rule.category for rule in SCHEDULE}) == len(SCHEDULE)
