"""a name for the database, so that an index made from another one is noticed."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = '20261125_installation'
down_revision = '20261125_words'
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table('installation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('identity', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_installation'))
    )
    op.bulk_insert(table, [{'identity': secrets.token_hex(8)}])


def downgrade() -> None:
    op.drop_table('installation')
