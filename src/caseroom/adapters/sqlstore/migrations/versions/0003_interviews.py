"""Interviews: what was set up, what happened, what was typed, handed in and opened.

In: the schema with practice. Out: one table of interviews and one per sort of what belongs to them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "interviews",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("setup", sa.JSON(), nullable=False),
        sa.Column("begun", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
    )
    op.create_table(
        "interview_events",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("turn", sa.String(length=32), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("graded", sa.JSON(), nullable=False),
        *_shared("interview_events", "number"),
    )
    op.create_table(
        "interview_drafts",
        sa.Column("turn", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        *_shared("interview_drafts", "turn", "version"),
    )
    op.create_table(
        "interview_answers",
        sa.Column("turn", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_shared("interview_answers", "turn"),
    )
    op.create_table(
        "interview_cases",
        sa.Column("turn", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        *_shared("interview_cases", "turn"),
    )
    op.create_index(op.f("ix_interview_cases_case_id"), "interview_cases", ["case_id"])


def _shared(table: str, *key: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Give the columns and keys that everything of an interview has."""
    return (
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interviews.id"],
            name=op.f(f"fk_{table}_interviews"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("interview_id", *key, name=op.f(f"pk_{table}")),
    )
