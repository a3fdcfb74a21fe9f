"""words that mean the same."""

import sqlalchemy as sa
from alembic import op

revision = '20261125_words'
down_revision = '20261125_scans'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('word_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('same', sa.JSON(), nullable=False),
    sa.Column('near', sa.JSON(), nullable=False),
    sa.Column('broader', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_word_group')),
    sa.UniqueConstraint('name', name=op.f('uq_word_group_name'))
    )


def downgrade() -> None:
    op.drop_table('word_group')
