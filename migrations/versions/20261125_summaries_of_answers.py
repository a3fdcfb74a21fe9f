"""summaries of answers."""

import sqlalchemy as sa
from alembic import op

revision = '20261125_summaries'
down_revision = '20261125_shelf'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('summary',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('sector_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_summary_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sector_id'], ['sector.id'], name=op.f('fk_summary_sector_id_sector')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary')),
    sa.UniqueConstraint('campaign_id', 'sector_id', 'number', name='uq_summary_question')
    )
    op.create_index(op.f('ix_summary_sector_id'), 'summary', ['sector_id'], unique=False)
    op.create_table('theme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['summary_id'], ['summary.id'], name=op.f('fk_theme_summary_id_summary'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme'))
    )
    op.create_index(op.f('ix_theme_summary_id'), 'theme', ['summary_id'], unique=False)
    op.create_table('quote_place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['submission.id'], name=op.f('fk_quote_place_report_id_submission'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['summary_id'], ['summary.id'], name=op.f('fk_quote_place_summary_id_summary'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_quote_place_theme_id_theme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_place')),
    sa.UniqueConstraint('summary_id', 'report_id', 'mark', name='uq_quote_place_one_theme')
    )
    op.create_index(op.f('ix_quote_place_report_id'), 'quote_place', ['report_id'], unique=False)
    op.create_index(op.f('ix_quote_place_theme_id'), 'quote_place', ['theme_id'], unique=False)


def downgrade() -> None:
    op.drop_table('quote_place')
    op.drop_table('theme')
    op.drop_table('summary')
