"""messages and clues are found by what they are about"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'


def upgrade() -> None:
    with op.batch_alter_table('clues') as batch_op:
        batch_op.add_column(sa.Column('channel_id', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_clues_channel_id'), ['channel_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_clues_channel_id'), 'channels', ['channel_id'], ['id'])

    with op.batch_alter_table('inbox_messages') as batch_op:
        batch_op.add_column(sa.Column('about_id', sa.Uuid(), nullable=True))
        batch_op.create_index('ix_inbox_messages_about', ['about_id', 'id'], unique=False, sqlite_where=sa.text('about_id IS NOT NULL'), postgresql_where=sa.text('about_id IS NOT NULL'))

    with op.batch_alter_table('outbox_messages') as batch_op:
        batch_op.add_column(sa.Column('about_id', sa.Uuid(), nullable=True))
        batch_op.create_index('ix_outbox_messages_about', ['about_id'], unique=False, sqlite_where=sa.text('about_id IS NOT NULL'), postgresql_where=sa.text('about_id IS NOT NULL'))


def downgrade() -> None:
    with op.batch_alter_table('outbox_messages') as batch_op:
        batch_op.drop_index('ix_outbox_messages_about', sqlite_where=sa.text('about_id IS NOT NULL'), postgresql_where=sa.text('about_id IS NOT NULL'))
        batch_op.drop_column('about_id')

    with op.batch_alter_table('inbox_messages') as batch_op:
        batch_op.drop_index('ix_inbox_messages_about', sqlite_where=sa.text('about_id IS NOT NULL'), postgresql_where=sa.text('about_id IS NOT NULL'))
        batch_op.drop_column('about_id')

    with op.batch_alter_table('clues') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_clues_channel_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_clues_channel_id'))
        batch_op.drop_column('channel_id')
