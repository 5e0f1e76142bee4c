"""the ladder of review

Steps and their history, quotas of recommendations, opinions of departments, visits, bravery.
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = "0017"

HISTORY = 'screenings'


def upgrade() -> None:
    op.create_table('departments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_departments')),
    sa.UniqueConstraint('code', name=op.f('uq_departments_code'))
    )
    op.create_table('recommendation_counts',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.String(length=32), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint('taken >= 0', name=op.f('ck_recommendation_counts_taken_not_negative')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_recommendation_counts_campaign_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'place', name=op.f('pk_recommendation_counts'))
    )
    op.create_table('confirmations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('applied_on', sa.Date(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('number', sa.String(length=60), nullable=True),
    sa.Column('refusal_reason', sa.String(length=200), nullable=True),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(status = 'applied') = (decided_on IS NULL) AND (status = 'confirmed') = (number IS NOT NULL) AND (status = 'refused') = (refusal_reason IS NOT NULL)", name=op.f('ck_confirmations_decided_with_facts')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_confirmations_nomination_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['persons.id'], name=op.f('fk_confirmations_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_confirmations'))
    )
    with op.batch_alter_table('confirmations') as batch_op:
        batch_op.create_index(batch_op.f('ix_confirmations_nomination_id'), ['nomination_id'], unique=False)
        batch_op.create_index('uq_confirmations_live', ['nomination_id'], unique=True, sqlite_where=sa.text("status <> 'refused'"), postgresql_where=sa.text("status <> 'refused'"))

    op.create_table('consultations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('department_id', sa.Uuid(), nullable=False),
    sa.Column('consultant_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=True),
    sa.Column('opinion', sa.Text(), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'asked') = (answered_at IS NULL) AND (answered_at IS NULL) = (opinion IS NULL)", name=op.f('ck_consultations_answered_with_opinion')),
    sa.ForeignKeyConstraint(['answered_by'], ['persons.id'], name=op.f('fk_consultations_answered_by')),
    sa.ForeignKeyConstraint(['consultant_id'], ['persons.id'], name=op.f('fk_consultations_consultant_id')),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_consultations_department_id')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_consultations_nomination_id')),
    sa.ForeignKeyConstraint(['opened_by'], ['persons.id'], name=op.f('fk_consultations_opened_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultations')),
    sa.UniqueConstraint('nomination_id', 'department_id', name=op.f('uq_consultations_nomination_id_department_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_consultations_token_hash'))
    )
    with op.batch_alter_table('consultations') as batch_op:
        batch_op.create_index(batch_op.f('ix_consultations_consultant_id'), ['consultant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consultations_department_id'), ['department_id'], unique=False)
        batch_op.create_index('ix_consultations_due', ['status', 'due_on'], unique=False)

    op.create_table('screenings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=True),
    sa.Column('channel_id', sa.Uuid(), nullable=True),
    sa.Column('verdict', sa.String(length=32), nullable=False),
    sa.Column('opinion', sa.Text(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("verdict NOT IN ('opinion', 'send_back', 'reject', 'transfer') OR opinion IS NOT NULL", name=op.f('ck_screenings_said_why')),
    sa.ForeignKeyConstraint(['channel_id'], ['channels.id'], name=op.f('fk_screenings_channel_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_screenings_decided_by')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_screenings_nomination_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_screenings_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screenings'))
    )
    with op.batch_alter_table('screenings') as batch_op:
        batch_op.create_index(batch_op.f('ix_screenings_nomination_id'), ['nomination_id'], unique=False)

    op.create_table('visits',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=100), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_visits_nomination_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['persons.id'], name=op.f('fk_visits_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits'))
    )
    with op.batch_alter_table('visits') as batch_op:
        batch_op.create_index(batch_op.f('ix_visits_nomination_id'), ['nomination_id'], unique=False)

    op.create_table('visit_signatures',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('signed_by', sa.Uuid(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['signed_by'], ['persons.id'], name=op.f('fk_visit_signatures_signed_by')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_visit_signatures_visit_id')),
    sa.PrimaryKeyConstraint('visit_id', 'signed_by', name=op.f('pk_visit_signatures'))
    )
    with op.batch_alter_table('nominations') as batch_op:
        batch_op.add_column(sa.Column('step_note', sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column('recommended_from', sa.String(length=32), nullable=True))

    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f"CREATE TRIGGER {HISTORY}_refuse_{verb} BEFORE {verb.upper()} ON {HISTORY} "
                f"BEGIN SELECT RAISE(ABORT, '{HISTORY} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {HISTORY}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {HISTORY} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    with op.batch_alter_table('nominations') as batch_op:
        batch_op.drop_column('recommended_from')
        batch_op.drop_column('step_note')

    op.drop_table('visit_signatures')
    with op.batch_alter_table('visits') as batch_op:
        batch_op.drop_index(batch_op.f('ix_visits_nomination_id'))

    op.drop_table('visits')
    with op.batch_alter_table('screenings') as batch_op:
        batch_op.drop_index(batch_op.f('ix_screenings_nomination_id'))

    op.drop_table('screenings')
    with op.batch_alter_table('consultations') as batch_op:
        batch_op.drop_index('ix_consultations_due')
        batch_op.drop_index(batch_op.f('ix_consultations_department_id'))
        batch_op.drop_index(batch_op.f('ix_consultations_consultant_id'))

    op.drop_table('consultations')
    with op.batch_alter_table('confirmations') as batch_op:
        batch_op.drop_index('uq_confirmations_live', sqlite_where=sa.text("status <> 'refused'"), postgresql_where=sa.text("status <> 'refused'"))
        batch_op.drop_index(batch_op.f('ix_confirmations_nomination_id'))

    op.drop_table('confirmations')
    op.drop_table('recommendation_counts')
    op.drop_table('departments')
