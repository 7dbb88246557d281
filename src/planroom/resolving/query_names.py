"""Names that stand where a column could and are none.

Source: PostgreSQL manual, "System Columns", "System Information Functions", "SQL Key Words".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.sqltext import Node

__all__ = ["KEYWORDS", "SYSTEM_COLUMNS", "is_keyword"]

SYSTEM_COLUMNS = frozenset({"ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"})
"""What every table of PostgreSQL has beside its own columns."""

_OF_OTHERS = frozenset({"oid", "rowid", "_rowid_", "rownum", "level"})
KEYWORDS = frozenset(
    {"user", "current_user", "session_user", "system_user", "current_role", "current_catalog", "current_schema"}
    | {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "sysdate", "systimestamp"}
    | {"default", "true", "false", "null", "unknown", "nextval", "currval"}
)


def is_keyword(node: Node, dialect: str) -> bool:
    """Whether a name is a keyword that has a value of its own, or a system column of a dialect but PostgreSQL."""
    if dialect != "postgres" and node.text in _OF_OTHERS | SYSTEM_COLUMNS:
        return True
    return not node.qualifier and "quoted" not in node.marks and node.text in KEYWORDS
