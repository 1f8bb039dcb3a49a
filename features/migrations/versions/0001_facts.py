"""Make a table for each kind of fact."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    enterprises()
    declarations()
    inspections()
    reports()
    warnings()
    annotations()
    decisions()
    reviews()
    plans()


def index(table: str, *columns: str) -> None:
    op.create_index(f"{table}_{'_'.join(columns)}_index", table, [*columns])


def table(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("sequence", SEQUENCE, nullable=False),
        sa.Column("fact_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("sequence", name=f"{name}_pkey"),
        sa.UniqueConstraint("fact_id", "known_at", name=f"{name}_fact_id_known_at_key"),
    )
    index(name, "known_at", "sequence")


def enterprises() -> None:
    table(
        "enterprises",
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("credit_grade", sa.Text(), nullable=True),
        sa.Column("registered_at", sa.BigInteger(), nullable=True),
        sa.Column("listed", sa.Text(), nullable=True),
    )


def declarations() -> None:
    table(
        "declarations",
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("declaration_id", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.BigInteger(), nullable=False),
        sa.Column("enterprise_id", sa.Text(), nullable=False),
        sa.Column("hs_code", sa.Text(), nullable=True),
        sa.Column("goods_name", sa.Text(), nullable=True),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("manufacturer_id", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("departure", sa.Text(), nullable=True),
        sa.Column("port", sa.Text(), nullable=True),
        sa.Column("trade_mode", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("net_weight_kg", sa.Double(), nullable=True),
        sa.Column("value_fen", sa.BigInteger(), nullable=True),
    )
    index("declarations", "enterprise_id")


def inspections() -> None:
    table(
        "inspections",
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("declaration_id", sa.Text(), nullable=False),
        sa.Column("inspected_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("hazards", sa.Text(), nullable=False),
        sa.Column("severity", sa.BigInteger(), nullable=True),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("responses", sa.Text(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=True),
        sa.Column("propensity", sa.Double(), nullable=True),
    )
    index("inspections", "declaration_id")


def reports() -> None:
    table(
        "reports",
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("enterprise_id", sa.Text(), nullable=True),
        sa.Column("goods_name", sa.Text(), nullable=True),
        sa.Column("hs_code", sa.Text(), nullable=True),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
    )
    index("reports", "enterprise_id")


def warnings() -> None:
    table(
        "warnings",
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("warning_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("hazards", sa.Text(), nullable=False),
        sa.Column("responses", sa.Text(), nullable=False),
    )


def annotations() -> None:
    table(
        "annotations",
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("annotated_at", sa.BigInteger(), nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("hazards", sa.Text(), nullable=False),
        sa.Column("severity", sa.BigInteger(), nullable=True),
        sa.Column("sentiment", sa.Double(), nullable=False),
        sa.Column("credibility", sa.Double(), nullable=True),
        sa.Column("enterprise_id", sa.Text(), nullable=True),
        sa.Column("goods_name", sa.Text(), nullable=True),
        sa.Column("hs_code", sa.Text(), nullable=True),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("uncertain", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
    )
    index("annotations", "report_id")
    index("annotations", "enterprise_id")


def decisions() -> None:
    table(
        "decisions",
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("declaration_id", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("likelihood", sa.Double(), nullable=False),
        sa.Column("severity", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("inclusion_probability", sa.Double(), nullable=False),
        sa.Column("draw", sa.Double(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("matrix_version", sa.Text(), nullable=False),
        sa.Column("degraded", sa.Boolean(), nullable=False),
    )
    index("decisions", "declaration_id")


def reviews() -> None:
    table(
        "reviews",
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
    )
    index("reviews", "subject_id")


def plans() -> None:
    table(
        "plans",
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.Double(), nullable=False),
        sa.Column("capacity", sa.Double(), nullable=False),
        sa.Column("expected_lines", sa.Double(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
    )
    index("plans", "day")
