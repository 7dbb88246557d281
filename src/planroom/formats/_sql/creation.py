"""What CREATE says before the kind of object, and whether the name is free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.formats._sql.drafts import LeftAlone, Problem

if TYPE_CHECKING:
    from planroom.formats._sql.drafts import Catalog

__all__ = ["Create", "make_room"]


@dataclass(frozen=True)
class Create:
    """What stands between CREATE and the kind of object."""

    replaces: bool
    words: frozenset[str]


def make_room(catalog: Catalog, place: tuple[str, str], what: Create, *, if_not_exists: bool) -> None:
    """Return when the name is free.

    Raises:
        LeftAlone: IF NOT EXISTS, and it does.
        Problem: It is taken.
    """
    if place not in catalog.tables and place not in catalog.views:
        return
    if if_not_exists:
        raise LeftAlone("session", f"{place[1]} is there already (IF NOT EXISTS)")
    if not what.replaces:
        raise Problem(f"a table or view called {place[1]!r} exists already")
    catalog.tables.pop(place, None)
    catalog.views.pop(place, None)
