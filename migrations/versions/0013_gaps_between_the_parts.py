"""incidents; sign-ups that end when their shift begins; ratings that count towards stars
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

UNDECIDED = sa.text("status IN ('pending', 'waitlisted')")
UNTALLIED = sa.text("tallied_at IS NULL")
APPEND_ONLY = ("incidents", "incident_people")


def upgrade() -> None:
    with op.batch_alter_table("signups") as batch_op:
        batch_op.drop_constraint(op.f("ck_signups_offered"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_signups_offered"), "status <> 'offered' OR offer_expires_at IS NOT NULL"
        )
        batch_op.create_index(
            "ix_signups_undecided",
            ["shift_id"],
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        )
    with op.batch_alter_table("service_ratings") as batch_op:
        batch_op.add_column(sa.Column("tallied_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_service_ratings_untallied",
            ["request_id"],
            sqlite_where=UNTALLIED,
            postgresql_where=UNTALLIED,
        )
    op.create_index(
        op.f("ix_service_requests_activity_id"), "service_requests", ["activity_id"]
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_incidents_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["persons.id"], name=op.f("fk_incidents_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index("ix_incidents_activity", "incidents", ["activity_id", "id"])
    op.create_table(
        "incident_people",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_people_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_incident_people_person_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", "person_id", name=op.f("pk_incident_people")),
    )
    op.create_index(op.f("ix_incident_people_person_id"), "incident_people", ["person_id"])
    for table in APPEND_ONLY:
        _refuse_change(table)


def _refuse_change(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("incident_people")
    op.drop_table("incidents")
    op.drop_index(op.f("ix_service_requests_activity_id"), "service_requests")
    with op.batch_alter_table("service_ratings") as batch_op:
        batch_op.drop_index("ix_service_ratings_untallied")
        batch_op.drop_column("tallied_at")
    with op.batch_alter_table("signups") as batch_op:
        batch_op.drop_index("ix_signups_undecided")
        batch_op.drop_constraint(op.f("ck_signups_offered"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_signups_offered"),
            "status NOT IN ('offered', 'expired') OR offer_expires_at IS NOT NULL",
        )
