"""The names that Prisma's migrations give to what nobody named.

Source: Prisma's documentation, "Configuring the name of constraints and indexes".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.ddl.naming import truncated

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["constraint_name"]

_LIMITS = {"mysql": 64, "sqlserver": 128}
_LONGEST = 63


def constraint_name(provider: str, table: str, columns: Iterable[str], suffix: str) -> str:
    """Return the table's name, those of the columns, and what it is; the suffix is never cut.

    Example:
        >>> constraint_name("postgresql", "User", ["email"], "key")
        'User_email_key'
    """
    limit = _LIMITS.get(provider, _LONGEST)
    return truncated("_".join([table, *columns]), limit - len(suffix) - 1) + f"_{suffix}"
