"""imports of the selection: earlier honours and collected nominations"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = "0024"

OF_AN_ORGANIZATION = "kind NOT IN ('volunteers', 'hours') OR organization_id IS NOT NULL"
BY_ANOTHER = "kind = 'volunteers' OR confirmed_by <> uploaded_by"
BY_ANOTHER_BEFORE = "kind <> 'hours' OR confirmed_by <> uploaded_by"
SELECTED_OR_ARCHIVED = (
    "(nomination_id IS NULL) = (archive_entry_id IS NOT NULL)"
    " AND (nomination_id IS NULL) = (campaign_id IS NULL)"
)
SITE_OF_THE_ORGANIZATION = (
    "UPDATE imports SET site_id ="
    " (SELECT site_id FROM organizations WHERE organizations.id = imports.organization_id)"
)


def upgrade() -> None:
    with op.batch_alter_table('imports') as batch_op:
        batch_op.add_column(sa.Column('site_id', sa.Uuid(), nullable=True))
        batch_op.alter_column('organization_id', existing_type=sa.Uuid(), nullable=True)
        batch_op.drop_constraint(op.f('ck_imports_confirmed_by_another'), type_='check')
    op.execute(SITE_OF_THE_ORGANIZATION)
    with op.batch_alter_table('imports') as batch_op:
        batch_op.alter_column('site_id', existing_type=sa.Uuid(), nullable=False)
        batch_op.create_foreign_key(op.f('fk_imports_site_id'), 'sites', ['site_id'], ['id'])
        batch_op.create_check_constraint(op.f('ck_imports_of_an_organization'), OF_AN_ORGANIZATION)
        batch_op.create_check_constraint(op.f('ck_imports_confirmed_by_another'), BY_ANOTHER)
        batch_op.create_index('ix_imports_site', ['site_id', 'id'], unique=False)

    op.create_table('archive_entries',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('record_key', sa.Uuid(), nullable=False),
    sa.Column('nominee_name', sa.String(length=40), nullable=False),
    sa.Column('nominee_kind', sa.String(length=32), nullable=False),
    sa.Column('nominee_id_number_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('nominee_id_number_index', sa.LargeBinary(), nullable=True),
    sa.Column('summary', sa.String(length=140), nullable=False),
    sa.Column('is_posthumous', sa.Boolean(), nullable=False),
    sa.Column('is_withheld', sa.Boolean(), nullable=False),
    sa.CheckConstraint('(nominee_id_number_cipher IS NULL) = (nominee_id_number_index IS NULL)', name=op.f('ck_archive_entries_id_number_with_index')),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_archive_entries_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_archive_entries')),
    sa.UniqueConstraint('record_key', name=op.f('uq_archive_entries_record_key'))
    )
    with op.batch_alter_table('archive_entries') as batch_op:
        batch_op.create_index(batch_op.f('ix_archive_entries_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_archive_entries_nominee_id_number_index'), ['nominee_id_number_index'], unique=False)

    op.create_table('campaign_imports',
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_imports_campaign_id')),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_campaign_imports_import_id')),
    sa.PrimaryKeyConstraint('import_id', name=op.f('pk_campaign_imports'))
    )
    with op.batch_alter_table('campaign_imports') as batch_op:
        batch_op.create_index(batch_op.f('ix_campaign_imports_campaign_id'), ['campaign_id'], unique=False)

    op.create_table('imported_nominations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('record_key', sa.Uuid(), nullable=False),
    sa.Column('paper_nominator_cipher', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_imported_nominations_import_id')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_imported_nominations_nomination_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_nominations')),
    sa.UniqueConstraint('nomination_id', name=op.f('uq_imported_nominations_nomination_id')),
    sa.UniqueConstraint('record_key', name=op.f('uq_imported_nominations_record_key'))
    )
    with op.batch_alter_table('imported_nominations') as batch_op:
        batch_op.create_index(batch_op.f('ix_imported_nominations_import_id'), ['import_id'], unique=False)

    with op.batch_alter_table('honors') as batch_op:
        batch_op.add_column(sa.Column('archive_entry_id', sa.Uuid(), nullable=True))
        batch_op.alter_column('nomination_id', existing_type=sa.Uuid(), nullable=True)
        batch_op.alter_column('campaign_id', existing_type=sa.Uuid(), nullable=True)
        batch_op.create_foreign_key(op.f('fk_honors_archive_entry_id'), 'archive_entries', ['archive_entry_id'], ['id'])
        batch_op.create_unique_constraint(op.f('uq_honors_archive_entry_id'), ['archive_entry_id'])
        batch_op.create_check_constraint(op.f('ck_honors_selected_or_archived'), SELECTED_OR_ARCHIVED)
        batch_op.drop_index('ix_honors_roll')
        batch_op.create_index('ix_honors_roll', ['status', 'granted_on', 'id'], unique=False)


def downgrade() -> None:
    """Raises where something was imported: the older tables cannot say it."""
    with op.batch_alter_table('honors') as batch_op:
        batch_op.drop_index('ix_honors_roll')
        batch_op.create_index('ix_honors_roll', ['status', 'year', 'id'], unique=False)
        batch_op.drop_constraint(op.f('ck_honors_selected_or_archived'), type_='check')
        batch_op.drop_constraint(op.f('uq_honors_archive_entry_id'), type_='unique')
        batch_op.drop_constraint(op.f('fk_honors_archive_entry_id'), type_='foreignkey')
        batch_op.drop_column('archive_entry_id')
        batch_op.alter_column('campaign_id', existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column('nomination_id', existing_type=sa.Uuid(), nullable=False)
    op.drop_table('imported_nominations')
    op.drop_table('campaign_imports')
    op.drop_table('archive_entries')
    with op.batch_alter_table('imports') as batch_op:
        batch_op.drop_index('ix_imports_site')
        batch_op.drop_constraint(op.f('ck_imports_confirmed_by_another'), type_='check')
        batch_op.drop_constraint(op.f('ck_imports_of_an_organization'), type_='check')
        batch_op.drop_constraint(op.f('fk_imports_site_id'), type_='foreignkey')
        batch_op.drop_column('site_id')
        batch_op.alter_column('organization_id', existing_type=sa.Uuid(), nullable=False)
    with op.batch_alter_table('imports') as batch_op:
        batch_op.create_check_constraint(op.f('ck_imports_confirmed_by_another'), BY_ANOTHER_BEFORE)
