"""certificates, stars with history, evaluations, sums by person and month, monthly reports

What the ledger and the standings hold already is carried over: sums by person and month of every
entry that is tallied, and one award for every star.
"""

import sqlalchemy as sa
from alembic import op

from core.ids import new_id

revision = '0009'
down_revision = "0008"

APPEND_ONLY = ('certificate_entries', 'star_awards', 'monthly_reports')

SUM_UP = """
INSERT INTO person_months (month, person_id, organization_id, site_id, action,
    verified_minutes, honorary_minutes, verified_times, honorary_times)
SELECT substr(CAST(served_on AS VARCHAR(10)), 1, 7), person_id, organization_id, site_id, action,
    SUM(CASE WHEN ledger = 'verified' THEN minutes ELSE 0 END),
    SUM(CASE WHEN ledger = 'honorary' THEN minutes ELSE 0 END),
    SUM(CASE WHEN ledger = 'verified' AND kind = 'earned' THEN 1 ELSE 0 END),
    SUM(CASE WHEN ledger = 'honorary' AND kind = 'earned' THEN 1 ELSE 0 END)
FROM hours_entries
WHERE id NOT IN (SELECT entry_id FROM untallied_hours)
GROUP BY 1, 2, 3, 4, 5
"""


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


def carry_stars_over() -> None:
    """The star that a person has is their first award."""
    standings = sa.table(
        'volunteer_standings',
        sa.column('person_id', sa.Uuid()),
        sa.column('star', sa.SmallInteger()),
        sa.column('starred_at', sa.DateTime(timezone=True)),
        sa.column('verified_minutes', sa.Integer()),
        sa.column('honorary_minutes', sa.Integer()),
    )
    awards = sa.table(
        'star_awards',
        sa.column('id', sa.Uuid()),
        sa.column('person_id', sa.Uuid()),
        sa.column('star_before', sa.SmallInteger()),
        sa.column('star', sa.SmallInteger()),
        sa.column('verified_minutes', sa.Integer()),
        sa.column('honorary_minutes', sa.Integer()),
        sa.column('at', sa.DateTime(timezone=True)),
    )
    found = op.get_bind().execute(sa.select(standings).where(standings.c.star > 0)).all()
    rows = [
        {
            'id': new_id(),
            'person_id': row.person_id,
            'star_before': 0,
            'star': row.star,
            'verified_minutes': row.verified_minutes,
            'honorary_minutes': row.honorary_minutes,
            'at': row.starred_at,
        }
        for row in found
    ]
    if rows:
        op.bulk_insert(awards, rows)


def upgrade() -> None:
    op.create_table('reference_counters',
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('year', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'year', name=op.f('pk_reference_counters'))
    )
    op.create_table('monthly_reports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('definitions_version', sa.String(length=16), nullable=False),
    sa.Column('definitions', sa.JSON(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('adjustments', sa.JSON(), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_monthly_reports_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_monthly_reports')),
    sa.UniqueConstraint('site_id', 'month', name='uq_monthly_reports_month')
    )
    with op.batch_alter_table('monthly_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_monthly_reports_month'), ['month'], unique=False)

    op.create_table('star_awards',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('star_before', sa.SmallInteger(), nullable=False),
    sa.Column('star', sa.SmallInteger(), nullable=False),
    sa.Column('verified_minutes', sa.Integer(), nullable=False),
    sa.Column('honorary_minutes', sa.Integer(), nullable=False),
    sa.Column('score_tenths', sa.SmallInteger(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('star >= 0 AND star_before >= 0', name=op.f('ck_star_awards_stars')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_star_awards_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_star_awards'))
    )
    with op.batch_alter_table('star_awards', schema=None) as batch_op:
        batch_op.create_index('ix_star_awards_own', ['person_id', 'id'], unique=False)

    op.create_table('certificates',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('check_code', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=True),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('to_day', sa.Date(), nullable=False),
    sa.Column('verified_minutes', sa.Integer(), nullable=False),
    sa.Column('honorary_minutes', sa.Integer(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('content_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('issuer_id', sa.Uuid(), nullable=False),
    sa.Column('issued_by', sa.Uuid(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoke_reason', sa.Text(), nullable=True),
    sa.CheckConstraint("(status = 'revoked') = (revoked_at IS NOT NULL) AND (revoked_at IS NULL) = (revoke_reason IS NULL)", name=op.f('ck_certificates_revoked_with_reason')),
    sa.CheckConstraint('to_day >= from_day', name=op.f('ck_certificates_period')),
    sa.CheckConstraint('verified_minutes + honorary_minutes > 0', name=op.f('ck_certificates_not_nothing')),
    sa.CheckConstraint('verified_minutes >= 0 AND honorary_minutes >= 0', name=op.f('ck_certificates_minutes')),
    sa.ForeignKeyConstraint(['issued_by'], ['persons.id'], name=op.f('fk_certificates_issued_by')),
    sa.ForeignKeyConstraint(['issuer_id'], ['sites.id'], name=op.f('fk_certificates_issuer_id')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_certificates_organization_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_certificates_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificates')),
    sa.UniqueConstraint('number', name=op.f('uq_certificates_number'))
    )
    with op.batch_alter_table('certificates', schema=None) as batch_op:
        batch_op.create_index('ix_certificates_own', ['person_id', 'id'], unique=False)
        batch_op.create_index('uq_certificates_live', ['person_id', 'content_hash'], unique=True, sqlite_where=sa.text("status = 'issued'"), postgresql_where=sa.text("status = 'issued'"))

    op.create_table('person_months',
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('verified_minutes', sa.Integer(), nullable=False),
    sa.Column('honorary_minutes', sa.Integer(), nullable=False),
    sa.Column('verified_times', sa.Integer(), nullable=False),
    sa.Column('honorary_times', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_person_months_organization_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_person_months_person_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_person_months_site_id')),
    sa.PrimaryKeyConstraint('month', 'person_id', 'organization_id', 'site_id', 'action', name=op.f('pk_person_months')),
    sqlite_with_rowid=False
    )
    op.create_table('evaluations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('activity_id', sa.Uuid(), nullable=False),
    sa.Column('evaluator_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('score', sa.SmallInteger(), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tallied_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('evaluator_id <> person_id', name=op.f('ck_evaluations_by_another')),
    sa.CheckConstraint('score BETWEEN 1 AND 5', name=op.f('ck_evaluations_score')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_evaluations_activity_id')),
    sa.ForeignKeyConstraint(['evaluator_id'], ['persons.id'], name=op.f('fk_evaluations_evaluator_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_evaluations_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluations'))
    )
    with op.batch_alter_table('evaluations', schema=None) as batch_op:
        batch_op.create_index('ix_evaluations_about', ['person_id', 'id'], unique=False)
        batch_op.create_index('ix_evaluations_untallied', ['id'], unique=False, sqlite_where=sa.text('tallied_at IS NULL AND person_id IS NOT NULL'), postgresql_where=sa.text('tallied_at IS NULL AND person_id IS NOT NULL'))
        batch_op.create_index('uq_evaluations_activity', ['activity_id', 'evaluator_id'], unique=True, sqlite_where=sa.text('person_id IS NULL'), postgresql_where=sa.text('person_id IS NULL'))
        batch_op.create_index('uq_evaluations_person', ['activity_id', 'evaluator_id', 'person_id'], unique=True, sqlite_where=sa.text('person_id IS NOT NULL'), postgresql_where=sa.text('person_id IS NOT NULL'))

    op.create_table('certificate_entries',
    sa.Column('certificate_id', sa.Uuid(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_certificate_entries_certificate_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['hours_entries.id'], name=op.f('fk_certificate_entries_entry_id')),
    sa.PrimaryKeyConstraint('certificate_id', 'entry_id', name=op.f('pk_certificate_entries'))
    )
    with op.batch_alter_table('certificate_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_entries_entry_id'), ['entry_id'], unique=False)

    with op.batch_alter_table('star_levels', schema=None) as batch_op:
        batch_op.add_column(sa.Column('verified_percent', sa.SmallInteger(), server_default='100', nullable=False))
        batch_op.add_column(sa.Column('score_tenths', sa.SmallInteger(), server_default='0', nullable=False))
        batch_op.create_check_constraint(op.f('ck_star_levels_verified_percent'), 'verified_percent BETWEEN 0 AND 100')
        batch_op.create_check_constraint(op.f('ck_star_levels_score_tenths'), 'score_tenths BETWEEN 0 AND 50')

    op.execute(SUM_UP)
    carry_stars_over()
    guard()



def downgrade() -> None:
    with op.batch_alter_table('star_levels', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_star_levels_score_tenths'), type_='check')
        batch_op.drop_constraint(op.f('ck_star_levels_verified_percent'), type_='check')
        batch_op.drop_column('score_tenths')
        batch_op.drop_column('verified_percent')

    with op.batch_alter_table('certificate_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificate_entries_entry_id'))

    op.drop_table('certificate_entries')
    with op.batch_alter_table('evaluations', schema=None) as batch_op:
        batch_op.drop_index('uq_evaluations_person', sqlite_where=sa.text('person_id IS NOT NULL'), postgresql_where=sa.text('person_id IS NOT NULL'))
        batch_op.drop_index('uq_evaluations_activity', sqlite_where=sa.text('person_id IS NULL'), postgresql_where=sa.text('person_id IS NULL'))
        batch_op.drop_index('ix_evaluations_untallied', sqlite_where=sa.text('tallied_at IS NULL AND person_id IS NOT NULL'), postgresql_where=sa.text('tallied_at IS NULL AND person_id IS NOT NULL'))
        batch_op.drop_index('ix_evaluations_about')

    op.drop_table('evaluations')
    op.drop_table('person_months')
    with op.batch_alter_table('certificates', schema=None) as batch_op:
        batch_op.drop_index('uq_certificates_live', sqlite_where=sa.text("status = 'issued'"), postgresql_where=sa.text("status = 'issued'"))
        batch_op.drop_index('ix_certificates_own')

    op.drop_table('certificates')
    with op.batch_alter_table('star_awards', schema=None) as batch_op:
        batch_op.drop_index('ix_star_awards_own')

    op.drop_table('star_awards')
    with op.batch_alter_table('monthly_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_monthly_reports_month'))

    op.drop_table('monthly_reports')
    op.drop_table('reference_counters')
