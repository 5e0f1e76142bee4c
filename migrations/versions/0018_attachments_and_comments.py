"""files of cases, comments on candidates"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = "0019"


def upgrade() -> None:
    op.create_table('attachments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('about_type', sa.String(length=32), nullable=False),
    sa.Column('about_id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('slot', sa.SmallInteger(), nullable=True),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.Column('storage_key', sa.String(length=80), nullable=True),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('uploaded_by', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refusal_reason', sa.String(length=200), nullable=True),
    sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL) AND (status NOT IN ('cleared', 'refused') OR decided_at IS NOT NULL)", name=op.f('ck_attachments_decided_by_somebody')),
    sa.CheckConstraint("(status = 'refused') = (refusal_reason IS NOT NULL)", name=op.f('ck_attachments_refused_with_reason')),
    sa.CheckConstraint("(status IN ('hidden', 'cleared')) = (slot IS NOT NULL)", name=op.f('ck_attachments_kept_in_a_slot')),
    sa.CheckConstraint('(width IS NULL) = (height IS NULL)', name=op.f('ck_attachments_picture_measured')),
    sa.CheckConstraint('slot IS NULL OR storage_key IS NOT NULL', name=op.f('ck_attachments_kept_with_bytes')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_attachments_decided_by')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_attachments_nomination_id')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['persons.id'], name=op.f('fk_attachments_uploaded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments')),
    sa.UniqueConstraint('about_type', 'about_id', 'kind', 'slot', name=op.f('uq_attachments_about_type_about_id_kind_slot')),
    sa.UniqueConstraint('storage_key', name=op.f('uq_attachments_storage_key'))
    )
    with op.batch_alter_table('attachments') as batch_op:
        batch_op.create_index(batch_op.f('ix_attachments_nomination_id'), ['nomination_id'], unique=False)
        batch_op.create_index('ix_attachments_to_moderate', ['status', 'id'], unique=False)
        batch_op.create_index('ix_attachments_to_purge', ['status'], unique=False, sqlite_where=sa.text('storage_key IS NOT NULL AND slot IS NULL'), postgresql_where=sa.text('storage_key IS NOT NULL AND slot IS NULL'))
        batch_op.create_index('uq_attachments_same_file', ['about_type', 'about_id', 'kind', 'sha256'], unique=True, sqlite_where=sa.text('slot IS NOT NULL'), postgresql_where=sa.text('slot IS NOT NULL'))

    op.create_table('comments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('text_verdict', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_reason', sa.String(length=200), nullable=True),
    sa.CheckConstraint("status <> 'hidden' OR (hidden_reason IS NOT NULL AND decided_at IS NOT NULL)", name=op.f('ck_comments_hidden_with_reason')),
    sa.CheckConstraint('(decided_by IS NULL) = (decided_at IS NULL)', name=op.f('ck_comments_decided_by_somebody')),
    sa.ForeignKeyConstraint(['author_id'], ['persons.id'], name=op.f('fk_comments_author_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_comments_decided_by')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_comments_nomination_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comments'))
    )
    with op.batch_alter_table('comments') as batch_op:
        batch_op.create_index('ix_comments_of_author', ['author_id', 'created_at'], unique=False)
        batch_op.create_index('ix_comments_of_nomination', ['nomination_id', 'status', 'id'], unique=False)
        batch_op.create_index('ix_comments_to_moderate', ['status', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('comments') as batch_op:
        batch_op.drop_index('ix_comments_to_moderate')
        batch_op.drop_index('ix_comments_of_nomination')
        batch_op.drop_index('ix_comments_of_author')

    op.drop_table('comments')
    with op.batch_alter_table('attachments') as batch_op:
        batch_op.drop_index('uq_attachments_same_file', sqlite_where=sa.text('slot IS NOT NULL'), postgresql_where=sa.text('slot IS NOT NULL'))
        batch_op.drop_index('ix_attachments_to_purge', sqlite_where=sa.text('storage_key IS NOT NULL AND slot IS NULL'), postgresql_where=sa.text('storage_key IS NOT NULL AND slot IS NULL'))
        batch_op.drop_index('ix_attachments_to_moderate')
        batch_op.drop_index(batch_op.f('ix_attachments_nomination_id'))

    op.drop_table('attachments')
