"""the public log: leaves, the nodes of its tree, checkpoints

A campaign whose assessment has begun by now has no log, since its first ballots could no longer
be shown to be there from the beginning: `peaks` stays NULL and its ballots keep their numbers.
"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'

TABLES = ("log_leaves", "log_nodes", "checkpoints", "checkpoint_signatures")
BEFORE_ASSESSMENT = "('draft', 'announced', 'nominating', 'reviewing')"
BEGUN_WITHOUT = (
    "INSERT INTO public_logs (campaign_id, size, ballots, peaks)"
    " SELECT id, sealed, sealed, NULL FROM (SELECT campaigns.id, campaigns.status,"
    " campaigns.paused_from, (SELECT coalesce(max(leaf_index) + 1, 0) FROM sealed_ballots"
    " WHERE sealed_ballots.campaign_id = campaigns.id) AS sealed FROM campaigns) AS begun"
    f" WHERE coalesce(paused_from, status) NOT IN {BEFORE_ASSESSMENT}"
)


def upgrade() -> None:
    op.create_table('checkpoints',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('size', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('root', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint('size >= 1', name=op.f('ck_checkpoints_size_positive')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_checkpoints_campaign_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'size', name=op.f('pk_checkpoints'))
    )
    op.create_table('log_leaves',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('leaf_index', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('leaf_index >= 0', name=op.f('ck_log_leaves_leaf_index_not_negative')),
    sa.PrimaryKeyConstraint('campaign_id', 'leaf_index', name=op.f('pk_log_leaves'))
    )
    op.create_table('log_nodes',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('level', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('node_index', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('campaign_id', 'level', 'node_index', name=op.f('pk_log_nodes'))
    )
    op.create_table('public_logs',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('ballots', sa.Integer(), nullable=False),
    sa.Column('peaks', sa.LargeBinary(), nullable=True),
    sa.Column('key_destroyed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('ballots >= 0 AND size >= ballots', name=op.f('ck_public_logs_ballots_among_leaves')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_public_logs_campaign_id')),
    sa.PrimaryKeyConstraint('campaign_id', name=op.f('pk_public_logs'))
    )
    op.create_table('checkpoint_signatures',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('size', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id', 'size'], ['checkpoints.campaign_id', 'checkpoints.size'], name=op.f('fk_checkpoint_signatures_campaign_id_size')),
    sa.PrimaryKeyConstraint('campaign_id', 'size', 'name', name=op.f('pk_checkpoint_signatures'))
    )
    op.execute(BEGUN_WITHOUT)
    for table in TABLES:
        _refuse_change(table)


def _refuse_change(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table('checkpoint_signatures')
    op.drop_table('public_logs')
    op.drop_table('log_nodes')
    op.drop_table('log_leaves')
    op.drop_table('checkpoints')
