"""the full life of volunteer service

On SQLite a table with a new CHECK is rebuilt, which drops its triggers: those of the ledger are
made again.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = '0003'
down_revision = '0002'


LIVE = "status NOT IN ('cancelled', 'declined', 'expired', 'moved')"
LIVE_BEFORE = "status <> 'cancelled'"

CHECKS = {
    'activities': {
        'published': "status IN ('draft', 'submitted', 'approved', 'sent_back') OR (published_at IS NOT NULL AND starts_at IS NOT NULL AND ends_at > starts_at)",
        'insured': "published_at IS NULL OR risk_level = 'none' OR insurance_number IS NOT NULL",
        'position': '(latitude IS NULL) = (longitude IS NULL)',
        'fence_around_position': 'fence_radius IS NULL OR latitude IS NOT NULL',
        'ages': 'min_age IS NULL OR max_age IS NULL OR max_age >= min_age',
        'sent_back_with_reason': "status <> 'sent_back' OR decision_reason IS NOT NULL",
        'decided_by_another': 'decided_by <> created_by',
    },
    'hours_entries': {
        'not_nothing': 'minutes <> 0',
        'corrected_with_reason': "kind = 'earned' OR reason IS NOT NULL",
        'reversed': "kind <> 'reversed' OR corrects_id IS NOT NULL",
    },
    'shifts': {
        'min_people': 'min_people BETWEEN 0 AND capacity',
        'ended': "(status IN ('ended', 'roll_closed')) = (ended_at IS NOT NULL)",
        'roll_closed': "(status = 'roll_closed') = (roll_closed_at IS NOT NULL)",
    },
    'signups': {
        'offered': "status NOT IN ('offered', 'expired') OR offer_expires_at IS NOT NULL",
        'moved': "(status = 'moved') = (moved_to_id IS NOT NULL)",
        'declined_with_reason': "status <> 'declined' OR (decided_by IS NOT NULL AND decision_reason IS NOT NULL)",
    },
}
PUBLISHED_BEFORE = "status = 'draft' OR (published_at IS NOT NULL AND starts_at IS NOT NULL AND ends_at > starts_at)"


def add_checks(table: str, batch_op: BatchOperations) -> None:
    for name, condition in CHECKS[table].items():
        batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), condition)


def drop_checks(table: str, batch_op: BatchOperations) -> None:
    for name in CHECKS[table]:
        batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')


def guard_the_ledger() -> None:
    """Make again what batch mode on SQLite drops with the old table."""
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f"CREATE TRIGGER hours_entries_refuse_{verb} BEFORE {verb.upper()} ON hours_entries "
                "BEGIN SELECT RAISE(ABORT, 'hours_entries is append-only'); END"
            )


def upgrade() -> None:
    op.create_table('qualification_kinds',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=30), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_qualification_kinds')),
    sa.UniqueConstraint('name', name=op.f('uq_qualification_kinds_name'))
    )
    op.create_table('guardianships',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('ward_id', sa.Uuid(), nullable=False),
    sa.Column('guardian_id', sa.Uuid(), nullable=True),
    sa.Column('paper_reference', sa.String(length=60), nullable=True),
    sa.Column('companion', sa.String(length=40), nullable=True),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(guardian_id IS NULL) = (paper_reference IS NOT NULL)', name=op.f('ck_guardianships_account_or_paper')),
    sa.CheckConstraint('guardian_id <> ward_id', name=op.f('ck_guardianships_another')),
    sa.ForeignKeyConstraint(['guardian_id'], ['persons.id'], name=op.f('fk_guardianships_guardian_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['persons.id'], name=op.f('fk_guardianships_recorded_by')),
    sa.ForeignKeyConstraint(['ward_id'], ['persons.id'], name=op.f('fk_guardianships_ward_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardianships'))
    )
    with op.batch_alter_table('guardianships', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guardianships_guardian_id'), ['guardian_id'], unique=False)
        batch_op.create_index('uq_guardianships_in_force', ['ward_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('qualifications',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('recorded_by <> person_id', name=op.f('ck_qualifications_recorded_by_another')),
    sa.CheckConstraint('valid_until IS NULL OR valid_until >= valid_from', name=op.f('ck_qualifications_period')),
    sa.ForeignKeyConstraint(['code'], ['qualification_kinds.code'], name=op.f('fk_qualifications_code')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_qualifications_person_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['persons.id'], name=op.f('fk_qualifications_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_qualifications')),
    sa.UniqueConstraint('person_id', 'code', 'valid_from', name='uq_qualifications_held')
    )
    op.create_table('memberships',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('applied', 'left') OR decided_by IS NOT NULL AND decided_at IS NOT NULL", name=op.f('ck_memberships_decided')),
    sa.CheckConstraint("status NOT IN ('declined', 'removed') OR decision_reason IS NOT NULL", name=op.f('ck_memberships_refused_with_reason')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_memberships_decided_by')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_memberships_organization_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_memberships_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memberships'))
    )
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.create_index('ix_memberships_of_organization', ['organization_id', 'status', 'id'], unique=False)
        batch_op.create_index('uq_memberships_live', ['person_id', 'organization_id'], unique=True, sqlite_where=sa.text("status IN ('applied', 'active')"), postgresql_where=sa.text("status IN ('applied', 'active')"))

    op.create_table('activity_deputies',
    sa.Column('activity_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_activity_deputies_activity_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_activity_deputies_person_id')),
    sa.PrimaryKeyConstraint('activity_id', 'person_id', name=op.f('pk_activity_deputies'))
    )
    with op.batch_alter_table('activity_deputies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_deputies_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_activities_published'), type_='check')
        batch_op.add_column(sa.Column('content', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('latitude', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('longitude', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('fence_radius', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('has_location_check_in', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('risk_level', sa.String(length=32), server_default='none', nullable=False))
        batch_op.add_column(sa.Column('insurance_number', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('min_age', sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column('max_age', sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column('qualification_code', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('is_for_members', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('needs_approval', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('cancel_hours', sa.SmallInteger(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('decided_by', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('decision_reason', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('postpone_reason', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('copied_from_id', sa.Uuid(), nullable=True))
        batch_op.create_index('ix_activities_position', ['latitude', 'longitude'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_activities_copied_from_id'), 'activities', ['copied_from_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_activities_decided_by'), 'persons', ['decided_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_activities_qualification_code'), 'qualification_kinds', ['qualification_code'], ['code'])
        add_checks('activities', batch_op)

    with op.batch_alter_table('hours_entries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('corrects_id', sa.Uuid(), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_hours_entries_source'), type_='unique')
        batch_op.create_index('uq_hours_entries_source', ['source_type', 'source_id', 'kind'], unique=True, sqlite_where=sa.text('corrects_id IS NULL'), postgresql_where=sa.text('corrects_id IS NULL'))
        batch_op.create_index(batch_op.f('ix_hours_entries_corrects_id'), ['corrects_id'], unique=False)
        batch_op.create_index('uq_hours_entries_correction', ['source_type', 'source_id', 'kind', 'corrects_id'], unique=True, sqlite_where=sa.text('corrects_id IS NOT NULL'), postgresql_where=sa.text('corrects_id IS NOT NULL'))
        batch_op.create_foreign_key(batch_op.f('fk_hours_entries_corrects_id'), 'hours_entries', ['corrects_id'], ['id'])
        add_checks('hours_entries', batch_op)

    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.add_column(sa.Column('born_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_persons_merged_into_id'), 'persons', ['merged_into_id'], ['id'])

    with op.batch_alter_table('shifts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('post', sa.String(length=30), server_default='', nullable=False))
        batch_op.add_column(sa.Column('min_people', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('status', sa.String(length=32), server_default='open', nullable=False))
        batch_op.add_column(sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('end_reason', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('roll_closed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_shifts_status', ['status', 'ends_at'], unique=False)
        add_checks('shifts', batch_op)

    with op.batch_alter_table('signups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('created_by', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('is_walk_in', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('offer_expires_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('decided_by', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('decision_reason', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('is_late', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('moved_to_id', sa.Uuid(), nullable=True))
        batch_op.drop_index('uq_signups_live')
        batch_op.create_index('uq_signups_live', ['person_id', 'shift_id'], unique=True, sqlite_where=sa.text(LIVE), postgresql_where=sa.text(LIVE))
        batch_op.create_index('ix_signups_offered', ['offer_expires_at'], unique=False, sqlite_where=sa.text("status = 'offered'"), postgresql_where=sa.text("status = 'offered'"))
        batch_op.create_foreign_key(batch_op.f('fk_signups_moved_to_id'), 'signups', ['moved_to_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_signups_created_by'), 'persons', ['created_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_signups_decided_by'), 'persons', ['decided_by'], ['id'])
        add_checks('signups', batch_op)
    guard_the_ledger()


def downgrade() -> None:
    with op.batch_alter_table('signups', schema=None) as batch_op:
        drop_checks('signups', batch_op)
        batch_op.drop_constraint(batch_op.f('fk_signups_decided_by'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_signups_created_by'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_signups_moved_to_id'), type_='foreignkey')
        batch_op.drop_index('uq_signups_live')
        batch_op.create_index('uq_signups_live', ['person_id', 'shift_id'], unique=True, sqlite_where=sa.text(LIVE_BEFORE), postgresql_where=sa.text(LIVE_BEFORE))
        batch_op.drop_index('ix_signups_offered', sqlite_where=sa.text("status = 'offered'"), postgresql_where=sa.text("status = 'offered'"))
        batch_op.drop_column('moved_to_id')
        batch_op.drop_column('is_late')
        batch_op.drop_column('decision_reason')
        batch_op.drop_column('decided_by')
        batch_op.drop_column('offer_expires_at')
        batch_op.drop_column('is_walk_in')
        batch_op.drop_column('created_by')

    with op.batch_alter_table('shifts', schema=None) as batch_op:
        drop_checks('shifts', batch_op)
        batch_op.drop_index('ix_shifts_status')
        batch_op.drop_column('roll_closed_at')
        batch_op.drop_column('end_reason')
        batch_op.drop_column('ended_at')
        batch_op.drop_column('begun_at')
        batch_op.drop_column('status')
        batch_op.drop_column('min_people')
        batch_op.drop_column('post')

    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_persons_merged_into_id'), type_='foreignkey')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('born_on')

    with op.batch_alter_table('hours_entries', schema=None) as batch_op:
        drop_checks('hours_entries', batch_op)
        batch_op.drop_constraint(batch_op.f('fk_hours_entries_corrects_id'), type_='foreignkey')
        batch_op.drop_index('uq_hours_entries_correction', sqlite_where=sa.text('corrects_id IS NOT NULL'), postgresql_where=sa.text('corrects_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_hours_entries_corrects_id'))
        batch_op.drop_index('uq_hours_entries_source', sqlite_where=sa.text('corrects_id IS NULL'), postgresql_where=sa.text('corrects_id IS NULL'))
        batch_op.create_unique_constraint(batch_op.f('uq_hours_entries_source'), ['source_type', 'source_id', 'kind'])
        batch_op.drop_column('corrects_id')

    with op.batch_alter_table('activities', schema=None) as batch_op:
        drop_checks('activities', batch_op)
        batch_op.create_check_constraint(op.f('ck_activities_published'), PUBLISHED_BEFORE)
        batch_op.drop_constraint(batch_op.f('fk_activities_qualification_code'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_activities_decided_by'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_activities_copied_from_id'), type_='foreignkey')
        batch_op.drop_index('ix_activities_position')
        batch_op.drop_column('copied_from_id')
        batch_op.drop_column('settled_at')
        batch_op.drop_column('postpone_reason')
        batch_op.drop_column('decision_reason')
        batch_op.drop_column('decided_at')
        batch_op.drop_column('decided_by')
        batch_op.drop_column('submitted_at')
        batch_op.drop_column('cancel_hours')
        batch_op.drop_column('needs_approval')
        batch_op.drop_column('is_for_members')
        batch_op.drop_column('qualification_code')
        batch_op.drop_column('max_age')
        batch_op.drop_column('min_age')
        batch_op.drop_column('insurance_number')
        batch_op.drop_column('risk_level')
        batch_op.drop_column('has_location_check_in')
        batch_op.drop_column('fence_radius')
        batch_op.drop_column('longitude')
        batch_op.drop_column('latitude')
        batch_op.drop_column('content')

    with op.batch_alter_table('activity_deputies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activity_deputies_person_id'))

    op.drop_table('activity_deputies')
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.drop_index('uq_memberships_live', sqlite_where=sa.text("status IN ('applied', 'active')"), postgresql_where=sa.text("status IN ('applied', 'active')"))
        batch_op.drop_index('ix_memberships_of_organization')

    op.drop_table('memberships')
    op.drop_table('qualifications')
    with op.batch_alter_table('guardianships', schema=None) as batch_op:
        batch_op.drop_index('uq_guardianships_in_force', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_guardianships_guardian_id'))

    op.drop_table('guardianships')
    op.drop_table('qualification_kinds')
    guard_the_ledger()
