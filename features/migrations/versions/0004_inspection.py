"""Room for why a line is inspected, by whom and how much; for certificates, lots and prices."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
# What stood before was decided without these: the answers a record has by default.
ADDED: tuple[tuple[str, str, sa.types.TypeEngine[Any], str | None], ...] = (
    ("declarations", "lot_id", sa.Text(), None),
    ("decisions", "effects", sa.Text(), "'[]'"),
    ("decisions", "selection", sa.Text(), None),
    ("decisions", "price", sa.Double(), None),
    ("decisions", "sample_size", sa.BigInteger(), None),
    ("decisions", "rules_version", sa.Text(), None),
    ("decisions", "port", sa.Text(), None),
    ("decisions", "hours", sa.Double(), None),
    ("decisions", "hours_expected", sa.Double(), None),
    ("decisions", "hours_asked", sa.Double(), None),
    ("plans", "hours", sa.Double(), None),
    ("plans", "share", sa.Double(), None),
    ("plans", "floor_share", sa.Double(), None),
    ("plans", "curve", sa.Text(), "'[]'"),
    ("plans", "profile", sa.Text(), "'[]'"),
    ("plans", "units", sa.BigInteger(), None),
    ("plans", "unit_price", sa.Double(), None),
)


def upgrade() -> None:
    for name, field, kind, default in ADDED:
        standing = None if default is None else sa.text(default)
        op.add_column(
            name, sa.Column(field, kind, nullable=default is None, server_default=standing)
        )
    index("declarations", "lot_id")
    certificates()
    assignments()


def index(name: str, *columns: str) -> None:
    op.create_index(f"{name}_{'_'.join(columns)}_index", name, [*columns])


def table(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("sequence", SEQUENCE, nullable=False),
        sa.Column("fact_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("sequence", name=f"{name}_pkey"),
        sa.UniqueConstraint("fact_id", "known_at", name=f"{name}_fact_id_known_at_key"),
    )
    index(name, "known_at", "sequence")


def certificates() -> None:
    table(
        "certificates",
        sa.Column("certificate_id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("items", sa.Text(), nullable=False),
    )


def assignments() -> None:
    table(
        "assignments",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("declaration_id", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.BigInteger(), nullable=False),
        sa.Column("inspector_id", sa.Text(), nullable=True),
        sa.Column("draw", sa.Double(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("chances", sa.Text(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("roster_version", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
    )
    index("assignments", "inspector_id")
