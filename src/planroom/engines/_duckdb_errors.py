"""DuckDB's error messages as planroom's errors, with their place in the user's text."""

from __future__ import annotations

import re

from planroom.errors import StatementFailedError

__all__ = ["failure"]

_CARET = re.compile(r"\n+LINE (?P<line>\d+): (?P<text>[^\n]*)\n(?P<caret> *)\^", re.DOTALL)


def failure(message: str, sql: str, offset: int, inserted_lines: int = 0) -> StatementFailedError:
    """Return planroom's error in DuckDB's words, with the place that its caret points to."""
    found = _CARET.search(message)
    first, _, rest = (message[: found.start()] if found else message).partition("\n")
    why = " ".join(rest.split())
    fix = re.search(r"(Did you mean:? .*|Candidate bindings: .*)", why)
    return StatementFailedError(
        first.strip(),
        where=_place(found, sql, offset, inserted_lines) if found else "",
        why=why.replace(fix[0], "").strip() if fix else why,
        fix=fix[0] if fix else "",
    )


def _place(found: re.Match[str], sql: str, offset: int, inserted_lines: int = 0) -> str:
    """Return ``sql:line:column`` in the whole text for a place in the statement that begins at ``offset``.

    DuckDB shows a piece of a long line between two ``...``: that piece is searched in the line.
    """
    column = len(found["caret"]) - len(f"LINE {found['line']}: ")
    line = max(int(found["line"]) - inserted_lines, 1)
    shown = found["text"]
    lines = sql[offset:].splitlines() or [""]
    if shown.startswith("..."):
        start = lines[min(line, len(lines)) - 1].find(shown.removeprefix("...").removesuffix("..."))
        column += max(start, 0) - len("...")
    before = sql[:offset]
    if line == 1:
        column += offset - (before.rfind("\n") + 1)
    return f"sql:{before.count(chr(10)) + line}:{column + 1}"
