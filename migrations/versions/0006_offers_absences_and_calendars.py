"""absences on record, reminders, calendar feeds"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = "0005"

ON_RECORD = sa.text("status = 'no_record' AND excused_at IS NULL")

CHECKS = {
    'unrecorded': "(status = 'no_record') = (unrecorded_at IS NOT NULL)",
    'excused_with_reason': "excused_at IS NULL OR (status = 'no_record' AND excused_by IS NOT NULL AND excuse_reason IS NOT NULL)",
    'excused_by_another': 'excused_by <> person_id',
}


def upgrade() -> None:
    op.create_table('calendar_feeds',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_calendar_feeds_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_calendar_feeds')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feeds_token_hash'))
    )
    with op.batch_alter_table('shifts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_thin_told', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('signups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_reminded', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('unrecorded_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('excused_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('excused_by', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('excuse_reason', sa.Text(), nullable=True))
        batch_op.create_index('ix_signups_on_record', ['person_id', 'unrecorded_at'], unique=False, sqlite_where=ON_RECORD, postgresql_where=ON_RECORD)
        batch_op.create_foreign_key(batch_op.f('fk_signups_excused_by'), 'persons', ['excused_by'], ['id'])
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_signups_{name}'), condition)



def downgrade() -> None:
    with op.batch_alter_table('signups', schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f'ck_signups_{name}'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_signups_excused_by'), type_='foreignkey')
        batch_op.drop_index('ix_signups_on_record', sqlite_where=ON_RECORD, postgresql_where=ON_RECORD)
        batch_op.drop_column('excuse_reason')
        batch_op.drop_column('excused_by')
        batch_op.drop_column('excused_at')
        batch_op.drop_column('unrecorded_at')
        batch_op.drop_column('is_reminded')

    with op.batch_alter_table('shifts', schema=None) as batch_op:
        batch_op.drop_column('is_thin_told')

    op.drop_table('calendar_feeds')
