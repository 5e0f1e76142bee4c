"""public notices, objections to nominees, and approvals after the notice"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = "0021"


def upgrade() -> None:
    op.create_table('approvals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('document_number', sa.String(length=60), nullable=False),
    sa.Column('minutes_reference', sa.String(length=100), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_approvals_campaign_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_approvals_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approvals')),
    sa.UniqueConstraint('campaign_id', 'document_number', name=op.f('uq_approvals_campaign_id_document_number'))
    )
    op.create_table('notices',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('contact', sa.String(length=200), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('is_provisional', sa.Boolean(), nullable=False),
    sa.Column('extension_reason', sa.String(length=200), nullable=True),
    sa.Column('withdrawal_reason', sa.String(length=200), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status <> 'scheduled' OR opened_at IS NULL) AND (status IN ('scheduled', 'withdrawn') OR opened_at IS NOT NULL)", name=op.f('ck_notices_opened_with_instant')),
    sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_notices_closed_at')),
    sa.CheckConstraint("(status = 'withdrawn') = (withdrawal_reason IS NOT NULL)", name=op.f('ck_notices_withdrawn_with_reason')),
    sa.CheckConstraint("status <> 'extended' OR extension_reason IS NOT NULL", name=op.f('ck_notices_extended_with_reason')),
    sa.CheckConstraint('opens_on <= closes_on', name=op.f('ck_notices_days_in_order')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_notices_campaign_id')),
    sa.ForeignKeyConstraint(['created_by'], ['persons.id'], name=op.f('fk_notices_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices'))
    )
    with op.batch_alter_table('notices') as batch_op:
        batch_op.create_index('ix_notices_due', ['status', 'opens_on'], unique=False)
        batch_op.create_index('ix_notices_of_campaign', ['campaign_id', 'status'], unique=False)

    op.create_table('approved_nominees',
    sa.Column('approval_id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['approval_id'], ['approvals.id'], name=op.f('fk_approved_nominees_approval_id')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_approved_nominees_nomination_id')),
    sa.PrimaryKeyConstraint('nomination_id', name=op.f('pk_approved_nominees'))
    )
    with op.batch_alter_table('approved_nominees') as batch_op:
        batch_op.create_index(batch_op.f('ix_approved_nominees_approval_id'), ['approval_id'], unique=False)

    op.create_table('notice_entries',
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('is_binding', sa.Boolean(), nullable=False),
    sa.Column('runs_from', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('days_owed', sa.SmallInteger(), nullable=False),
    sa.Column('workdays_owed', sa.SmallInteger(), nullable=False),
    sa.Column('suspended_on', sa.Date(), nullable=True),
    sa.CheckConstraint('days_owed >= 1 AND workdays_owed >= 0', name=op.f('ck_notice_entries_owes_a_day')),
    sa.CheckConstraint('runs_from <= closes_on', name=op.f('ck_notice_entries_days_in_order')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_notice_entries_nomination_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_entries_notice_id')),
    sa.PrimaryKeyConstraint('notice_id', 'nomination_id', name=op.f('pk_notice_entries'))
    )
    with op.batch_alter_table('notice_entries') as batch_op:
        batch_op.create_index('uq_notice_entries_binding', ['nomination_id'], unique=True, sqlite_where=sa.text('is_binding'), postgresql_where=sa.text('is_binding'))

    op.create_table('notice_waivers',
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_notice_waivers_decided_by')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_notice_waivers_nomination_id')),
    sa.PrimaryKeyConstraint('nomination_id', name=op.f('pk_notice_waivers'))
    )
    op.create_table('notice_suspensions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('suspended_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resumed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['notice_id', 'nomination_id'], ['notice_entries.notice_id', 'notice_entries.nomination_id'], name=op.f('fk_notice_suspensions_notice_id_nomination_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_suspensions'))
    )
    with op.batch_alter_table('notice_suspensions') as batch_op:
        batch_op.create_index('uq_notice_suspensions_standing', ['notice_id', 'nomination_id'], unique=True, sqlite_where=sa.text('resumed_at IS NULL'), postgresql_where=sa.text('resumed_at IS NULL'))

    op.create_table('objections',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('is_anonymous', sa.Boolean(), nullable=False),
    sa.Column('objector_id', sa.Uuid(), nullable=True),
    sa.Column('objector_index', sa.LargeBinary(), nullable=True),
    sa.Column('entered_by', sa.Uuid(), nullable=True),
    sa.Column('text_cipher', sa.LargeBinary(), nullable=False),
    sa.Column('contact_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_in_time', sa.Boolean(), nullable=False),
    sa.Column('substance_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('answer_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('decision_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint("(channel = 'app') = (entered_by IS NULL)", name=op.f('ck_objections_others_are_entered')),
    sa.CheckConstraint("(channel = 'app') = (objector_index IS NOT NULL)", name=op.f('ck_objections_app_is_counted')),
    sa.CheckConstraint("(status IN ('accepted', 'upheld', 'dismissed')) = (substance_cipher IS NOT NULL)", name=op.f('ck_objections_accepted_with_substance')),
    sa.CheckConstraint("(status IN ('not_accepted', 'upheld', 'dismissed')) = (decision_cipher IS NOT NULL) AND (decision_cipher IS NULL) = (decided_by IS NULL) AND (decision_cipher IS NULL) = (decided_at IS NULL)", name=op.f('ck_objections_decided_with_reason')),
    sa.CheckConstraint("objector_id IS NULL OR (channel = 'app' AND NOT is_anonymous)", name=op.f('ck_objections_objector_named')),
    sa.CheckConstraint('(answer_cipher IS NULL) = (answered_at IS NULL) AND (answer_cipher IS NULL) = (answered_by IS NULL)', name=op.f('ck_objections_answered')),
    sa.CheckConstraint('NOT is_anonymous OR contact_cipher IS NULL', name=op.f('ck_objections_anonymous_without_contact')),
    sa.ForeignKeyConstraint(['answered_by'], ['persons.id'], name=op.f('fk_objections_answered_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_objections_decided_by')),
    sa.ForeignKeyConstraint(['entered_by'], ['persons.id'], name=op.f('fk_objections_entered_by')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_objections_nomination_id')),
    sa.ForeignKeyConstraint(['notice_id', 'nomination_id'], ['notice_entries.notice_id', 'notice_entries.nomination_id'], name=op.f('fk_objections_notice_id_nomination_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_objections_notice_id')),
    sa.ForeignKeyConstraint(['objector_id'], ['persons.id'], name=op.f('fk_objections_objector_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objections'))
    )
    with op.batch_alter_table('objections') as batch_op:
        batch_op.create_index('ix_objections_by_objector', ['objector_index'], unique=False)
        batch_op.create_index('ix_objections_of_nomination', ['nomination_id', 'status'], unique=False)
        batch_op.create_index('ix_objections_own', ['objector_id', 'id'], unique=False)
        batch_op.create_index('ix_objections_queue', ['status', 'filed_at', 'id'], unique=False)

    op.create_table('objection_verifications',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('objection_id', sa.Uuid(), nullable=False),
    sa.Column('verified_by', sa.Uuid(), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('findings_cipher', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['objection_id'], ['objections.id'], name=op.f('fk_objection_verifications_objection_id')),
    sa.ForeignKeyConstraint(['verified_by'], ['persons.id'], name=op.f('fk_objection_verifications_verified_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objection_verifications')),
    sa.UniqueConstraint('objection_id', 'verified_by', name=op.f('uq_objection_verifications_objection_id_verified_by'))
    )


def downgrade() -> None:
    op.drop_table('objection_verifications')
    with op.batch_alter_table('objections') as batch_op:
        batch_op.drop_index('ix_objections_queue')
        batch_op.drop_index('ix_objections_own')
        batch_op.drop_index('ix_objections_of_nomination')
        batch_op.drop_index('ix_objections_by_objector')

    op.drop_table('objections')
    with op.batch_alter_table('notice_suspensions') as batch_op:
        batch_op.drop_index('uq_notice_suspensions_standing', sqlite_where=sa.text('resumed_at IS NULL'), postgresql_where=sa.text('resumed_at IS NULL'))

    op.drop_table('notice_suspensions')
    op.drop_table('notice_waivers')
    with op.batch_alter_table('notice_entries') as batch_op:
        batch_op.drop_index('uq_notice_entries_binding', sqlite_where=sa.text('is_binding'), postgresql_where=sa.text('is_binding'))

    op.drop_table('notice_entries')
    with op.batch_alter_table('approved_nominees') as batch_op:
        batch_op.drop_index(batch_op.f('ix_approved_nominees_approval_id'))

    op.drop_table('approved_nominees')
    with op.batch_alter_table('notices') as batch_op:
        batch_op.drop_index('ix_notices_of_campaign')
        batch_op.drop_index('ix_notices_due')

    op.drop_table('notices')
    op.drop_table('approvals')
