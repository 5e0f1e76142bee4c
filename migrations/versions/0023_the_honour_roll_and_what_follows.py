"""the honour roll and what follows"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = "0022"

APPEND_ONLY = ('honor_warnings', 'benefit_uses')


def refuse_change(table):
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
        )


def upgrade() -> None:
    op.create_table('benefits',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('description', sa.String(length=300), nullable=False),
    sa.Column('provider', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('honor_kind', sa.String(length=32), nullable=True),
    sa.Column('level', sa.String(length=32), nullable=True),
    sa.Column('category_code', sa.String(length=32), nullable=True),
    sa.Column('uses_a_year', sa.SmallInteger(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_benefits_period')),
    sa.CheckConstraint('uses_a_year IS NULL OR uses_a_year > 0', name=op.f('ck_benefits_uses_positive')),
    sa.ForeignKeyConstraint(['created_by'], ['persons.id'], name=op.f('fk_benefits_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_benefits')),
    sa.UniqueConstraint('code', name=op.f('uq_benefits_code'))
    )
    op.create_table('honors',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('level', sa.String(length=32), nullable=False),
    sa.Column('category_code', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('year', sa.SmallInteger(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.Column('document_number', sa.String(length=60), nullable=False),
    sa.Column('granted_on', sa.Date(), nullable=False),
    sa.Column('granted_by', sa.Uuid(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('suspend_reason', sa.String(length=500), nullable=True),
    sa.Column('revoke_ground', sa.String(length=32), nullable=True),
    sa.Column('revoke_reason', sa.String(length=500), nullable=True),
    sa.Column('revoke_document', sa.String(length=60), nullable=True),
    sa.Column('revoked_on', sa.Date(), nullable=True),
    sa.Column('medal_returned_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(status = 'revoked') = (revoke_ground IS NOT NULL) AND (revoke_ground IS NULL) = (revoked_on IS NULL) AND (revoke_ground IS NULL) = (revoke_document IS NULL)", name=op.f('ck_honors_revoked_with_ground')),
    sa.CheckConstraint("medal_returned_on IS NULL OR status = 'revoked'", name=op.f('ck_honors_medal_of_revoked_returns')),
    sa.CheckConstraint("status <> 'suspended' OR suspend_reason IS NOT NULL", name=op.f('ck_honors_suspended_with_reason')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_honors_campaign_id')),
    sa.ForeignKeyConstraint(['granted_by'], ['persons.id'], name=op.f('fk_honors_granted_by')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_honors_nomination_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_honors_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_honors')),
    sa.UniqueConstraint('nomination_id', 'level', name=op.f('uq_honors_nomination_id_level')),
    sa.UniqueConstraint('number', name=op.f('uq_honors_number'))
    )
    with op.batch_alter_table('honors') as batch_op:
        batch_op.create_index(batch_op.f('ix_honors_campaign_id'), ['campaign_id'], unique=False)
        batch_op.create_index('ix_honors_roll', ['status', 'year', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_honors_site_id'), ['site_id'], unique=False)

    op.create_table('benefit_cards',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('honor_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['honor_id'], ['honors.id'], name=op.f('fk_benefit_cards_honor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit_cards')),
    sa.UniqueConstraint('code', name=op.f('uq_benefit_cards_code')),
    sa.UniqueConstraint('honor_id', name=op.f('uq_benefit_cards_honor_id'))
    )
    op.create_table('care_visits',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('honor_id', sa.Uuid(), nullable=False),
    sa.Column('occasion', sa.String(length=32), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('visitors', sa.String(length=100), nullable=True),
    sa.Column('notes_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('done_by', sa.Uuid(), nullable=True),
    sa.Column('reminded_on', sa.Date(), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(status = 'done') = (done_on IS NOT NULL) AND (done_on IS NULL OR notes_cipher IS NOT NULL)", name=op.f('ck_care_visits_done_with_notes')),
    sa.ForeignKeyConstraint(['created_by'], ['persons.id'], name=op.f('fk_care_visits_created_by')),
    sa.ForeignKeyConstraint(['done_by'], ['persons.id'], name=op.f('fk_care_visits_done_by')),
    sa.ForeignKeyConstraint(['honor_id'], ['honors.id'], name=op.f('fk_care_visits_honor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_care_visits')),
    sa.UniqueConstraint('honor_id', 'occasion', 'planned_on', name=op.f('uq_care_visits_honor_id_occasion_planned_on'))
    )
    with op.batch_alter_table('care_visits') as batch_op:
        batch_op.create_index('ix_care_visits_due', ['status', 'planned_on'], unique=False)

    op.create_table('hardship_cases',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('honor_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('need_cipher', sa.LargeBinary(), nullable=False),
    sa.Column('applied_by', sa.Uuid(), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('amount_fen', sa.Integer(), nullable=True),
    sa.Column('proposed_by', sa.Uuid(), nullable=True),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('decision_note', sa.String(length=500), nullable=True),
    sa.Column('helped_on', sa.Date(), nullable=True),
    sa.CheckConstraint("status <> 'rejected' OR decision_note IS NOT NULL", name=op.f('ck_hardship_cases_rejected_with_note')),
    sa.CheckConstraint("status NOT IN ('approved', 'helped') OR approved_by IS NOT NULL", name=op.f('ck_hardship_cases_approved_by')),
    sa.CheckConstraint("status NOT IN ('proposed', 'approved', 'helped') OR (proposed_by IS NOT NULL AND amount_fen IS NOT NULL)", name=op.f('ck_hardship_cases_proposed_with_amount')),
    sa.CheckConstraint('amount_fen IS NULL OR amount_fen > 0', name=op.f('ck_hardship_cases_amount_positive')),
    sa.CheckConstraint('approved_by <> proposed_by', name=op.f('ck_hardship_cases_checked_by_another')),
    sa.ForeignKeyConstraint(['applied_by'], ['persons.id'], name=op.f('fk_hardship_cases_applied_by')),
    sa.ForeignKeyConstraint(['approved_by'], ['persons.id'], name=op.f('fk_hardship_cases_approved_by')),
    sa.ForeignKeyConstraint(['honor_id'], ['honors.id'], name=op.f('fk_hardship_cases_honor_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['persons.id'], name=op.f('fk_hardship_cases_proposed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hardship_cases'))
    )
    with op.batch_alter_table('hardship_cases') as batch_op:
        batch_op.create_index('uq_hardship_cases_open', ['honor_id'], unique=True, sqlite_where=sa.text("status IN ('applied', 'proposed', 'approved')"), postgresql_where=sa.text("status IN ('applied', 'proposed', 'approved')"))

    op.create_table('honor_warnings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('honor_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('talked_on', sa.Date(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['honor_id'], ['honors.id'], name=op.f('fk_honor_warnings_honor_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['persons.id'], name=op.f('fk_honor_warnings_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_honor_warnings'))
    )
    with op.batch_alter_table('honor_warnings') as batch_op:
        batch_op.create_index(batch_op.f('ix_honor_warnings_honor_id'), ['honor_id'], unique=False)

    op.create_table('referrals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('honor_id', sa.Uuid(), nullable=False),
    sa.Column('target', sa.String(length=32), nullable=False),
    sa.Column('batch', sa.String(length=30), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('prepared_by', sa.Uuid(), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=True),
    sa.Column('reference', sa.String(length=60), nullable=True),
    sa.Column('outcome_on', sa.Date(), nullable=True),
    sa.Column('outcome_note', sa.String(length=200), nullable=True),
    sa.CheckConstraint("(status IN ('listed', 'not_listed')) = (outcome_on IS NOT NULL)", name=op.f('ck_referrals_outcome_with_day')),
    sa.CheckConstraint("status IN ('prepared', 'withdrawn') OR (sent_on IS NOT NULL AND reference IS NOT NULL)", name=op.f('ck_referrals_sent_with_reference')),
    sa.ForeignKeyConstraint(['honor_id'], ['honors.id'], name=op.f('fk_referrals_honor_id')),
    sa.ForeignKeyConstraint(['prepared_by'], ['persons.id'], name=op.f('fk_referrals_prepared_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referrals')),
    sa.UniqueConstraint('honor_id', 'target', 'batch', name=op.f('uq_referrals_honor_id_target_batch'))
    )
    op.create_table('benefit_uses',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('card_id', sa.Uuid(), nullable=False),
    sa.Column('benefit_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.SmallInteger(), nullable=False),
    sa.Column('serial', sa.SmallInteger(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('place', sa.String(length=60), nullable=False),
    sa.CheckConstraint('serial >= 1', name=op.f('ck_benefit_uses_serial_positive')),
    sa.ForeignKeyConstraint(['benefit_id'], ['benefits.id'], name=op.f('fk_benefit_uses_benefit_id')),
    sa.ForeignKeyConstraint(['card_id'], ['benefit_cards.id'], name=op.f('fk_benefit_uses_card_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['persons.id'], name=op.f('fk_benefit_uses_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit_uses')),
    sa.UniqueConstraint('card_id', 'benefit_id', 'year', 'serial', name=op.f('uq_benefit_uses_card_id_benefit_id_year_serial'))
    )
    for table in APPEND_ONLY:
        refuse_change(table)


def downgrade() -> None:
    op.drop_table('benefit_uses')
    op.drop_table('referrals')
    with op.batch_alter_table('honor_warnings') as batch_op:
        batch_op.drop_index(batch_op.f('ix_honor_warnings_honor_id'))

    op.drop_table('honor_warnings')
    with op.batch_alter_table('hardship_cases') as batch_op:
        batch_op.drop_index('uq_hardship_cases_open', sqlite_where=sa.text("status IN ('applied', 'proposed', 'approved')"), postgresql_where=sa.text("status IN ('applied', 'proposed', 'approved')"))

    op.drop_table('hardship_cases')
    with op.batch_alter_table('care_visits') as batch_op:
        batch_op.drop_index('ix_care_visits_due')

    op.drop_table('care_visits')
    op.drop_table('benefit_cards')
    with op.batch_alter_table('honors') as batch_op:
        batch_op.drop_index(batch_op.f('ix_honors_site_id'))
        batch_op.drop_index('ix_honors_roll')
        batch_op.drop_index(batch_op.f('ix_honors_campaign_id'))

    op.drop_table('honors')
    op.drop_table('benefits')
