"""clues and supports"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = "0016"


def upgrade() -> None:
    op.create_table('clues',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.Column('nominee_name', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('giver_id', sa.Uuid(), nullable=True),
    sa.Column('giver_name_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('giver_phone_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('text_verdict', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('nomination_id', sa.Uuid(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(source = 'app') = (recorded_by IS NULL) AND (source <> 'app' OR giver_id IS NOT NULL)", name=op.f('ck_clues_recorded_by_somebody')),
    sa.CheckConstraint("(status = 'answered') = (answer IS NOT NULL)", name=op.f('ck_clues_answered_in_words')),
    sa.CheckConstraint("(status = 'completed') = (nomination_id IS NOT NULL)", name=op.f('ck_clues_completed_with_nomination')),
    sa.CheckConstraint("(status = 'received') = (decided_at IS NULL)", name=op.f('ck_clues_decided_with_instant')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_clues_campaign_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_clues_decided_by')),
    sa.ForeignKeyConstraint(['giver_id'], ['persons.id'], name=op.f('fk_clues_giver_id')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_clues_nomination_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['persons.id'], name=op.f('fk_clues_recorded_by')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_clues_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clues'))
    )
    with op.batch_alter_table('clues') as batch_op:
        batch_op.create_index(batch_op.f('ix_clues_campaign_id'), ['campaign_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clues_nomination_id'), ['nomination_id'], unique=False)
        batch_op.create_index('ix_clues_of_giver', ['giver_id', 'created_at'], unique=False)
        batch_op.create_index('ix_clues_queue', ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clues_site_id'), ['site_id'], unique=False)

    op.create_table('supports',
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_supports_nomination_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_supports_person_id')),
    sa.PrimaryKeyConstraint('nomination_id', 'person_id', name=op.f('pk_supports'))
    )
    with op.batch_alter_table('supports') as batch_op:
        batch_op.create_index(batch_op.f('ix_supports_person_id'), ['person_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('supports') as batch_op:
        batch_op.drop_index(batch_op.f('ix_supports_person_id'))

    op.drop_table('supports')
    with op.batch_alter_table('clues') as batch_op:
        batch_op.drop_index(batch_op.f('ix_clues_site_id'))
        batch_op.drop_index('ix_clues_queue')
        batch_op.drop_index('ix_clues_of_giver')
        batch_op.drop_index(batch_op.f('ix_clues_nomination_id'))
        batch_op.drop_index(batch_op.f('ix_clues_campaign_id'))

    op.drop_table('clues')
