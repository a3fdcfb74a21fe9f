"""How Alembic reaches the database: through the application, in one transaction for all steps."""

from alembic import context
from flask import current_app
from sqlalchemy import Enum

from asdg_portal.core.db import UtcDateTime


def render_item(kind, item, autogen_context):
    """A step of today must not break when the application's own types change tomorrow."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


extension = current_app.extensions["migrate"]
database = extension.db

with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=render_item,
        **extension.configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
