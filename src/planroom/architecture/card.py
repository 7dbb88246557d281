"""A system at a glance."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planroom.display import card, details, html_table, text_table

if TYPE_CHECKING:
    from planroom.architecture.system import System

__all__ = ["headline", "html_card", "text_card"]

_HEADER = ("container", "kind", "technology", "owner", "owns")


def headline(system: System) -> str:
    """Return what a system holds, in a line."""
    flows = len(system.flows)
    personal = sum(bool(flow.pii) for flow in system.flows)
    counts = (
        (sum(each.is_container for each in system.elements.values()), "container"),
        (len(system.people), "kind of people" if len(system.people) == 1 else "kinds of people"),
        (len(system.systems), "other system"),
        (flows, "relation"),
    )
    parts = [f"{count} {word if count == 1 or ' of ' in word else word + 's'}" for count, word in counts if count]
    parts += [f"{personal} with personal data"] if personal else []
    return f"{system.name}: " + (" · ".join(parts) or "nothing yet")


def _rows(system: System) -> list[tuple[str, ...]]:
    owned = system.ownership.owned
    found: list[tuple[str, ...]] = []
    for each in system.elements.values():
        if each.is_container:
            tables = len({table for part in (each, *system.children(each)) for table in owned.get(part.id, ())})
            owns = ", ".join(each.owns) + (f" ({tables} table{'s' * (tables != 1)})" if tables else "")
            found.append((each.key, each.kind.value, each.technology, each.owner, owns))
    return found


def text_card(system: System) -> str:
    """Return the card as text."""
    return f"{headline(system)}\n{text_table(_HEADER, _rows(system))}"


def html_card(system: System) -> str:
    """Return the card as HTML."""
    others = Counter(each.kind.value for each in system.elements.values() if not each.is_container)
    people = [(each.name, each.kind.value, each.description) for each in system.elements.values()
              if not each.is_container and each.id != system.own.id]  # fmt: skip
    around = details(f"{sum(others.values()) - 1} around and within", html_table(("name", "kind", ""), people))
    return card(headline(system), html_table(_HEADER, _rows(system)), around if people else "")
