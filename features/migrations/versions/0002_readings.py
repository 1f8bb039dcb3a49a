"""Room for what text mining reads beside the first answers, and for what people correct."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What stood before was read without these questions: the answers a record has by default.
ADDED: tuple[tuple[str, str, sa.types.TypeEngine[Any], str | None], ...] = (
    ("annotations", "request", sa.Text(), "'other'"),
    ("annotations", "demands", sa.Text(), "'[]'"),
    ("annotations", "entities", sa.Text(), "'[]'"),
    ("annotations", "cluster_id", sa.Text(), None),
    ("annotations", "cluster_size", sa.BigInteger(), "1"),
    ("annotations", "flood", sa.Boolean(), "false"),
    ("reviews", "corrections", sa.Text(), "'{}'"),
)


def upgrade() -> None:
    for table, name, kind, default in ADDED:
        standing = None if default is None else sa.text(default)
        column = sa.Column(name, kind, nullable=default is None, server_default=standing)
        op.add_column(table, column)
