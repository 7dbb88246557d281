"""Comments that say what a column refers to."""

from __future__ import annotations

import re

__all__ = ["mentioned"]

_LONGEST = 2_000  # characters of a comment that are looked at
_SAYS_SO = re.compile(
    r"\b(?:references|refers\s{1,3}to|points\s{1,3}(?:to|at)|foreign\s{1,3}key\s{1,3}(?:to|of|on|into|for|references)"
    r"|fk\s{0,3}(?:to|of|on|->|=>|:)?|(?:id|key)\s{1,3}(?:of|in)\s{1,3}(?:the|a|an)?)[\s:\"'`\[(]{1,4}"
    r"(?:(?:the|a|an|table)\s{1,3})?[\"'`\[]?(?P<first>\w{1,63})(?:[\"'`\]]?\.[\"'`\[]?(?P<second>\w{1,63}))?"
    r"(?:[\"'`\]]?\.[\"'`\[]?(?P<third>\w{1,63}))?",
    re.IGNORECASE,
)
_KEYS = frozenset({"id", "uuid", "key", "code"})


def mentioned(comment: str) -> str:
    """Return the name of the table that a comment says the column refers to; empty when it says none.

    Example:
        >>> mentioned("Who pays; references billing.customers(id)."), mentioned("FK to orders.id"), mentioned("A date.")
        ('customers', 'orders', '')
    """
    found = _SAYS_SO.search(comment[:_LONGEST])
    if found is None:
        return ""
    parts = [part for part in found.group("first", "second", "third") if part]
    if len(parts) > 2 or (len(parts) == 2 and parts[1].lower() not in _KEYS and not parts[1].lower().endswith("_id")):
        return parts[1]
    return parts[0]
