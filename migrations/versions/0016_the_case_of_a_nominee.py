"""the case of a nominee: consent, death, and texts that a moderator reads"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = "0015"

UNCLEARED = sa.text("text_cleared_at IS NULL AND text_verdict IN ('review', 'unchecked')")
GIVEN = sa.text("status = 'given'")
ASKED = sa.text("status = 'asked'")
CHECKS = {
    'posthumous_with_day': 'NOT is_posthumous OR deceased_on IS NOT NULL',
    'id_number_with_index': '(nominee_id_number_cipher IS NULL) = (nominee_id_number_index IS NULL)',
}


def upgrade() -> None:
    op.create_table('nominee_consents',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=True),
    sa.Column('paper_reference', sa.String(length=60), nullable=True),
    sa.Column('signer_name', sa.String(length=40), nullable=True),
    sa.Column('signer_relation', sa.String(length=20), nullable=True),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status <> 'asked' OR answered_at IS NULL) AND (status IN ('asked', 'lapsed') OR answered_at IS NOT NULL)", name=op.f('ck_nominee_consents_answered_with_instant')),
    sa.CheckConstraint("kind = 'nominee' OR status NOT IN ('given', 'withdrawn') OR signer_name IS NOT NULL", name=op.f('ck_nominee_consents_signed_for_another')),
    sa.CheckConstraint('(token_hash IS NULL) = (paper_reference IS NOT NULL) AND (token_hash IS NULL) = (expires_at IS NULL)', name=op.f('ck_nominee_consents_link_or_paper')),
    sa.ForeignKeyConstraint(['asked_by'], ['persons.id'], name=op.f('fk_nominee_consents_asked_by')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_nominee_consents_nomination_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nominee_consents')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_nominee_consents_token_hash'))
    )
    with op.batch_alter_table('nominee_consents') as batch_op:
        batch_op.create_index(batch_op.f('ix_nominee_consents_nomination_id'), ['nomination_id'], unique=False)
        batch_op.create_index('uq_nominee_consents_in_force', ['nomination_id'], unique=True, sqlite_where=GIVEN, postgresql_where=GIVEN)
        batch_op.create_index('uq_nominee_consents_open', ['nomination_id'], unique=True, sqlite_where=ASKED, postgresql_where=ASKED)

    with op.batch_alter_table('nominations') as batch_op:
        batch_op.add_column(sa.Column('text_cleared_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_nominations_text_queue', ['submitted_at', 'id'], unique=False, sqlite_where=UNCLEARED, postgresql_where=UNCLEARED)
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_nominations_{name}'), condition)



def downgrade() -> None:
    with op.batch_alter_table('nominations') as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f'ck_nominations_{name}'), type_='check')
        batch_op.drop_index('ix_nominations_text_queue', sqlite_where=UNCLEARED, postgresql_where=UNCLEARED)
        batch_op.drop_column('text_cleared_at')

    with op.batch_alter_table('nominee_consents') as batch_op:
        batch_op.drop_index('uq_nominee_consents_open', sqlite_where=ASKED, postgresql_where=ASKED)
        batch_op.drop_index('uq_nominee_consents_in_force', sqlite_where=GIVEN, postgresql_where=GIVEN)
        batch_op.drop_index(batch_op.f('ix_nominee_consents_nomination_id'))

    op.drop_table('nominee_consents')
