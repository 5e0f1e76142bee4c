"""activities approved, postponed and copied; organisations suspended and dissolved; projects closed"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = '0005'
down_revision = "0004"


CHECKS = {
    'activities': {
        'submitted': "status NOT IN ('submitted', 'approved', 'sent_back') OR submitted_at IS NOT NULL",
        'decided': "status NOT IN ('approved', 'sent_back') OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)",
        'postponed_with_reason': "status <> 'postponed' OR (postponed_at IS NOT NULL AND postpone_reason IS NOT NULL)",
        'settled': "(status = 'settled') = (settled_at IS NOT NULL)",
        'dangerous_for_adults': "risk_level <> 'dangerous' OR (min_age IS NOT NULL AND min_age >= 18)",
        'location_check_in': 'NOT has_location_check_in OR fence_radius IS NOT NULL',
    },
    'organizations': {
        'suspended_with_reason': "status <> 'suspended' OR suspend_reason IS NOT NULL",
        'dissolved_with_reason': "(status = 'dissolved') = (dissolve_reason IS NOT NULL)",
    },
    'projects': {
        'closed_with_reason': "(status = 'closed') = (close_reason IS NOT NULL)",
    },
}
PUBLISHED = "status IN ('draft', 'submitted', 'approved', 'sent_back', 'cancelled') OR (published_at IS NOT NULL AND starts_at IS NOT NULL AND ends_at > starts_at)"
PUBLISHED_BEFORE = "status IN ('draft', 'submitted', 'approved', 'sent_back') OR (published_at IS NOT NULL AND starts_at IS NOT NULL AND ends_at > starts_at)"
LIVE = "status NOT IN ('rejected', 'dissolved')"
LIVE_BEFORE = "status <> 'rejected'"


def replace_checks(table: str, batch_op: BatchOperations, *, is_upgrade: bool) -> None:
    for name, condition in CHECKS[table].items():
        if is_upgrade:
            batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), condition)
        else:
            batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
    if table == 'activities':
        batch_op.drop_constraint(op.f('ck_activities_published'), type_='check')
        batch_op.create_check_constraint(
            op.f('ck_activities_published'), PUBLISHED if is_upgrade else PUBLISHED_BEFORE
        )
    if table == 'organizations':
        live = sa.text(LIVE if is_upgrade else LIVE_BEFORE)
        batch_op.drop_index('uq_organizations_live_name')
        batch_op.create_index('uq_organizations_live_name', ['name'], unique=True, sqlite_where=live, postgresql_where=live)


def upgrade() -> None:
    op.create_table('forbidden_words',
    sa.Column('word', sa.String(length=12), nullable=False),
    sa.Column('is_for_content', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('word', name=op.f('pk_forbidden_words'))
    )
    op.create_table('postponements',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('activity_id', sa.Uuid(), nullable=False),
    sa.Column('postponed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rescheduled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_to_id', sa.Uuid(), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('rescheduled_at >= postponed_at', name=op.f('ck_postponements_rescheduled_later')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_postponements_activity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postponements'))
    )
    with op.batch_alter_table('postponements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_postponements_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index('ix_postponements_untold', ['id'], unique=False, sqlite_where=sa.text('told_at IS NULL'), postgresql_where=sa.text('told_at IS NULL'))

    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.add_column(sa.Column('postponed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('rescheduled_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('occurs_on', sa.Date(), nullable=True))
        batch_op.create_index('uq_activities_occurrence', ['copied_from_id', 'occurs_on'], unique=True, sqlite_where=sa.text("status <> 'cancelled'"), postgresql_where=sa.text("status <> 'cancelled'"))
        replace_checks('activities', batch_op, is_upgrade=True)

    with op.batch_alter_table('organizations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('suspend_reason', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('dissolve_reason', sa.Text(), nullable=True))
        replace_checks('organizations', batch_op, is_upgrade=True)

    with op.batch_alter_table('projects', schema=None) as batch_op:
        batch_op.add_column(sa.Column('close_reason', sa.Text(), nullable=True))
        replace_checks('projects', batch_op, is_upgrade=True)



def downgrade() -> None:
    with op.batch_alter_table('projects', schema=None) as batch_op:
        replace_checks('projects', batch_op, is_upgrade=False)
        batch_op.drop_column('close_reason')

    with op.batch_alter_table('organizations', schema=None) as batch_op:
        replace_checks('organizations', batch_op, is_upgrade=False)
        batch_op.drop_column('dissolve_reason')
        batch_op.drop_column('suspend_reason')

    with op.batch_alter_table('activities', schema=None) as batch_op:
        replace_checks('activities', batch_op, is_upgrade=False)
        batch_op.drop_index('uq_activities_occurrence', sqlite_where=sa.text("status <> 'cancelled'"), postgresql_where=sa.text("status <> 'cancelled'"))
        batch_op.drop_column('occurs_on')
        batch_op.drop_column('cancelled_at')
        batch_op.drop_column('rescheduled_at')
        batch_op.drop_column('postponed_at')

    with op.batch_alter_table('postponements', schema=None) as batch_op:
        batch_op.drop_index('ix_postponements_untold', sqlite_where=sa.text('told_at IS NULL'), postgresql_where=sa.text('told_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_postponements_activity_id'))

    op.drop_table('postponements')
    op.drop_table('forbidden_words')
