"""hours that are reviewed, corrected and disputed

On SQLite an index is added to the ledger without rebuilding it, so its triggers stay.
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = "0007"

CHECKS = {
    'settled': "(status IN ('counted', 'below_threshold', 'under_review', 'rejected')) = (minutes IS NOT NULL) AND (minutes IS NULL) = (planned_minutes IS NULL)",
    'counted_minutes': "minutes IS NULL OR minutes >= 0 AND (status NOT IN ('counted', 'below_threshold') OR (status = 'counted') = (minutes > 0))",
    'held': "held_minutes >= 0 AND (status = 'under_review') = (held_minutes > 0)",
}
CHECKS_BEFORE = {
    'settled': "(status IN ('counted', 'below_threshold')) = (minutes IS NOT NULL) AND (minutes IS NULL) = (planned_minutes IS NULL)",
    'counted_minutes': "minutes IS NULL OR (status = 'counted') = (minutes > 0)",
}


def upgrade() -> None:
    op.create_table('holidays',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('is_workday', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=30), nullable=False),
    sa.Column('loaded_by', sa.Uuid(), nullable=True),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['loaded_by'], ['persons.id'], name=op.f('fk_holidays_loaded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holidays')),
    sa.UniqueConstraint('day', name=op.f('uq_holidays_day'))
    )
    op.create_table('disputes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('about_type', sa.String(length=32), nullable=False),
    sa.Column('about_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.CheckConstraint("(status = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (answer IS NULL)", name=op.f('ck_disputes_decided')),
    sa.CheckConstraint("minutes IS NULL OR status = 'upheld'", name=op.f('ck_disputes_minutes')),
    sa.CheckConstraint('decided_by <> person_id', name=op.f('ck_disputes_decided_by_another')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_disputes_decided_by')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_disputes_organization_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_disputes_person_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_disputes_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disputes'))
    )
    with op.batch_alter_table('disputes', schema=None) as batch_op:
        batch_op.create_index('ix_disputes_of_organization', ['organization_id', 'status', 'id'], unique=False)
        batch_op.create_index('ix_disputes_of_site', ['site_id', 'status', 'id'], unique=False)
        batch_op.create_index('ix_disputes_own', ['person_id', 'id'], unique=False)
        batch_op.create_index('uq_disputes_open', ['person_id', 'about_type', 'about_id'], unique=True, sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))

    op.create_table('hours_flags',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('activity_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_by', sa.Uuid(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (note IS NULL)", name=op.f('ck_hours_flags_closed')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_hours_flags_activity_id')),
    sa.ForeignKeyConstraint(['closed_by'], ['persons.id'], name=op.f('fk_hours_flags_closed_by')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_hours_flags_organization_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_hours_flags_person_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_hours_flags_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hours_flags')),
    sa.UniqueConstraint('key', name=op.f('uq_hours_flags_key'))
    )
    with op.batch_alter_table('hours_flags', schema=None) as batch_op:
        batch_op.create_index('ix_hours_flags_of_site', ['site_id', 'status', 'id'], unique=False)

    op.create_table('backfills',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('activity_id', sa.Uuid(), nullable=False),
    sa.Column('shift_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.Column('served_on', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('reference', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('claimed_by', sa.Uuid(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('notice_ends_on', sa.Date(), nullable=True),
    sa.Column('contested_by', sa.Uuid(), nullable=True),
    sa.Column('contest_reason', sa.Text(), nullable=True),
    sa.Column('recorded_minutes', sa.Integer(), nullable=True),
    sa.Column('voided_by', sa.Uuid(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.CheckConstraint("(status = 'voided') = (voided_by IS NOT NULL) AND (voided_by IS NULL) = (void_reason IS NULL)", name=op.f('ck_backfills_voided')),
    sa.CheckConstraint("status <> 'contested' OR (contested_by IS NOT NULL AND contest_reason IS NOT NULL)", name=op.f('ck_backfills_contested')),
    sa.CheckConstraint("status <> 'recorded' OR recorded_minutes > 0", name=op.f('ck_backfills_recorded')),
    sa.CheckConstraint("status <> 'rejected' OR decision_reason IS NOT NULL", name=op.f('ck_backfills_rejected_with_reason')),
    sa.CheckConstraint("status = 'claimed' OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)", name=op.f('ck_backfills_decided')),
    sa.CheckConstraint("status IN ('claimed', 'rejected') OR notice_ends_on IS NOT NULL", name=op.f('ck_backfills_on_notice')),
    sa.CheckConstraint('decided_by <> claimed_by AND decided_by <> person_id', name=op.f('ck_backfills_decided_by_another')),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_backfills_minutes')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_backfills_activity_id')),
    sa.ForeignKeyConstraint(['claimed_by'], ['persons.id'], name=op.f('fk_backfills_claimed_by')),
    sa.ForeignKeyConstraint(['contested_by'], ['persons.id'], name=op.f('fk_backfills_contested_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_backfills_decided_by')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_backfills_organization_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_backfills_person_id')),
    sa.ForeignKeyConstraint(['shift_id'], ['shifts.id'], name=op.f('fk_backfills_shift_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_backfills_site_id')),
    sa.ForeignKeyConstraint(['voided_by'], ['persons.id'], name=op.f('fk_backfills_voided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backfills'))
    )
    with op.batch_alter_table('backfills', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_backfills_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index('ix_backfills_claimed_by', ['claimed_by', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_backfills_decided_by'), ['decided_by'], unique=False)
        batch_op.create_index('ix_backfills_notice', ['status', 'notice_ends_on'], unique=False)
        batch_op.create_index('ix_backfills_of_organization', ['organization_id', 'status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_backfills_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_backfills_shift_id'), ['shift_id'], unique=False)
        batch_op.create_index('uq_backfills_live', ['person_id', 'shift_id'], unique=True, sqlite_where=sa.text("status NOT IN ('rejected', 'lapsed', 'voided')"), postgresql_where=sa.text("status NOT IN ('rejected', 'lapsed', 'voided')"))

    op.create_table('hours_reviews',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('attendance_id', sa.Uuid(), nullable=False),
    sa.Column('tier', sa.String(length=32), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('is_due_certain', sa.Boolean(), nullable=False),
    sa.Column('escalations', sa.SmallInteger(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_approved', sa.Boolean(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("tier IN ('site', 'city')", name=op.f('ck_hours_reviews_tier')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (is_approved IS NULL)', name=op.f('ck_hours_reviews_decided')),
    sa.CheckConstraint('is_approved IS NULL OR is_approved OR reason IS NOT NULL', name=op.f('ck_hours_reviews_refused_with_reason')),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_hours_reviews_minutes')),
    sa.ForeignKeyConstraint(['attendance_id'], ['attendances.id'], name=op.f('fk_hours_reviews_attendance_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_hours_reviews_decided_by')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_hours_reviews_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hours_reviews'))
    )
    with op.batch_alter_table('hours_reviews', schema=None) as batch_op:
        batch_op.create_index('ix_hours_reviews_attendance_id', ['attendance_id'], unique=False)
        batch_op.create_index('ix_hours_reviews_due', ['due_on'], unique=False, sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))
        batch_op.create_index('uq_hours_reviews_undecided', ['attendance_id'], unique=True, sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))

    op.create_table('sanctions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('backfill_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('imposed_by', sa.Uuid(), nullable=False),
    sa.Column('imposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('verified_minutes', sa.Integer(), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('imposed_by <> person_id', name=op.f('ck_sanctions_imposed_by_another')),
    sa.ForeignKeyConstraint(['backfill_id'], ['backfills.id'], name=op.f('fk_sanctions_backfill_id')),
    sa.ForeignKeyConstraint(['imposed_by'], ['persons.id'], name=op.f('fk_sanctions_imposed_by')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_sanctions_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sanctions')),
    sa.UniqueConstraint('person_id', 'backfill_id', name=op.f('uq_sanctions_person_id_backfill_id'))
    )
    with op.batch_alter_table('attendances', schema=None) as batch_op:
        batch_op.add_column(sa.Column('held_minutes', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('dispute_id', sa.Uuid(), nullable=True))
        for name in CHECKS_BEFORE:
            batch_op.drop_constraint(op.f(f'ck_attendances_{name}'), type_='check')
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_attendances_{name}'), condition)
    op.create_index('ix_hours_entries_created_at', 'hours_entries', ['created_at'])



def downgrade() -> None:
    op.drop_index('ix_hours_entries_created_at', 'hours_entries')
    with op.batch_alter_table('attendances', schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f'ck_attendances_{name}'), type_='check')
        for name, condition in CHECKS_BEFORE.items():
            batch_op.create_check_constraint(op.f(f'ck_attendances_{name}'), condition)
        batch_op.drop_column('dispute_id')
        batch_op.drop_column('held_minutes')

    op.drop_table('sanctions')
    with op.batch_alter_table('hours_reviews', schema=None) as batch_op:
        batch_op.drop_index('uq_hours_reviews_undecided', sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))
        batch_op.drop_index('ix_hours_reviews_due', sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))
        batch_op.drop_index('ix_hours_reviews_attendance_id')

    op.drop_table('hours_reviews')
    with op.batch_alter_table('backfills', schema=None) as batch_op:
        batch_op.drop_index('uq_backfills_live', sqlite_where=sa.text("status NOT IN ('rejected', 'lapsed', 'voided')"), postgresql_where=sa.text("status NOT IN ('rejected', 'lapsed', 'voided')"))
        batch_op.drop_index(batch_op.f('ix_backfills_shift_id'))
        batch_op.drop_index(batch_op.f('ix_backfills_person_id'))
        batch_op.drop_index('ix_backfills_of_organization')
        batch_op.drop_index('ix_backfills_notice')
        batch_op.drop_index(batch_op.f('ix_backfills_decided_by'))
        batch_op.drop_index('ix_backfills_claimed_by')
        batch_op.drop_index(batch_op.f('ix_backfills_activity_id'))

    op.drop_table('backfills')
    with op.batch_alter_table('hours_flags', schema=None) as batch_op:
        batch_op.drop_index('ix_hours_flags_of_site')

    op.drop_table('hours_flags')
    with op.batch_alter_table('disputes', schema=None) as batch_op:
        batch_op.drop_index('uq_disputes_open', sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))
        batch_op.drop_index('ix_disputes_own')
        batch_op.drop_index('ix_disputes_of_site')
        batch_op.drop_index('ix_disputes_of_organization')

    op.drop_table('disputes')
    op.drop_table('holidays')
