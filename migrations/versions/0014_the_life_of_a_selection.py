"""the whole life of campaigns and nominations

Campaigns of before get the usual rules, and submitted nominations wait for their county.
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'

WITH_CHANNEL = sa.text('channel_id IS NOT NULL')
CHECKS = {
    'campaigns': {
        'holds_while_running': "holding_reason IS NULL OR status IN ('announced', 'reviewing', 'counting', 'judging', 'noticing')",
        'paused_with_reason': "(status = 'paused') = (paused_from IS NOT NULL) AND (paused_from IS NULL) = (pause_reason IS NULL)",
        'open_with_frozen_rules': "status IN ('draft', 'announced', 'paused', 'cancelled') OR rules_frozen_at IS NOT NULL",
    },
    'nominations': {
        'merged_into_another': "(status = 'merged') = (merged_into_id IS NOT NULL) AND merged_into_id <> id",
        'step_under_review': "step IS NULL OR (step_since IS NOT NULL AND status IN ('submitted', 'community_checked', 'township_recommended', 'county_reviewed'))",
        'withheld_with_reason': 'NOT is_withheld OR withheld_reason IS NOT NULL',
        'removed_why': "status <> 'removed' OR removal_reason IS NOT NULL",
    },
}
HOLDS_BEFORE = "holding_reason IS NULL OR status = 'reviewing'"

FILL = (
    "UPDATE campaigns SET rules_frozen_at = nominations_open_at WHERE status NOT IN ('draft', 'announced', 'cancelled')",
    "INSERT INTO nominators (nomination_id, person_id, since) SELECT id, nominator_id, created_at FROM nominations",
    "UPDATE nominations SET step = 'county', step_since = submitted_at, step_site_id = ("
    "SELECT above.id FROM sites AS above JOIN sites AS home ON home.id = nominations.site_id"
    " WHERE above.level IN ('center', 'zone', 'city') AND home.path LIKE above.path || '%'"
    " ORDER BY length(above.path) DESC LIMIT 1) WHERE status = 'submitted'",
)


def add_checks(table, batch_op):
    for name, condition in CHECKS[table].items():
        batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), condition)


def drop_checks(table, batch_op):
    for name in CHECKS[table]:
        batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')


def upgrade() -> None:
    op.create_table('channels',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channels')),
    sa.UniqueConstraint('code', name=op.f('uq_channels_code'))
    )
    op.create_table('nominators',
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('merged_from_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['merged_from_id'], ['nominations.id'], name=op.f('fk_nominators_merged_from_id')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_nominators_nomination_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_nominators_person_id')),
    sa.PrimaryKeyConstraint('nomination_id', 'person_id', name=op.f('pk_nominators'))
    )
    with op.batch_alter_table('nominators') as batch_op:
        batch_op.create_index(batch_op.f('ix_nominators_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('campaigns') as batch_op:
        batch_op.add_column(sa.Column('list_period', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('list_year', sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column('list_number', sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column('judging_close_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('rules', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('rules_frozen_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('paused_from', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('pause_reason', sa.String(length=200), nullable=True))
        batch_op.drop_constraint(op.f('ck_campaigns_holds_in_review'), type_='check')

    with op.batch_alter_table('nominations') as batch_op:
        batch_op.add_column(sa.Column('nominee_id_number_cipher', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('nominee_id_number_index', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('nominee_phone_cipher', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('nominee_born_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('nominee_unit', sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column('nominee_address', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('is_party_member', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('is_public_staff', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('is_in_business', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('is_self_nomination', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('members_count', sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column('representative_name', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('earlier_honors', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('deceased_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('is_posthumous', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('channel_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('short_deeds', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('step', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('step_site_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('step_since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reviews_count', sa.SmallInteger(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('removal_reason', sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('consented_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('supports_count', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('is_withheld', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('withheld_reason', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('bravery_number', sa.String(length=60), nullable=True))
        batch_op.drop_index(batch_op.f('ix_nominations_queue'))
        batch_op.create_index('ix_nominations_queue', ['step_site_id', 'reviews_count', 'step_since', 'id'], unique=False)
        batch_op.create_index('ix_nominations_channel_queue', ['channel_id', 'reviews_count', 'step_since', 'id'], unique=False, sqlite_where=WITH_CHANNEL, postgresql_where=WITH_CHANNEL)
        batch_op.create_index(batch_op.f('ix_nominations_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_nominations_nominee_id_number_index'), ['nominee_id_number_index'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_nominations_channel_id'), 'channels', ['channel_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_nominations_merged_into_id'), 'nominations', ['merged_into_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_nominations_step_site_id'), 'sites', ['step_site_id'], ['id'])

    for statement in FILL:
        op.execute(statement)
    for table in CHECKS:
        with op.batch_alter_table(table) as batch_op:
            add_checks(table, batch_op)



def downgrade() -> None:
    for table in CHECKS:
        with op.batch_alter_table(table) as batch_op:
            drop_checks(table, batch_op)
    with op.batch_alter_table('nominations') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_nominations_step_site_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_nominations_merged_into_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_nominations_channel_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_nominations_nominee_id_number_index'))
        batch_op.drop_index(batch_op.f('ix_nominations_merged_into_id'))
        batch_op.drop_index('ix_nominations_channel_queue', sqlite_where=WITH_CHANNEL, postgresql_where=WITH_CHANNEL)
        batch_op.drop_index('ix_nominations_queue')
        batch_op.create_index(batch_op.f('ix_nominations_queue'), ['status', 'submitted_at', 'id'], unique=False)
        batch_op.drop_column('bravery_number')
        batch_op.drop_column('withheld_reason')
        batch_op.drop_column('is_withheld')
        batch_op.drop_column('supports_count')
        batch_op.drop_column('consented_at')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('removal_reason')
        batch_op.drop_column('reviews_count')
        batch_op.drop_column('step_since')
        batch_op.drop_column('step_site_id')
        batch_op.drop_column('step')
        batch_op.drop_column('short_deeds')
        batch_op.drop_column('channel_id')
        batch_op.drop_column('is_posthumous')
        batch_op.drop_column('deceased_on')
        batch_op.drop_column('earlier_honors')
        batch_op.drop_column('representative_name')
        batch_op.drop_column('members_count')
        batch_op.drop_column('is_self_nomination')
        batch_op.drop_column('is_in_business')
        batch_op.drop_column('is_public_staff')
        batch_op.drop_column('is_party_member')
        batch_op.drop_column('nominee_address')
        batch_op.drop_column('nominee_unit')
        batch_op.drop_column('nominee_born_on')
        batch_op.drop_column('nominee_phone_cipher')
        batch_op.drop_column('nominee_id_number_index')
        batch_op.drop_column('nominee_id_number_cipher')

    with op.batch_alter_table('campaigns') as batch_op:
        batch_op.create_check_constraint(op.f('ck_campaigns_holds_in_review'), HOLDS_BEFORE)
        batch_op.drop_column('pause_reason')
        batch_op.drop_column('paused_from')
        batch_op.drop_column('rules_frozen_at')
        batch_op.drop_column('rules')
        batch_op.drop_column('judging_close_at')
        batch_op.drop_column('list_number')
        batch_op.drop_column('list_year')
        batch_op.drop_column('list_period')

    with op.batch_alter_table('nominators') as batch_op:
        batch_op.drop_index(batch_op.f('ix_nominators_person_id'))

    op.drop_table('nominators')
    op.drop_table('channels')
