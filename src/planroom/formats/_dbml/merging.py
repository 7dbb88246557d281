"""Tables with what their partials bring.

What stands in the table itself wins; of two partials, the one that is injected later. A partial's columns stand where
it is injected; its indexes and checks join those of the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planroom.formats._dbml.settings import string_of
from planroom.formats._dbml.syntax import ColumnEntry, Injection, Setting

if TYPE_CHECKING:
    from planroom.formats._dbml.syntax import CheckEntry, IndexEntry, TableElement
    from planroom.formats._text.sources import Notebook, Source

__all__ = ["Merged", "Partials", "merged"]

Partials = dict[str, tuple["Source", "TableElement"]]
"""TablePartials, and the texts they stand in, by name."""


class Merged(NamedTuple):
    """A table with all its parts, each with the text that it stands in.

    Attributes:
        inherited: The names of the indexes that came with a partial: two tables may have them.
    """

    settings: tuple[Setting, ...]
    columns: list[tuple[Source, ColumnEntry]]
    indexes: list[tuple[Source, IndexEntry]]
    checks: list[tuple[Source, CheckEntry]]
    note: str
    inherited: frozenset[str]


def merged(source: Source, table: TableElement, partials: Partials, notebook: Notebook) -> Merged:
    """Return a table with what its partials bring; a partial that is not there, or is there twice, is noted."""
    injected = _injected(source, table, partials, notebook)
    columns = _columns(source, table, injected)
    parts = list(injected.values())
    all_parts = [(source, table), *parts]
    settings = {each.name: each for _, partial in parts for each in partial.settings}
    settings |= {each.name: each for each in table.settings}
    return Merged(
        tuple(settings.values()),
        columns,
        [(origin, each) for origin, element in all_parts for each in element.indexes],
        [(origin, each) for origin, element in all_parts for each in element.checks],
        next((text for element in (table, *(p for _, p in reversed(parts))) if (text := _note(element))), ""),
        frozenset(
            name for _, partial in parts for each in partial.indexes if (name := string_of(each.settings, "name"))
        ),
    )


def _note(element: TableElement) -> str:
    return element.note.text if element.note else string_of(element.settings, "note")


def _injected(source: Source, table: TableElement, partials: Partials, notebook: Notebook) -> Partials:
    """Return the partials of a table, in the order of their injection."""
    found: Partials = {}
    for entry in table.entries:
        if not isinstance(entry, Injection):
            continue
        if entry.name in found:
            reason = f"the partial {entry.name!r} is injected already: remove one of them"
        elif entry.name in partials:
            found[entry.name] = partials[entry.name]
            continue
        else:
            reason = f"there is no TablePartial {entry.name!r}" + notebook.did_you_mean(entry.name, partials)
        notebook.wrong(source, f"~{entry.name}", reason, entry.place, entry.place + len(entry.name) + 1)
    return found


def _columns(source: Source, table: TableElement, injected: Partials) -> list[tuple[Source, ColumnEntry]]:
    """Return the columns in their order: those of the table, and of each partial those that nothing later defines."""
    taken = {entry.name for entry in table.entries if isinstance(entry, ColumnEntry)}
    brought: dict[str, list[tuple[Source, ColumnEntry]]] = {}
    for name, (origin, partial) in reversed(injected.items()):
        own = [each for each in partial.entries if isinstance(each, ColumnEntry) and each.name not in taken]
        taken |= {each.name for each in own}
        brought[name] = [(origin, each) for each in own]
    found: list[tuple[Source, ColumnEntry]] = []
    for entry in table.entries:
        found += [(source, entry)] if isinstance(entry, ColumnEntry) else brought.pop(entry.name, [])
    return found
