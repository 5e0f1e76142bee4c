"""attendance on the spot

Attendances that have ended already say how: by the leader where a time was confirmed, else by the
code, which was the only other way.
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = "0006"

CHECKS = {
    'check_out_method': '(check_out_method IS NULL) = (checked_out_at IS NULL)',
    'created_by_another': 'created_by <> person_id',
}


def guard_the_changes() -> None:
    """Corrections refuse UPDATE and DELETE, as the tables of 0002 do."""
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f"CREATE TRIGGER attendance_changes_refuse_{verb} BEFORE {verb.upper()} "
                "ON attendance_changes "
                "BEGIN SELECT RAISE(ABORT, 'attendance_changes is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER attendance_changes_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON attendance_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def upgrade() -> None:
    op.create_table('check_attempts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('shift_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('direction', sa.String(length=32), nullable=False),
    sa.Column('method', sa.String(length=32), nullable=False),
    sa.Column('outcome', sa.String(length=48), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_check_attempts_person_id')),
    sa.ForeignKeyConstraint(['shift_id'], ['shifts.id'], name=op.f('fk_check_attempts_shift_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_attempts'))
    )
    with op.batch_alter_table('check_attempts', schema=None) as batch_op:
        batch_op.create_index('ix_check_attempts_at', ['at'], unique=False)
        batch_op.create_index('ix_check_attempts_person', ['person_id', 'at'], unique=False)
        batch_op.create_index('ix_check_attempts_shift', ['shift_id', 'id'], unique=False)

    op.create_table('attendance_changes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('attendance_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=False),
    sa.Column('old_checked_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('new_checked_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('old_checked_out_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('new_checked_out_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['attendance_id'], ['attendances.id'], name=op.f('fk_attendance_changes_attendance_id')),
    sa.ForeignKeyConstraint(['changed_by'], ['persons.id'], name=op.f('fk_attendance_changes_changed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_changes'))
    )
    with op.batch_alter_table('attendance_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_changes_attendance_id'), ['attendance_id'], unique=False)

    op.create_table('roll_entries',
    sa.Column('shift_id', sa.Uuid(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('sent_by', sa.Uuid(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('direction', sa.String(length=32), nullable=False),
    sa.Column('outcome', sa.String(length=48), nullable=False),
    sa.Column('attendance_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['attendance_id'], ['attendances.id'], name=op.f('fk_roll_entries_attendance_id')),
    sa.ForeignKeyConstraint(['sent_by'], ['persons.id'], name=op.f('fk_roll_entries_sent_by')),
    sa.ForeignKeyConstraint(['shift_id'], ['shifts.id'], name=op.f('fk_roll_entries_shift_id')),
    sa.PrimaryKeyConstraint('shift_id', 'nonce', name=op.f('pk_roll_entries'))
    )
    with op.batch_alter_table('attendances', schema=None) as batch_op:
        batch_op.add_column(sa.Column('check_in_method', sa.String(length=32), server_default='code', nullable=False))
        batch_op.add_column(sa.Column('check_in_inside_fence', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('check_in_distance_m', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('check_out_method', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('check_out_inside_fence', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('check_out_distance_m', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('code_shown_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('created_by', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('is_offline', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('ledger', sa.String(length=32), server_default='verified', nullable=False))
        batch_op.add_column(sa.Column('self_confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_attendances_created_by'), 'persons', ['created_by'], ['id'])

    op.execute(
        "UPDATE attendances SET check_out_method = "
        "CASE WHEN confirmed_by IS NULL THEN 'code' ELSE 'leader' END "
        "WHERE checked_out_at IS NOT NULL"
    )
    with op.batch_alter_table('attendances', schema=None) as batch_op:
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_attendances_{name}'), condition)
    guard_the_changes()



def downgrade() -> None:
    with op.batch_alter_table('attendances', schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f'ck_attendances_{name}'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_attendances_created_by'), type_='foreignkey')
        batch_op.drop_column('reminded_at')
        batch_op.drop_column('self_confirmed_at')
        batch_op.drop_column('ledger')
        batch_op.drop_column('is_offline')
        batch_op.drop_column('created_by')
        batch_op.drop_column('code_shown_at')
        batch_op.drop_column('check_out_distance_m')
        batch_op.drop_column('check_out_inside_fence')
        batch_op.drop_column('check_out_method')
        batch_op.drop_column('check_in_distance_m')
        batch_op.drop_column('check_in_inside_fence')
        batch_op.drop_column('check_in_method')

    op.drop_table('roll_entries')
    with op.batch_alter_table('attendance_changes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_changes_attendance_id'))

    op.drop_table('attendance_changes')
    with op.batch_alter_table('check_attempts', schema=None) as batch_op:
        batch_op.drop_index('ix_check_attempts_shift')
        batch_op.drop_index('ix_check_attempts_person')
        batch_op.drop_index('ix_check_attempts_at')

    op.drop_table('check_attempts')
