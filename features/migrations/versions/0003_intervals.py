"""Room for how far the likelihood of a decision may be wrong; older decisions do not tell."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADDED: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("likelihood_low", sa.Double()),
    ("likelihood_high", sa.Double()),
    ("inspections_known", sa.BigInteger()),
)


def upgrade() -> None:
    for name, kind in ADDED:
        op.add_column("decisions", sa.Column(name, kind, nullable=True))
