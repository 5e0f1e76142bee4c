"""service orders

Their steps are written for ever, like every log.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = "0009"


STEPS = 'service_request_steps'


def upgrade() -> None:
    op.create_table('service_requests',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.Column('category_code', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('place_cipher', sa.LargeBinary(), nullable=False),
    sa.Column('contact_phone_cipher', sa.LargeBinary(), nullable=False),
    sa.Column('beneficiary_name_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('wanted_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wanted_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('requester_id', sa.Uuid(), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=False),
    sa.Column('ordered_for', sa.LargeBinary(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('organization_id', sa.Uuid(), nullable=True),
    sa.Column('activity_id', sa.Uuid(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('report', sa.Text(), nullable=True),
    sa.Column('people_served', sa.SmallInteger(), nullable=True),
    sa.Column('served_on', sa.Date(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolution', sa.Text(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_service_requests_closed')),
    sa.CheckConstraint("(status IN ('done', 'rated', 'follow_up', 'closed')) = (done_at IS NOT NULL AND report IS NOT NULL AND people_served > 0 AND served_on IS NOT NULL)", name=op.f('ck_service_requests_done')),
    sa.CheckConstraint("(status IN ('in_service', 'done', 'rated', 'follow_up', 'closed')) = (started_at IS NOT NULL)", name=op.f('ck_service_requests_started')),
    sa.CheckConstraint("(status IN ('rejected', 'withdrawn', 'closed')) = (due_at IS NULL)", name=op.f('ck_service_requests_due')),
    sa.CheckConstraint("(status IN ('submitted', 'opened', 'declined', 'rejected', 'withdrawn')) = (organization_id IS NULL)", name=op.f('ck_service_requests_with_a_team')),
    sa.CheckConstraint("resolution IS NULL OR status = 'closed'", name=op.f('ck_service_requests_resolved')),
    sa.CheckConstraint("status NOT IN ('rejected', 'declined') OR decision_reason IS NOT NULL", name=op.f('ck_service_requests_refused_with_reason')),
    sa.CheckConstraint('activity_id IS NULL OR started_at IS NOT NULL', name=op.f('ck_service_requests_linked')),
    sa.CheckConstraint('wanted_until > wanted_from', name=op.f('ck_service_requests_wanted')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_service_requests_activity_id')),
    sa.ForeignKeyConstraint(['category_code'], ['service_categories.code'], name=op.f('fk_service_requests_category_code')),
    sa.ForeignKeyConstraint(['created_by'], ['persons.id'], name=op.f('fk_service_requests_created_by')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_service_requests_organization_id')),
    sa.ForeignKeyConstraint(['requester_id'], ['persons.id'], name=op.f('fk_service_requests_requester_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_service_requests_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_requests'))
    )
    with op.batch_alter_table('service_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_requests_created_by'), ['created_by'], unique=False)
        batch_op.create_index('ix_service_requests_due', ['status', 'due_at'], unique=False)
        batch_op.create_index('ix_service_requests_of_organization', ['organization_id', 'id'], unique=False)
        batch_op.create_index('ix_service_requests_of_site', ['site_id', 'status', 'id'], unique=False)
        batch_op.create_index('ix_service_requests_ordered_for', ['ordered_for', 'status'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_requests_requester_id'), ['requester_id'], unique=False)

    op.create_table('service_ratings',
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('score', sa.SmallInteger(), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('rated_by', sa.Uuid(), nullable=False),
    sa.Column('is_on_behalf', sa.Boolean(), nullable=False),
    sa.Column('rated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('score BETWEEN 1 AND 5', name=op.f('ck_service_ratings_score')),
    sa.ForeignKeyConstraint(['rated_by'], ['persons.id'], name=op.f('fk_service_ratings_rated_by')),
    sa.ForeignKeyConstraint(['request_id'], ['service_requests.id'], name=op.f('fk_service_ratings_request_id')),
    sa.PrimaryKeyConstraint('request_id', name=op.f('pk_service_ratings'))
    )
    op.create_table('service_request_steps',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verb', sa.String(length=48), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('party', sa.String(length=32), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_service_request_steps_organization_id')),
    sa.ForeignKeyConstraint(['request_id'], ['service_requests.id'], name=op.f('fk_service_request_steps_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_request_steps'))
    )
    with op.batch_alter_table('service_request_steps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_request_steps_request_id'), ['request_id'], unique=False)

    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f"CREATE TRIGGER {STEPS}_refuse_{verb} BEFORE {verb.upper()} ON {STEPS} "
                f"BEGIN SELECT RAISE(ABORT, '{STEPS} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {STEPS}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {STEPS} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    with op.batch_alter_table('service_request_steps', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_request_steps_request_id'))

    op.drop_table('service_request_steps')
    op.drop_table('service_ratings')
    with op.batch_alter_table('service_requests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_requests_requester_id'))
        batch_op.drop_index('ix_service_requests_ordered_for')
        batch_op.drop_index('ix_service_requests_of_site')
        batch_op.drop_index('ix_service_requests_of_organization')
        batch_op.drop_index('ix_service_requests_due')
        batch_op.drop_index(batch_op.f('ix_service_requests_created_by'))

    op.drop_table('service_requests')