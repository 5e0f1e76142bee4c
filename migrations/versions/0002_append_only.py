"""what is written for ever

Ledgers and logs refuse UPDATE and DELETE in the database itself. Batch mode on SQLite rebuilds
a table and silently drops its triggers, so a migration that alters one of these tables must make
them again; a test looks.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = ("audit_entries", "consents", "hours_entries", "ballots", "sealed_ballots")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23001'; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_refuse_{verb}")
        return
    for table in TABLES:
        op.execute(f"DROP TRIGGER {table}_refuse_change ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
