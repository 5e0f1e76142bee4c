"""ballots that look bought: signals, quarantine, rulings"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'

FOR_EVER = ("held_ballots", "ruling_ballots", "ruled_ballots")


def upgrade() -> None:
    op.create_table('ballot_signals',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('voter_id', sa.Uuid(), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('ballot_id', sa.Uuid(), nullable=False),
    sa.Column('cast_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('choices_hash', sa.LargeBinary(length=16), nullable=False),
    sa.Column('network_hash', sa.LargeBinary(length=16), nullable=True),
    sa.Column('device_hash', sa.LargeBinary(length=16), nullable=True),
    sa.Column('account_age_days', sa.Integer(), nullable=False),
    sa.Column('risk', sa.String(length=8), nullable=False),
    sa.Column('scored_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("risk <> 'pending' OR scored_at IS NULL", name=op.f('ck_ballot_signals_scored_with_rank')),
    sa.CheckConstraint('account_age_days >= 0', name=op.f('ck_ballot_signals_account_age_not_negative')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballots.id'], name=op.f('fk_ballot_signals_ballot_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_ballot_signals_campaign_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'voter_id', 'period', name=op.f('pk_ballot_signals')),
    sa.UniqueConstraint('ballot_id', name=op.f('uq_ballot_signals_ballot_id'))
    )
    op.create_index('ix_ballot_signals_choices', 'ballot_signals', ['campaign_id', 'choices_hash', 'cast_at'], unique=False)
    op.create_index('ix_ballot_signals_device', 'ballot_signals', ['campaign_id', 'device_hash', 'cast_at'], unique=False)
    op.create_index('ix_ballot_signals_network', 'ballot_signals', ['campaign_id', 'network_hash', 'cast_at'], unique=False)
    op.create_index('ix_ballot_signals_unscored', 'ballot_signals', ['campaign_id', 'cast_at'], unique=False, sqlite_where=sa.text('scored_at IS NULL'), postgresql_where=sa.text('scored_at IS NULL'))

    op.create_table('findings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('group_hash', sa.LargeBinary(length=16), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_findings_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_findings')),
    sa.UniqueConstraint('campaign_id', 'kind', 'group_hash', name=op.f('uq_findings_campaign_id_kind_group_hash'))
    )
    op.create_table('held_ballots',
    sa.Column('ballot_id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('finding_id', sa.Uuid(), nullable=False),
    sa.Column('points', sa.SmallInteger(), nullable=False),
    sa.Column('signs', sa.JSON(), nullable=False),
    sa.Column('rules_version', sa.String(length=8), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballots.id'], name=op.f('fk_held_ballots_ballot_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_held_ballots_campaign_id')),
    sa.ForeignKeyConstraint(['finding_id'], ['findings.id'], name=op.f('fk_held_ballots_finding_id')),
    sa.PrimaryKeyConstraint('ballot_id', name=op.f('pk_held_ballots'))
    )
    op.create_index(op.f('ix_held_ballots_campaign_id'), 'held_ballots', ['campaign_id'], unique=False)
    op.create_index(op.f('ix_held_ballots_finding_id'), 'held_ballots', ['finding_id'], unique=False)

    op.create_table('rulings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('finding_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('fate', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'proposed') = (decided_at IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)", name=op.f('ck_rulings_decided_with_instant')),
    sa.CheckConstraint("fate IN ('voided', 'restored')", name=op.f('ck_rulings_fate_final')),
    sa.CheckConstraint("status <> 'approved' OR decided_by <> proposed_by", name=op.f('ck_rulings_approved_by_another')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_rulings_decided_by')),
    sa.ForeignKeyConstraint(['finding_id'], ['findings.id'], name=op.f('fk_rulings_finding_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['persons.id'], name=op.f('fk_rulings_proposed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rulings'))
    )
    op.create_index(op.f('ix_rulings_finding_id'), 'rulings', ['finding_id'], unique=False)
    op.create_index('uq_rulings_pending', 'rulings', ['finding_id'], unique=True, sqlite_where=sa.text("status = 'proposed'"), postgresql_where=sa.text("status = 'proposed'"))

    op.create_table('ruled_ballots',
    sa.Column('ballot_id', sa.Uuid(), nullable=False),
    sa.Column('ruling_id', sa.Uuid(), nullable=False),
    sa.Column('fate', sa.String(length=32), nullable=False),
    sa.Column('ruled_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id'], ['held_ballots.ballot_id'], name=op.f('fk_ruled_ballots_ballot_id')),
    sa.ForeignKeyConstraint(['ruling_id'], ['rulings.id'], name=op.f('fk_ruled_ballots_ruling_id')),
    sa.PrimaryKeyConstraint('ballot_id', name=op.f('pk_ruled_ballots'))
    )
    op.create_index(op.f('ix_ruled_ballots_ruling_id'), 'ruled_ballots', ['ruling_id'], unique=False)

    op.create_table('ruling_ballots',
    sa.Column('ruling_id', sa.Uuid(), nullable=False),
    sa.Column('ballot_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id'], ['held_ballots.ballot_id'], name=op.f('fk_ruling_ballots_ballot_id')),
    sa.ForeignKeyConstraint(['ruling_id'], ['rulings.id'], name=op.f('fk_ruling_ballots_ruling_id')),
    sa.PrimaryKeyConstraint('ruling_id', 'ballot_id', name=op.f('pk_ruling_ballots'))
    )
    op.add_column('unsealed_ballots', sa.Column('origin', sa.LargeBinary(length=32), nullable=True))
    for table in FOR_EVER:
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
    with op.batch_alter_table("unsealed_ballots") as batch_op:
        batch_op.drop_column("origin")
    for table in ("ruled_ballots", "ruling_ballots", "rulings", "held_ballots", "findings"):
        op.drop_table(table)
    op.drop_table("ballot_signals")
