"""remarks on words, their answers, and sheets filed for a city."""

import sqlalchemy as sa
from alembic import op

revision = '20261124_remarks'
down_revision = '20261124_commitments'
branch_labels = None
depends_on = None

REMARK = sa.table('remark', *map(sa.column, ('id', 'review_id', 'key', 'part', 'quote', 'text', 'closed_at')))
REVIEW = sa.table('review', *map(sa.column, ('id', 'revision_id', 'ended_at', 'verdict', 'summary')))
REVISION = sa.table('revision', *map(sa.column, ('id', 'submission_id')))
VERDICTS = ('returned', 'published')


def upgrade() -> None:
    with op.batch_alter_table('revision') as batch_op:
        batch_op.add_column(sa.Column('channel', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('received_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('incoming_number', sa.String(), nullable=False, server_default=''))
        batch_op.create_check_constraint(op.f('ck_revision_filed_on_a_day'), '(channel IS NULL) = (received_on IS NULL)')

    with op.batch_alter_table('remark') as batch_op:
        batch_op.drop_constraint('uq_remark_review_id_part', type_='unique')
        batch_op.add_column(sa.Column('key', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('quote', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('repeats_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('answer', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('answered_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('fixed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_foreign_key(op.f('fk_remark_repeats_id_remark'), 'remark', ['repeats_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(op.f('fk_remark_answered_by_id_user'), 'user', ['answered_by_id'], ['id'])

    _make_general_words_remarks()
    op.execute(sa.update(REMARK).values(key=sa.literal('before-') + sa.cast(REMARK.c.id, sa.String())))
    with op.batch_alter_table('remark') as batch_op:
        batch_op.alter_column('key', existing_type=sa.String(), nullable=False)
        batch_op.create_unique_constraint('uq_remark_review_id_key', ['review_id', 'key'])
    _close_all_but_the_last()

    op.create_table('note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('repeats_id', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_note_author_id_user')),
    sa.ForeignKeyConstraint(['repeats_id'], ['remark.id'], name=op.f('fk_note_repeats_id_remark'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_note_submission_id_submission'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note')),
    sa.UniqueConstraint('submission_id', 'author_id', 'key', name='uq_note_one_of_its_key')
    )


def _make_general_words_remarks() -> None:
    """What was said of a text as a whole becomes a remark that can be answered like the others."""
    said = REVIEW.c.verdict.in_(VERDICTS) & (REVIEW.c.summary != '')
    general = sa.select(REVIEW.c.id, sa.literal(''), REVIEW.c.summary).where(said)
    op.execute(sa.insert(REMARK).from_select(['review_id', 'part', 'text'], general))
    op.execute(sa.update(REVIEW).where(said).values(summary=''))


def _close_all_but_the_last() -> None:
    """Only the newest verdict on a text was ever shown to its city; the others are settled."""
    reviewed = sa.join(REVIEW, REVISION, REVIEW.c.revision_id == REVISION.c.id)
    last = sa.select(sa.func.max(REVIEW.c.id)).select_from(reviewed)
    last = last.where(REVIEW.c.verdict.in_(VERDICTS)).group_by(REVISION.c.submission_id)
    ended = sa.select(REVIEW.c.ended_at).where(REVIEW.c.id == REMARK.c.review_id).scalar_subquery()
    op.execute(sa.update(REMARK).where(REMARK.c.review_id.not_in(last)).values(closed_at=ended))


def downgrade() -> None:
    op.drop_table('note')
    _put_remarks_together()
    with op.batch_alter_table('remark') as batch_op:
        batch_op.drop_constraint('uq_remark_review_id_key', type_='unique')
        batch_op.drop_constraint(op.f('fk_remark_answered_by_id_user'), type_='foreignkey')
        batch_op.drop_constraint(op.f('fk_remark_repeats_id_remark'), type_='foreignkey')
        for name in ('version', 'closed_at', 'fixed_at', 'answered_by_id', 'answered_at', 'answer', 'repeats_id', 'quote', 'key'):
            batch_op.drop_column(name)
        batch_op.create_unique_constraint('uq_remark_review_id_part', ['review_id', 'part'])

    with op.batch_alter_table('revision') as batch_op:
        batch_op.drop_constraint(op.f('ck_revision_filed_on_a_day'), type_='check')
        for name in ('incoming_number', 'received_on', 'channel'):
            batch_op.drop_column(name)


def _put_remarks_together() -> None:
    """There is room for one remark on a part: several become one text, quotes among it."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(REMARK).order_by(REMARK.c.id)).all()
    texts, first = {}, {}
    for row in rows:
        place = (row.review_id, row.part)
        first.setdefault(place, row.id)
        texts.setdefault(place, []).append(f'«{row.quote}»\n{row.text}' if row.quote else row.text)
    connection.execute(sa.text('UPDATE remark SET repeats_id = NULL'))
    for (review_id, part), said in texts.items():
        text = '\n\n'.join(said)
        if part:
            connection.execute(sa.update(REMARK).where(REMARK.c.id == first[review_id, part]).values(text=text))
        else:
            connection.execute(sa.update(REVIEW).where(REVIEW.c.id == review_id).values(summary=text))
    kept = {row for place, row in first.items() if place[1]}
    for row in rows:
        if row.id not in kept:
            connection.execute(sa.delete(REMARK).where(REMARK.c.id == row.id))
