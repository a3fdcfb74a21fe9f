"""a year is prepared, closed, and has directions of its own; late reports are marked."""

import sqlalchemy as sa
from alembic import op

revision = '20261124_campaigns'
down_revision = '20261124_reminders'
branch_labels = None
depends_on = None

# What was there already asks about every direction in use, and about those it has reports of.
OF_OLD = """
INSERT INTO campaign_sector (campaign_id, sector_id)
SELECT campaign.id, sector.id FROM campaign, sector WHERE sector.is_active
UNION
SELECT submission.campaign_id, submission.sector_id FROM submission
WHERE submission.campaign_id IS NOT NULL
"""


def upgrade() -> None:
    op.create_table('campaign_sector',
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('sector_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_sector_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sector_id'], ['sector.id'], name=op.f('fk_campaign_sector_sector_id_sector')),
    sa.PrimaryKeyConstraint('campaign_id', 'sector_id', name=op.f('pk_campaign_sector'))
    )
    with op.batch_alter_table('campaign_sector', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_campaign_sector_sector_id'), ['sector_id'], unique=False)

    op.create_table('late_arrival',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('late_by', sa.Integer(), nullable=False),
    sa.CheckConstraint('late_by >= 0', name=op.f('ck_late_arrival_late_by_is_no_credit')),
    sa.ForeignKeyConstraint(['report_id'], ['submission.id'], name=op.f('fk_late_arrival_report_id_submission'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_late_arrival'))
    )
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(sa.Column('in_preparation', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.alter_column('in_preparation', existing_type=sa.Boolean(), server_default=None)
    op.create_index('ix_submission_state_updated_at', 'submission', ['state', 'updated_at'], unique=False)
    op.execute(OF_OLD)


def downgrade() -> None:
    op.drop_index('ix_submission_state_updated_at', table_name='submission')
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_column('closed_at')
        batch_op.drop_column('in_preparation')

    op.drop_table('late_arrival')
    with op.batch_alter_table('campaign_sector', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_campaign_sector_sector_id'))

    op.drop_table('campaign_sector')
