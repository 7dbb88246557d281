"""squawk's word on one statement: its rules about locks, and not those of style, naming, timeouts and compatibility."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

__all__ = ["LOCK_RULES", "Squawk"]

LOCK_RULES = frozenset(
    """adding-field-with-default adding-foreign-key-constraint adding-not-nullable-field adding-serial-primary-key-field
    changing-column-type constraint-missing-not-valid disallowed-unique-constraint require-concurrent-index-creation
    require-concurrent-index-deletion require-concurrent-partition-detach require-concurrent-reindex
    require-concurrent-refresh-materialized-view prefer-repack adding-primary-key-constraint
    adding-exclusion-constraint""".split()
)
"""The rules that claim a long lock."""


@dataclass(frozen=True)
class Squawk:
    """The program, and a folder for what it reads."""

    program: str
    folder: Path

    def flags(self, sql: str, before: tuple[str, ...] = ()) -> bool:
        """Whether a rule about locks flags a statement.

        Args:
            sql: The statement.
            before: What its transaction has said so far; nothing where it has one of its own.
        """
        head = "".join(f"{each};\n" for each in (*(("BEGIN",) if before else ()), *before))
        path = self.folder / "one.sql"
        path.write_text(f"{head}{sql};\n", encoding="utf-8")
        command = [self.program, "--reporter", "json", "--pg-version", "18", str(path)]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        start = head.count("\n")
        return any(
            each["line"] >= start and each["rule_name"] in LOCK_RULES for each in json.loads(done.stdout or "[]")
        )
