"""breaks declared in a shift"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0023'


def upgrade() -> None:
    op.add_column(
        'shifts',
        sa.Column('break_minutes', sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column('shifts', 'break_minutes')
