"""Constants and names in DuckDB's SQL."""

from __future__ import annotations

__all__ = ["literal", "name", "strings"]


def literal(text: str) -> str:
    """Return a string constant."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """Return an identifier, always quoted."""
    return '"' + text.replace('"', '""') + '"'


def strings(texts: tuple[str, ...] | list[str]) -> str:
    """Return a list of string constants."""
    return f"[{', '.join(map(literal, texts))}]"
