"""Brings a store's tables to this version, over the connection that ``features.store`` opened.

To write the next migration: ``alembic`` is configured by ``features.store.migrations``.
"""

from alembic import context

from features.tables import METADATA


def run() -> None:
    """Apply the migrations in the caller's transaction."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=METADATA)
    with context.begin_transaction():
        context.run_migrations()


if hasattr(context, "config"):  # only under Alembic: importing this file alone does nothing
    run()
