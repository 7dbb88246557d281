"""What a block of code does cannot be told from its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["CodeNotJudged"]


class CodeNotJudged(MigrationRule):
    """What a block of code does cannot be told from its text.

    DO and CALL run code that may change tables and lock them. The statements that stand in a block are judged as those
    that it may run; of a text that it executes, and of a procedure, nothing is known here, nor does a later statement
    know of it.
    """

    code = "MIG031"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    statements = frozenset({"DoStmt", "CallStmt"})
    fix = "Write the statements out, or rehearse the migration on a copy."
    source = "https://www.postgresql.org/docs/current/sql-do.html"
    before = "CREATE TABLE t (id int PRIMARY KEY)"
    bad = ("DO $$ BEGIN EXECUTE 'ALTER TABLE t ADD COLUMN c int'; END $$",)
    good = (
        "ALTER TABLE t ADD COLUMN c int",
        (
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'mood') THEN "
            "CREATE TYPE mood AS ENUM ('sad', 'ok'); END IF; END $$"
        ),
        (
            "DO $$ BEGIN ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        ),
    )
    unproven = "it says that nothing is known, which no experiment can show"

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for each block that does more than run statements that stand in it."""
        if step.statement.kind == "DoStmt":
            from planroom.sqltext import block_of  # few scripts run code

            if block_of(step.statement).whole:
                return
        yield self.finding("what this code does is not judged", location=place(step))
