"""When two ways to write an option mean the same."""

from __future__ import annotations

import re

__all__ = ["same_option"]

_OTHER = re.compile(r"[^a-z0-9]+")
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")


def same_option(one: str, other: str) -> bool:
    """Whether two texts name one option: the same words, where one may say more than the other.

    Example:
        >>> same_option("MADR 4.0.0", "[MADR] 4.0.0 – the Markdown records"), same_option("x", "y")
        (True, False)
    """
    first, second = (_OTHER.sub(" ", _LINK.sub(r"\1", text).lower()).strip() for text in (one, other))
    return bool(first and second) and (f"{second} ".startswith(f"{first} ") or f"{first} ".startswith(f"{second} "))
