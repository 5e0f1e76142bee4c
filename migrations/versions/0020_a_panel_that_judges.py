"""a panel that judges

Secret votes and their roll are WITHOUT ROWID on SQLite: a hidden rowid would keep their order.
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = "0018"

APPEND_ONLY = ('declarations',)
LIVE = sa.text("status IN ('invited', 'accepted')")


def guard() -> None:
    """Refuse UPDATE and DELETE, as 0002 does."""
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == 'sqlite':
            for verb in ('update', 'delete'):
                op.execute(
                    f"CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def upgrade() -> None:
    op.create_table('panels',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('formed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_panels_closed_with_instant')),
    sa.CheckConstraint("status = 'formed' OR opened_at IS NOT NULL", name=op.f('ck_panels_opened_with_instant')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_panels_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panels')),
    sa.UniqueConstraint('campaign_id', name=op.f('uq_panels_campaign_id'))
    )
    with op.batch_alter_table('panels') as batch_op:
        batch_op.create_index(batch_op.f('ix_panels_status'), ['status'], unique=False)

    op.create_table('panelists',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('panel_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=True),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('code', sa.SmallInteger(), nullable=True),
    sa.Column('invited_by', sa.Uuid(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removal_reason', sa.String(length=200), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'removed') = (removal_reason IS NOT NULL)", name=op.f('ck_panelists_removed_with_reason')),
    sa.CheckConstraint("status = 'invited' OR decided_at IS NOT NULL", name=op.f('ck_panelists_decided_with_instant')),
    sa.ForeignKeyConstraint(['invited_by'], ['persons.id'], name=op.f('fk_panelists_invited_by')),
    sa.ForeignKeyConstraint(['panel_id'], ['panels.id'], name=op.f('fk_panelists_panel_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_panelists_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panelists'))
    )
    with op.batch_alter_table('panelists') as batch_op:
        batch_op.create_index(batch_op.f('ix_panelists_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_panelists_live', ['panel_id', 'person_id'], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)

    op.create_table('declarations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('panelist_id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('has_conflict', sa.Boolean(), nullable=False),
    sa.Column('ground', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("NOT has_conflict OR ground <> 'declared' OR reason IS NOT NULL", name=op.f('ck_declarations_conflict_with_reason')),
    sa.CheckConstraint("has_conflict OR ground = 'declared'", name=op.f('ck_declarations_certain_is_conflict')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_declarations_number_positive')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_declarations_nomination_id')),
    sa.ForeignKeyConstraint(['panelist_id'], ['panelists.id'], name=op.f('fk_declarations_panelist_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_declarations')),
    sa.UniqueConstraint('panelist_id', 'nomination_id', 'number', name=op.f('uq_declarations_panelist_id_nomination_id_number'))
    )
    with op.batch_alter_table('declarations') as batch_op:
        batch_op.create_index(batch_op.f('ix_declarations_nomination_id'), ['nomination_id'], unique=False)

    op.create_table('panel_scores',
    sa.Column('panelist_id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('criterion', sa.String(length=32), nullable=False),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.CheckConstraint('points IS NULL OR points >= 0', name=op.f('ck_panel_scores_points_not_negative')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_panel_scores_nomination_id')),
    sa.ForeignKeyConstraint(['panelist_id'], ['panelists.id'], name=op.f('fk_panel_scores_panelist_id')),
    sa.PrimaryKeyConstraint('panelist_id', 'nomination_id', 'criterion', name=op.f('pk_panel_scores'))
    )
    with op.batch_alter_table('panel_scores') as batch_op:
        batch_op.create_index(batch_op.f('ix_panel_scores_nomination_id'), ['nomination_id'], unique=False)

    op.create_table('panel_vote_roll',
    sa.Column('panelist_id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_panel_vote_roll_nomination_id')),
    sa.ForeignKeyConstraint(['panelist_id'], ['panelists.id'], name=op.f('fk_panel_vote_roll_panelist_id')),
    sa.PrimaryKeyConstraint('panelist_id', 'nomination_id', name=op.f('pk_panel_vote_roll')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('panel_vote_roll') as batch_op:
        batch_op.create_index(batch_op.f('ix_panel_vote_roll_nomination_id'), ['nomination_id'], unique=False)

    op.create_table('panel_votes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('approves', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_panel_votes_nomination_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_votes')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('panel_votes') as batch_op:
        batch_op.create_index(batch_op.f('ix_panel_votes_nomination_id'), ['nomination_id'], unique=False)

    guard()


def downgrade() -> None:
    with op.batch_alter_table('panel_votes') as batch_op:
        batch_op.drop_index(batch_op.f('ix_panel_votes_nomination_id'))

    op.drop_table('panel_votes')
    with op.batch_alter_table('panel_vote_roll') as batch_op:
        batch_op.drop_index(batch_op.f('ix_panel_vote_roll_nomination_id'))

    op.drop_table('panel_vote_roll')
    with op.batch_alter_table('panel_scores') as batch_op:
        batch_op.drop_index(batch_op.f('ix_panel_scores_nomination_id'))

    op.drop_table('panel_scores')
    with op.batch_alter_table('declarations') as batch_op:
        batch_op.drop_index(batch_op.f('ix_declarations_nomination_id'))

    op.drop_table('declarations')
    with op.batch_alter_table('panelists') as batch_op:
        batch_op.drop_index('uq_panelists_live', sqlite_where=LIVE, postgresql_where=LIVE)
        batch_op.drop_index(batch_op.f('ix_panelists_person_id'))

    op.drop_table('panelists')
    with op.batch_alter_table('panels') as batch_op:
        batch_op.drop_index(batch_op.f('ix_panels_status'))

    op.drop_table('panels')
