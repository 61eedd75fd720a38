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
_TRIGGERS: Final = (
    """
    CREATE TRIGGER trip_inserted AFTER INSERT ON trip REFERENCING NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION tally_trips()
    """,
    """
    CREATE TRIGGER trip_updated AFTER UPDATE ON trip
        REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION tally_trips()
    """,
    """
    CREATE TRIGGER trip_deleted AFTER DELETE ON trip REFERENCING OLD TABLE AS before
        FOR EACH STATEMENT EXECUTE FUNCTION tally_trips()
    """,
    """
    CREATE TRIGGER claim_inserted AFTER INSERT ON claim REFERENCING NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION tally_claims()
    """,
    """
    CREATE TRIGGER claim_updated AFTER UPDATE ON claim
        REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION tally_claims()
    """,
    """
    CREATE TRIGGER claim_deleted AFTER DELETE ON claim REFERENCING OLD TABLE AS before
        FOR EACH STATEMENT EXECUTE FUNCTION tally_claims()
    """,
)
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
    for statement in (_TRIPS, _CLAIMS, *_TRIGGERS):
        op.execute(statement)
    # Adding up every trip once takes as long as there are trips; nobody may write meanwhile.
    op.execute("SET LOCAL statement_timeout = '10min'")
    for statement in _PRESENT:
        op.execute(statement)
    op.execute("SET LOCAL statement_timeout = '5s'")


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
    op.execute("DROP FUNCTION tally_trips() CASCADE")
    op.execute("DROP FUNCTION tally_claims() CASCADE")
    op.drop_table("claim_tally")
    op.drop_table("trip_tally")
