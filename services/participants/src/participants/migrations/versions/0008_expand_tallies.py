"""What trips and claims add up to is kept beside them, whoever writes them."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

_TRIPS: Final = """
CREATE FUNCTION tally_trips() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO trip_tally
            (programme_code, audience, state, synthetic, currency, trips, estimated)
        SELECT programme_code, audience, state, synthetic, estimate_currency,
               count(*), coalesce(sum(estimate_amount), 0)
        FROM after GROUP BY 1, 2, 3, 4, 5;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO trip_tally
            (programme_code, audience, state, synthetic, currency, trips, estimated)
        SELECT programme_code, audience, state, synthetic, estimate_currency,
               -count(*), -coalesce(sum(estimate_amount), 0)
        FROM before GROUP BY 1, 2, 3, 4, 5;
    ELSE
        INSERT INTO trip_tally
            (programme_code, audience, state, synthetic, currency, trips, estimated)
        SELECT programme_code, audience, state, synthetic, estimate_currency,
               sum(n), sum(n * coalesce(estimate_amount, 0))
        FROM (SELECT 1 AS n, * FROM after UNION ALL SELECT -1 AS n, * FROM before) AS changed
        GROUP BY 1, 2, 3, 4, 5
        HAVING sum(n) <> 0 OR sum(n * coalesce(estimate_amount, 0)) <> 0;
    END IF;
    RETURN NULL;
END $$
"""
_CLAIMS: Final = """
CREATE FUNCTION tally_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO claim_tally (programme_code, audience, state, currency, claims, certified)
        SELECT programme_code, audience, state, currency,
               count(*), coalesce(sum(certified), 0)
        FROM after GROUP BY 1, 2, 3, 4;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO claim_tally (programme_code, audience, state, currency, claims, certified)
        SELECT programme_code, audience, state, currency,
               -count(*), -coalesce(sum(certified), 0)
        FROM before GROUP BY 1, 2, 3, 4;
    ELSE
        INSERT INTO claim_tally (programme_code, audience, state, currency, claims, certified)
        SELECT programme_code, audience, state, currency,
               sum(n), sum(n * coalesce(certified, 0))
        FROM (SELECT 1 AS n, * FROM after UNION ALL SELECT -1 AS n, * FROM before) AS changed
        GROUP BY 1, 2, 3, 4
        HAVING sum(n) <> 0 OR sum(n * coalesce(certified, 0)) <> 0;
    END IF;
    RETURN NULL;
END $$
"""
_TRIGGERS: Final = """
CREATE TRIGGER %(table)s_inserted AFTER INSERT ON %(table)s
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();
CREATE TRIGGER %(table)s_updated AFTER UPDATE ON %(table)s
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();
CREATE TRIGGER %(table)s_deleted AFTER DELETE ON %(table)s
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION %(function)s()
"""
_PRESENT: Final = (
    """
    INSERT INTO trip_tally (programme_code, audience, state, synthetic, currency, trips, estimated)
    SELECT programme_code, audience, state, synthetic, estimate_currency,
           count(*), coalesce(sum(estimate_amount), 0)
    FROM trip GROUP BY 1, 2, 3, 4, 5
    """,
    """
    INSERT INTO claim_tally (programme_code, audience, state, currency, claims, certified)
    SELECT programme_code, audience, state, currency, count(*), coalesce(sum(certified), 0)
    FROM claim GROUP BY 1, 2, 3, 4
    """,
)


def upgrade() -> None:
    _create("trip_tally", sa.Column("synthetic", sa.Boolean(), nullable=False), money="estimated")
    _create("claim_tally", money="certified")
    for function in (_TRIPS, _CLAIMS):
        op.execute(function)
    for table, function in (("trip", "tally_trips"), ("claim", "tally_claims")):
        for trigger in (_TRIGGERS % {"table": table, "function": function}).split(";\n"):
            op.execute(trigger)
    for present in _PRESENT:
        op.execute(present)


def _create(name: str, *more: sa.Column[bool], money: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        *more,
        sa.Column("currency", sa.Text(), nullable=name == "trip_tally"),
        sa.Column(f"{name.removesuffix('_tally')}s", sa.BigInteger(), nullable=False),
        sa.Column(money, sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(f"{name}_by_programme", name, ["programme_code"])


def downgrade() -> None:
    for table, function in (("trip", "tally_trips"), ("claim", "tally_claims")):
        for event in ("inserted", "updated", "deleted"):
            op.execute(f"DROP TRIGGER {table}_{event} ON {table}")
        op.execute(f"DROP FUNCTION {function}()")
        op.drop_table(f"{table}_tally")
