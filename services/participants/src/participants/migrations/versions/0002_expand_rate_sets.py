"""Rate sets: corrections, parts of a rate; which sets a calculation used; a programme's choices."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0002"
down_revision = "0001"

_CHOICES: Final = (
    "domestic_legs",
    "several_countries",
    "exchange_rule",
    "call_opened_on",
    "unit_costs_opt_in",
    "compensation_percent",
)


def upgrade() -> None:
    op.add_column("rate_set", sa.Column("corrects", sa.Text))
    op.create_foreign_key("rate_set_corrects_known", "rate_set", "rate_set", ["corrects"], ["code"])
    op.add_column("rate_set", sa.Column("published_at", sa.DateTime(timezone=True)))
    op.add_column("rate", sa.Column("parts", JSONB))
    _know_used_sets()
    _keep_choices()


def _know_used_sets() -> None:
    op.add_column(
        "allowance_calculation",
        sa.Column("rate_sets", ARRAY(sa.Text), nullable=False, server_default="{}"),
    )
    op.execute(
        "UPDATE allowance_calculation SET rate_sets = ARRAY("
        "SELECT DISTINCT used ->> 'rate_set' "
        "FROM jsonb_array_elements(snapshot::jsonb -> 'rates') AS used ORDER BY 1)"
    )
    op.create_index(
        "allowance_by_rate_set",
        "allowance_calculation",
        ["rate_sets"],
        postgresql_using="gin",
    )


def _keep_choices() -> None:
    op.add_column(
        "programme_pin",
        sa.Column("domestic_legs", sa.Text, nullable=False, server_default="separate"),
    )
    op.add_column(
        "programme_pin",
        sa.Column("several_countries", sa.Text, nullable=False, server_default="each_country"),
    )
    op.add_column("programme_pin", sa.Column("exchange_rule", sa.Text))
    op.add_column("programme_pin", sa.Column("call_opened_on", sa.Date))
    op.add_column(
        "programme_pin",
        sa.Column("unit_costs_opt_in", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "programme_pin",
        sa.Column("compensation_percent", sa.Integer, nullable=False, server_default="150"),
    )


def downgrade() -> None:
    for column in reversed(_CHOICES):
        op.drop_column("programme_pin", column)
    op.drop_index("allowance_by_rate_set", "allowance_calculation")
    op.drop_column("allowance_calculation", "rate_sets")
    op.drop_column("rate", "parts")
    op.drop_column("rate_set", "published_at")
    op.drop_constraint("rate_set_corrects_known", "rate_set")
    op.drop_column("rate_set", "corrects")
