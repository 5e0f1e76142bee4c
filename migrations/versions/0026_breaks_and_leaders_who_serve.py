"""breaks declared in a shift; leaders who serve"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = "0025"


def upgrade() -> None:
    op.add_column(
        'shifts',
        sa.Column('break_minutes', sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.add_column(
        'attendances',
        sa.Column('is_own_word', sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column('attendances', 'is_own_word')
    op.drop_column('shifts', 'break_minutes')
