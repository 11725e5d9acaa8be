"""Practice: attempts at questions, what was answered, reports and contested verdicts.

In: the first schema. Out: one table of attempts and one per sort of their events.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_question"), "attempts", ["question"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        op.f("ix_attempts_one_open"),
        "attempts",
        ["question", "mode", "origin"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "attempt_drafts",
        *_event_key("attempt_drafts", "part", "version"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
    )
    op.create_table(
        "attempt_parts",
        *_event_key("attempt_parts", "part"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
    )
    op.create_table(
        "attempt_reports",
        *_event_key("attempt_reports", "number"),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("grader", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id", "part"],
            ["attempt_parts.attempt_id", "attempt_parts.part"],
            name=op.f("fk_attempt_reports_attempt_parts"),
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "contests",
        *_event_key("contests", "number"),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("point", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id", "report"],
            ["attempt_reports.attempt_id", "attempt_reports.number"],
            name=op.f("fk_contests_attempt_reports"),
            ondelete="CASCADE",
        ),
    )


def _event_key(table: str, *names: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Give the columns and keys that all events of an attempt have."""
    own = {"part": sa.String(length=32)}
    return (
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        *(
            sa.Column(name, own.get(name, sa.Integer()), autoincrement=False, nullable=False)
            for name in names
        ),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f(f"fk_{table}_attempts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attempt_id", *names, name=op.f(f"pk_{table}")),
    )
