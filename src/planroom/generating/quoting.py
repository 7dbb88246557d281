"""Constants and names in DuckDB's SQL, and its values as PostgreSQL reads them."""

from __future__ import annotations

__all__ = ["input_text", "literal", "name", "strings"]


def literal(text: str) -> str:
    """Return a string constant."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """Return an identifier, always quoted."""
    return '"' + text.replace('"', '""') + '"'


def strings(texts: tuple[str, ...] | list[str]) -> str:
    """Return a list of string constants."""
    return f"[{', '.join(map(literal, texts))}]"


def input_text(family: str, sql: str) -> str:
    """Return SQL for a value as PostgreSQL's input function reads it.

    Args:
        family: The family of its type; see `planroom.generating.kinds.Kind`.
        sql: SQL for the value.
    """
    if family == "array":
        element = r"""'"' || replace(replace(CAST(e AS VARCHAR), '\', '\\'), '"', '\"') || '"'"""
        return f"'{{' || array_to_string(list_transform({sql}, lambda e: coalesce({element}, 'NULL')), ',') || '}}'"
    return f"'\\x' || hex({sql})" if family == "bytes" else f"CAST({sql} AS VARCHAR)"
