"""who served a unit in a month, listed, so that people are counted without sorting

The lists are filled from the sums by person and month. Activities nearby are looked for among
those of one status: most of them are past.
"""

import itertools
import operator

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = "0011"

KEY = ('month', 'organization_id', 'site_id', 'action')
BATCH = 500


def upgrade() -> None:
    lists = op.create_table('unit_months',
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('people', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_unit_months_organization_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_unit_months_site_id')),
    sa.PrimaryKeyConstraint('month', 'organization_id', 'site_id', 'action', name=op.f('pk_unit_months'))
    )
    fill(lists)
    op.drop_index('ix_activities_position', table_name='activities')
    op.create_index('ix_activities_position', 'activities', ['status', 'latitude', 'longitude'], unique=False)


def fill(lists: sa.Table) -> None:
    sums = sa.table(
        'person_months',
        *(sa.column(c.name, c.type) for c in lists.columns if c.name in KEY),
        sa.column('person_id', sa.Uuid()),
        sa.column('verified_minutes', sa.Integer()),
        sa.column('honorary_minutes', sa.Integer()),
    )
    key = [sums.c[name] for name in KEY]
    query = (
        sa.select(*key, sums.c.person_id)
        .where(sums.c.verified_minutes + sums.c.honorary_minutes > 0)
        .order_by(*key, sums.c.person_id)
    )
    connection = op.get_bind()
    with connection.execute(query.execution_options(yield_per=10_000)) as rows:
        filled = (
            {**dict(zip(KEY, unit, strict=True)), 'people': b''.join(row.person_id.bytes for row in people)}
            for unit, people in itertools.groupby(rows, operator.itemgetter(*range(len(KEY))))
        )
        while batch := list(itertools.islice(filled, BATCH)):
            connection.execute(sa.insert(lists), batch)


def downgrade() -> None:
    op.drop_index('ix_activities_position', table_name='activities')
    op.create_index('ix_activities_position', 'activities', ['latitude', 'longitude'], unique=False)
    op.drop_table('unit_months')
