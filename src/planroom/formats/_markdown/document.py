"""The whole document: title, contents, a section for each area, types, routines, and what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from planroom.formats._markdown.tables import Sections
from planroom.markup import Anchors, code, on_one_line, prose, slug, table
from planroom.model import Model, Table, View
from planroom.model.summary import areas, counts
from planroom.quantities import format_count

__all__ = ["document"]

_MOST_DRAWN = 15  # tables in one diagram: more of them are no longer read at a glance
_TYPES, _ROUTINES, _UNREAD = "Types", "Routines", "Not read"
_FENCE = "```"


def document(model: Model, *, diagrams: bool = True) -> str:
    """Return the data dictionary of a model.

    Args:
        model: The model.
        diagrams: Draw each area of at most 15 tables in Mermaid, which GitHub shows.
    """
    return "\n\n".join(block for block in _Document(model, diagrams).blocks() if block) + "\n"


@dataclass(frozen=True)
class _Document:
    """One document in the making."""

    model: Model
    diagrams: bool

    @cached_property
    def _areas(self) -> dict[str, list[Table | View]]:
        """The tables and views of each area, a context or else a schema; partitions stand at their parent."""
        found: dict[str, list[Table | View]] = {area.name: [] for area in areas(self.model)}
        for each in self.model.tables_and_views:
            if not getattr(each, "partition_of", None):
                found[each.annotations.context or each.schema].append(each)
        return {name: objects for name, objects in found.items() if objects}

    @cached_property
    def _anchors(self) -> Anchors:
        """The anchors of all headings, in the order of the document."""
        anchors = Anchors()
        anchors.add("", "title", self._title)
        for name, objects in self._areas.items():
            anchors.add("area", name, _heading("area", name))
            for each in objects:
                anchors.add("table", each.id, _heading("table", each.id))
        if self._types:
            anchors.add("", _TYPES, _TYPES)
        for name, *_ in self._types:
            anchors.add("type", name, _heading("type", name))
        return anchors

    @property
    def _title(self) -> str:
        return self.model.name or "Data dictionary"

    def blocks(self) -> Iterator[str]:
        yield f"# {prose(_heading('model', self._title))}"
        yield self._summary()
        yield from self._contents()
        sections = Sections(self.model, self._anchors)
        for name, objects in self._areas.items():
            yield f"## {prose(_heading('area', name))}"
            yield prose(next((each.comment for each in self.model.schemas if each.name == name), ""))
            yield self._diagram(objects)
            for each in objects:
                yield f"### {prose(_heading('table', each.id))}"
                yield from sections.of(each)
        yield from self._type_sections()
        yield from self._routines()
        yield from self._unread()

    def _summary(self) -> str:
        numbers = [(name.replace("_", " "), number) for name, number in counts(self.model).items() if number]
        return " · ".join(
            f"{format_count(number)} {_singular(name) if number == 1 else name}" for name, number in numbers
        )

    def _contents(self) -> Iterator[str]:
        rows = [
            (
                self._anchors.link("area", area.name),
                format_count(area.tables),
                format_count(area.columns),
                format_count(area.views) if area.views else "",
                format_count(area.rows) if area.rows else "",
            )
            for area in areas(self.model)
            if area.name in self._areas
        ]
        if rows:
            yield table(("area", "tables", "columns", "views", "expected rows"), rows, numeric=frozenset({1, 2, 3, 4}))
        for name, objects in self._areas.items():
            alike = Counter(each.name for each in objects)
            links = ", ".join(
                self._anchors.link("table", each.id, each.name if alike[each.name] == 1 else "") for each in objects
            )
            yield f"**{prose(name)}**: {links}"
        if self._types:
            yield f"**types**: {', '.join(self._anchors.link('type', name) for name, *_ in self._types)}"

    def _diagram(self, objects: Sequence[Table | View]) -> str:
        from planroom.diagrams import er

        tables = tuple(_silent(each) for each in objects if isinstance(each, Table))
        part = Model(tables=tables)
        if not (self.diagrams and 1 < len(tables) <= _MOST_DRAWN and part.relations):
            return ""
        return f"{_FENCE}mermaid\n{er(part, detail='keys', views=False, overview=False).mermaid}{_FENCE}"

    # -- types, routines, what was not read ------------------------------------------------------------------------

    @cached_property
    def _types(self) -> list[tuple[str, str, str]]:
        """The name, meaning and comment of each type."""
        model = self.model
        found = [(each.id, _enum(each.labels), each.comment) for each in model.enums]
        for domain in model.domains:
            rules = [*([] if domain.nullable else ["not null"]), *(code(check.expression) for check in domain.checks)]
            default = [f"default {code(domain.default)}"] if domain.default else []
            found.append((domain.id, ", ".join([f"domain over {code(domain.type)}", *rules, *default]), domain.comment))
        for composite in model.composite_types:
            fields = ", ".join(f"{code(field.name)} {code(field.type)}" for field in composite.fields)
            found.append((composite.id, f"composite: {fields}", composite.comment))
        found += [(each.id, f"range of {code(each.subtype)}", each.comment) for each in model.range_types]
        return sorted(found)

    def _type_sections(self) -> Iterator[str]:
        if self._types:
            yield f"## {_TYPES}"
        for name, meaning, comment in self._types:
            yield f"### {prose(_heading('type', name))}"
            yield prose(comment)
            yield meaning

    def _routines(self) -> Iterator[str]:
        if self.model.routines:
            yield f"## {_ROUTINES}"
            yield table(
                ("routine", "kind", "gives", "language", "description"),
                (
                    (code(each.signature), each.kind, code(each.returns) if each.returns else "", prose(each.language),
                     prose(each.comment))
                    for each in self.model.routines
                ),
            )  # fmt: skip

    def _unread(self) -> Iterator[str]:
        if self.model.unread:
            yield f"## {_UNREAD}"
            yield table(
                ("what", "why it is not in the model", "where"),
                (
                    (prose(each.what), prose(each.reason), code(each.location) if str(each.location) else "")
                    for each in self.model.unread
                ),
            )


def _silent(each: Table) -> Table:
    """Return a table whose columns have no comments: they would make its box wide, and stand below anyway."""
    return replace(each, columns=tuple(replace(column, comment="") for column in each.columns))


def _heading(kind: str, name: str) -> str:
    """Return the text of a heading; one of which GitHub would make no anchor says what it heads."""
    shown = on_one_line(name)
    return shown if slug(shown).strip("-") else f"{shown} ({kind})"


def _singular(name: str) -> str:
    return {"indexes": "index", "policies": "policy"}.get(name, name.removesuffix("s"))


def _enum(labels: Sequence[str]) -> str:
    return "one of " + ", ".join(code(each) for each in labels)
