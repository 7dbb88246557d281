"""EXPLAIN as tests need it: both formats of PostgreSQL, also of one and the same run."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.types.string import TextLoader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.engine import OwnedPostgres
    from tests.plans.zoo.postgres import Query

__all__ = ["Explainer", "Pair"]

# auto_explain logs at the end of the run that EXPLAIN ANALYZE has printed: the same measurements in its own format.
_LOGGING = {
    "log_analyze": "on",
    "log_buffers": "on",
    "log_wal": "on",
    "log_verbose": "on",
    "log_settings": "on",
    "log_timing": "on",
    "log_triggers": "on",
    "log_level": "notice",
}
_DURATION = re.compile(r"duration: [\d.]+ ms  plan:\n")


@dataclass(frozen=True)
class Pair:
    """One plan in PostgreSQL's two formats."""

    json: str
    text: str


class Explainer:
    """Explains statements on a database of its own."""

    def __init__(self, engine: OwnedPostgres) -> None:
        self.connection = engine.connection
        self.connection.adapters.register_loader("json", TextLoader)
        self.logged: list[str] = []
        self.connection.add_notice_handler(lambda notice: self.logged.append(notice.message_primary or ""))
        self._execute("LOAD 'auto_explain'")
        for name, value in _LOGGING.items():
            self._execute(f"SET auto_explain.{name} = {value}")
        self._execute("SET track_io_timing = on")

    def _execute(self, sql: str) -> str:
        cursor = self.connection.execute(sql.encode())
        return "\n".join(str(row[0]) for row in cursor.fetchall()) if cursor.description else ""

    @contextlib.contextmanager
    def prepared(self, query: Query) -> Iterator[None]:
        """Set what the query wants set; all of it is undone."""
        self._execute("BEGIN")
        try:
            for setting in filter(str.strip, query.settings.split("; ")):
                self._execute(f"SET LOCAL {setting}")
            if query.before:
                self._execute(query.before)
            yield
        finally:
            self._execute("ROLLBACK")
            self._execute("DEALLOCATE ALL")

    def explain(self, sql: str, options: str, form: str = "text") -> str:
        """Return what EXPLAIN prints."""
        return self._execute(f"EXPLAIN ({', '.join(filter(None, (options, f'FORMAT {form}')))}) {sql}")

    def planned(self, sql: str, options: str = "") -> Pair:
        """Return both formats of a plan that is not run."""
        return Pair(self.explain(sql, options, "json"), self.explain(sql, options))

    def run(self, sql: str) -> Pair:
        """Return both formats of one run: EXPLAIN's answer, and what auto_explain logged of the same execution."""
        self.logged.clear()
        self._execute("SET LOCAL auto_explain.log_min_duration = 0")
        answer = self.explain(sql, "ANALYZE, VERBOSE, BUFFERS, WAL, SETTINGS, SUMMARY OFF", "json")
        self._execute("SET LOCAL auto_explain.log_min_duration = -1")
        duration = _DURATION.match(self.logged[-1])
        assert duration
        return Pair(duration[0] + answer, self.logged[-1])

    def nested(self, sql: str, form: str) -> list[str]:
        """Return what auto_explain logs, without running anything for show, of statements within functions."""
        self.logged.clear()
        self._execute(f"SET LOCAL auto_explain.log_format = {form}")
        self._execute("SET LOCAL auto_explain.log_analyze = off")
        self._execute("SET LOCAL auto_explain.log_nested_statements = on")
        self._execute("SET LOCAL auto_explain.log_min_duration = 0")
        self._execute(sql)
        return [each for each in self.logged if "plan:" in each]
