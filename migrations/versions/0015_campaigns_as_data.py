"""campaigns as data: without an assessment too, their dates postponed in public

A campaign without an assessment has the end of its review instead of the assessment's dates.
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'

TABLE = 'campaign_postponements'
ORDER_BEFORE = (
    "nominations_open_at < nominations_close_at AND nominations_close_at <= assessment_open_at"
    " AND assessment_open_at < assessment_close_at"
)
ORDER = (
    "nominations_open_at < nominations_close_at"
    " AND nominations_close_at <= coalesce(assessment_open_at, review_close_at)"
    " AND (assessment_open_at IS NULL OR assessment_open_at < assessment_close_at)"
)
ASSESSED = (
    "(assessment_open_at IS NULL) = (assessment_close_at IS NULL)"
    " AND (assessment_open_at IS NULL) = (review_close_at IS NOT NULL)"
)


def upgrade() -> None:
    op.create_table(TABLE,
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('date', sa.String(length=32), nullable=False),
    sa.Column('before_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('after_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('postponed_by', sa.Uuid(), nullable=False),
    sa.Column('postponed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('before_at < after_at', name=op.f('ck_campaign_postponements_only_later')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_postponements_campaign_id')),
    sa.ForeignKeyConstraint(['postponed_by'], ['persons.id'], name=op.f('fk_campaign_postponements_postponed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_postponements'))
    )
    op.create_index(op.f('ix_campaign_postponements_campaign_id'), TABLE, ['campaign_id'], unique=False)
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f"CREATE TRIGGER {TABLE}_refuse_{verb} BEFORE {verb.upper()} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {TABLE}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    with op.batch_alter_table('campaigns') as batch_op:
        batch_op.add_column(sa.Column('review_close_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('cancel_reason', sa.String(length=200), nullable=True))
        batch_op.alter_column('assessment_open_at', existing_type=sa.DateTime(timezone=True), nullable=True)
        batch_op.alter_column('assessment_close_at', existing_type=sa.DateTime(timezone=True), nullable=True)
        batch_op.drop_constraint(op.f('ck_campaigns_dates_in_order'), type_='check')
    with op.batch_alter_table('campaigns') as batch_op:
        batch_op.create_check_constraint(op.f('ck_campaigns_dates_in_order'), ORDER)
        batch_op.create_check_constraint(op.f('ck_campaigns_assessed_or_not'), ASSESSED)


def downgrade() -> None:
    """Raises where a campaign has no assessment: the older tables cannot say that."""
    with op.batch_alter_table('campaigns') as batch_op:
        batch_op.drop_constraint(op.f('ck_campaigns_assessed_or_not'), type_='check')
        batch_op.drop_constraint(op.f('ck_campaigns_dates_in_order'), type_='check')
    with op.batch_alter_table('campaigns') as batch_op:
        batch_op.alter_column('assessment_close_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column('assessment_open_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_column('cancel_reason')
        batch_op.drop_column('review_close_at')
        batch_op.create_check_constraint(op.f('ck_campaigns_dates_in_order'), ORDER_BEFORE)
    op.drop_table(TABLE)
