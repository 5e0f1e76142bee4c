"""people and memberships

On SQLite a table with a new CHECK is rebuilt, which drops its triggers: those of the consents are
made again.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = '0004'
down_revision = '0003'


CHECKS = {
    'consents': ('paper_was_recorded', 'paper_reference IS NULL OR recorded_by IS NOT NULL'),
    'memberships': ('ended', "(status IN ('left', 'removed')) = (ended_at IS NOT NULL)"),
    'persons': (
        'merged_unregistered',
        'merged_into_id IS NULL OR (registered_at IS NULL AND merged_into_id <> id)',
    ),
}


def add_check(table: str, batch_op: BatchOperations) -> None:
    name, condition = CHECKS[table]
    batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), condition)


def drop_check(table: str, batch_op: BatchOperations) -> None:
    batch_op.drop_constraint(op.f(f'ck_{table}_{CHECKS[table][0]}'), type_='check')


def guard_the_consents() -> None:
    """Make again what batch mode on SQLite drops with the old table."""
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f"CREATE TRIGGER consents_refuse_{verb} BEFORE {verb.upper()} ON consents "
                "BEGIN SELECT RAISE(ABORT, 'consents is append-only'); END"
            )


def upgrade() -> None:
    op.create_table('person_lookups',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('helper_id', sa.Uuid(), nullable=False),
    sa.Column('found_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['found_id'], ['persons.id'], name=op.f('fk_person_lookups_found_id')),
    sa.ForeignKeyConstraint(['helper_id'], ['persons.id'], name=op.f('fk_person_lookups_helper_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_lookups'))
    )
    with op.batch_alter_table('person_lookups', schema=None) as batch_op:
        batch_op.create_index('ix_person_lookups_pace', ['helper_id', 'at'], unique=False)

    op.create_table('volunteer_profiles',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('skills', sa.JSON(), nullable=False),
    sa.Column('category_codes', sa.JSON(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_volunteer_profiles_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_volunteer_profiles'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.add_column(sa.Column('paper_reference', sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column('recorded_by', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_consents_recorded_by'), 'persons', ['recorded_by'], ['id'])
        add_check('consents', batch_op)
    guard_the_consents()

    with op.batch_alter_table('memberships', schema=None) as batch_op:
        add_check('memberships', batch_op)

    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.add_column(sa.Column('site_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('has_absorbed', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(batch_op.f('ix_persons_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_persons_site_id'), ['site_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_persons_site_id'), 'sites', ['site_id'], ['id'])
        add_check('persons', batch_op)


def downgrade() -> None:
    with op.batch_alter_table('persons', schema=None) as batch_op:
        drop_check('persons', batch_op)
        batch_op.drop_constraint(batch_op.f('fk_persons_site_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_persons_site_id'))
        batch_op.drop_index(batch_op.f('ix_persons_merged_into_id'))
        batch_op.drop_column('has_absorbed')
        batch_op.drop_column('site_id')

    with op.batch_alter_table('memberships', schema=None) as batch_op:
        drop_check('memberships', batch_op)

    with op.batch_alter_table('consents', schema=None) as batch_op:
        drop_check('consents', batch_op)
        batch_op.drop_constraint(batch_op.f('fk_consents_recorded_by'), type_='foreignkey')
        batch_op.drop_column('recorded_by')
        batch_op.drop_column('paper_reference')
    guard_the_consents()

    op.drop_table('volunteer_profiles')
    with op.batch_alter_table('person_lookups', schema=None) as batch_op:
        batch_op.drop_index('ix_person_lookups_pace')

    op.drop_table('person_lookups')
