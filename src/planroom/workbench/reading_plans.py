"""A plan from a file, an open file, or the text itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import SourceError
from planroom.workbench.files import read_text, text_of

if TYPE_CHECKING:
    from planroom.plans import Plan

__all__ = ["plan"]


def plan(source: Any) -> Plan:
    """Return the query plan that a file or a text holds: what EXPLAIN printed, in PostgreSQL or DuckDB.

    Args:
        source: A path, an open file, or the text: JSON or PostgreSQL's text format, with or without what a client put
            around it.

    Raises:
        SourceError: There is no such file, or it is no text.
        SyntaxProblem: It holds no plan; the message says what it holds instead.

    Example:
        >>> print(plan('{"Plan": {"Node Type": "Seq Scan", "Relation Name": "planets", "Plan Rows": 8}}'))
        1 node · 8 rows expected
        #  share  rows given on  rows  node
        1  100 %         8 rows     8  Seq Scan on planets
    """
    from planroom.plans import plan_of

    text, name = _read(source)
    return plan_of(text, source=name)


def _read(source: Any) -> tuple[str, str]:
    """Return a source's text and what it is called."""
    if hasattr(source, "read"):
        return _content(source)
    if isinstance(source, bytes):
        return text_of(Path("<bytes>"), source), ""
    if not isinstance(source, str | os.PathLike):
        raise SourceError(
            f"A plan cannot be read from {type(source).__name__}.",
            why="it is neither a path, an open file nor text.",
            fix="give what EXPLAIN printed, or the file that holds it.",
        )
    if isinstance(source, str) and _is_text(source):
        return source, ""
    path = Path(source)
    if path.is_dir():
        fix = "name the file that holds what EXPLAIN printed."
        raise SourceError(f"{str(path)!r} is a folder.", why="a plan is one file.", fix=fix)
    return read_text(path), str(path)


def _content(stream: Any) -> tuple[str, str]:
    name = str(getattr(stream, "name", "") or "")
    try:
        content = stream.read()
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{name or 'The open file'!r} is not {error.encoding.upper()}.",
            why=f"the byte 0x{error.object[error.start]:02x} does not belong there.",
            fix="open it in its own encoding, or give its path.",
        ) from None
    except (OSError, ValueError) as error:
        raise SourceError(f"{name or 'The open file'!r} cannot be read.", why=f"{error}.") from None
    return (text_of(Path(name or "<bytes>"), content), name) if isinstance(content, bytes) else (str(content), name)


def _is_text(source: str) -> bool:
    """Whether a string is a plan itself: no path has lines, and none begins as a plan does."""
    begins = source.lstrip("\ufeff \t\r\n")
    return not begins or "\n" in source or begins[0] in "[{" or "(cost=" in source or "(actual " in source
