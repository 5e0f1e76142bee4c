"""one candidate a person and campaign"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

IS_CANDIDATE = sa.text(
    "status IN ('candidate', 'proposed', 'on_notice', 'suspended', 'approved', 'honored')"
)


def upgrade() -> None:
    op.create_index(
        "uq_nominations_candidate",
        "nominations",
        ["campaign_id", "nominee_id_number_index"],
        unique=True,
        sqlite_where=IS_CANDIDATE,
        postgresql_where=IS_CANDIDATE,
    )


def downgrade() -> None:
    op.drop_index("uq_nominations_candidate", table_name="nominations")
