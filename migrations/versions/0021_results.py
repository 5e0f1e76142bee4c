"""results of campaigns and their lines
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = "0020"


def upgrade() -> None:
    op.create_table('results',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('inputs', sa.JSON(), nullable=False),
    sa.Column('outcome', sa.JSON(), nullable=False),
    sa.Column('lot_source', sa.String(length=200), nullable=False),
    sa.Column('lot_seed', sa.String(length=128), nullable=True),
    sa.Column('lot_witnessed_by', sa.Uuid(), nullable=True),
    sa.Column('lot_drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('computed_by', sa.Uuid(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fixed_by', sa.Uuid(), nullable=True),
    sa.Column('fixed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'fixed') = (fixed_by IS NOT NULL) AND (fixed_by IS NULL) = (fixed_at IS NULL)", name=op.f('ck_results_fixed_by_somebody')),
    sa.CheckConstraint('(lot_seed IS NULL) = (lot_witnessed_by IS NULL) AND (lot_seed IS NULL) = (lot_drawn_at IS NULL)', name=op.f('ck_results_lot_witnessed')),
    sa.CheckConstraint('fixed_by <> computed_by', name=op.f('ck_results_fixed_by_another')),
    sa.CheckConstraint('lot_witnessed_by <> computed_by', name=op.f('ck_results_lot_witnessed_by_another')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_results_version_positive')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_results_campaign_id')),
    sa.ForeignKeyConstraint(['computed_by'], ['persons.id'], name=op.f('fk_results_computed_by')),
    sa.ForeignKeyConstraint(['fixed_by'], ['persons.id'], name=op.f('fk_results_fixed_by')),
    sa.ForeignKeyConstraint(['lot_witnessed_by'], ['persons.id'], name=op.f('fk_results_lot_witnessed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_results')),
    sa.UniqueConstraint('campaign_id', 'version', name=op.f('uq_results_campaign_id_version'))
    )
    with op.batch_alter_table('results') as batch_op:
        batch_op.create_index('uq_results_one_standing', ['campaign_id'], unique=True, sqlite_where=sa.text("status <> 'superseded'"), postgresql_where=sa.text("status <> 'superseded'"))

    op.create_table('result_lines',
    sa.Column('result_id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('category_code', sa.String(length=32), nullable=False),
    sa.Column('place_code', sa.String(length=32), nullable=True),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('rank', sa.SmallInteger(), nullable=True),
    sa.Column('tie_rule', sa.String(length=32), nullable=True),
    sa.Column('is_selected', sa.Boolean(), nullable=False),
    sa.Column('components', sa.JSON(), nullable=False),
    sa.Column('deviation_reason', sa.String(length=300), nullable=True),
    sa.Column('deviated_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint('(deviation_reason IS NULL) = (deviated_by IS NULL)', name=op.f('ck_result_lines_deviation_decided')),
    sa.CheckConstraint('rank >= 1', name=op.f('ck_result_lines_rank_positive')),
    sa.ForeignKeyConstraint(['deviated_by'], ['persons.id'], name=op.f('fk_result_lines_deviated_by')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_result_lines_nomination_id')),
    sa.ForeignKeyConstraint(['result_id'], ['results.id'], name=op.f('fk_result_lines_result_id')),
    sa.PrimaryKeyConstraint('result_id', 'nomination_id', name=op.f('pk_result_lines'))
    )
    with op.batch_alter_table('result_lines') as batch_op:
        batch_op.create_index(batch_op.f('ix_result_lines_nomination_id'), ['nomination_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('result_lines') as batch_op:
        batch_op.drop_index(batch_op.f('ix_result_lines_nomination_id'))

    op.drop_table('result_lines')
    with op.batch_alter_table('results') as batch_op:
        batch_op.drop_index('uq_results_one_standing', sqlite_where=sa.text("status <> 'superseded'"), postgresql_where=sa.text("status <> 'superseded'"))

    op.drop_table('results')
