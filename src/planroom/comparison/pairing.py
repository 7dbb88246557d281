"""The objects of two models paired, from the outside in, each step using the renames that earlier steps found."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from planroom.comparison.anatomy import anatomy, has_schema, key_of, parts_in
from planroom.comparison.children import parents_of
from planroom.comparison.columns import renamed_columns
from planroom.comparison.likeness import dice, name_likeness, together
from planroom.comparison.matching import (
    BUCKET,
    Pair,
    Pairing,
    best_first,
    by_definition,
    by_name,
    definition,
    pinned,
    together_with,
)
from planroom.comparison.newnames import NameMap
from planroom.comparison.renaming import Place, in_new_names
from planroom.comparison.tables import renamed_tables
from planroom.model import Enum, Field, Model, Routine, Schema, Table, View, qualified

__all__ = ["Pairings", "paired"]

_AFTER = {"tables": 1, "views": 2, "sequences": 2, "routines": 2}
"""What is paired late: tables after the types of their columns, and after tables what names columns."""

_NOTHING_ELSE = "nothing but the name differs"


@dataclass
class Pairings:
    """How two models belong together.

    Attributes:
        names: What is called otherwise in the new model.
        reused: A name that something was renamed from is borne by something else in the new model; then even equal
            texts may mean different things.
        tables: The new table, by the old one's id.
    """

    old: Model
    new: Model
    renames: bool
    names: NameMap = field(default_factory=NameMap)
    reused: bool = False
    tables: dict[str, Table] = field(default_factory=dict)
    _found: dict[tuple[int, str], Pairing] = field(default_factory=dict)
    _equal: dict[tuple[int, int], bool] = field(default_factory=dict)

    def of(self, old: Any, new: Any, name: str) -> Pairing:
        """Return how the parts that a field of two paired objects holds belong together."""
        known = self._found.get((id(old), name))
        if known is None:
            known = self._found[id(old), name] = self._parts(old, new, name)
        return known

    def equal(self, pair: Pair) -> bool:
        """Whether two objects are equal as they stand; asked of a large table once, not once a step."""
        key = (id(pair.old), id(pair.new))
        if key not in self._equal:
            self._equal[key] = pair.old == pair.new
        return self._equal[key]

    def expected(self, value: Any) -> str:
        """Return the key that an object of the old model has in the new one if nobody renamed it itself."""
        if not self.names or not has_schema(value):
            return key_of(value)
        schema = self.names.schemas.get(value.schema, value.schema)
        if isinstance(value, Routine):
            found: str = replace(in_new_names(value, self.names, None), schema=schema).id
            return found
        return qualified(schema, value.name)

    # -- the steps

    def pair_all(self) -> None:
        """Pair everything that names others refer to."""
        parts = anatomy(Model).parts
        for rank in (0, 1, 2):
            for name in sorted(parts, key=lambda name: name != "schemas"):
                if _AFTER.get(name, 0) == rank:
                    self._pair_top(name)
            if rank == 1:
                self._pair_columns()
        self._pair_parts()
        known = {(each.schema, each.name) for name in parts for each in getattr(self.new, name) if hasattr(each, "id")}
        self.reused = any(old in known for old in self.names.objects)

    def _pair_top(self, name: str) -> None:
        old, new = getattr(self.old, name), getattr(self.new, name)
        pairing = by_name(old, new, self.expected)
        if pairing.removed and pairing.added:
            pairing = together_with(pairing, pinned(pairing.removed, pairing.added))
            pairing = together_with(pairing, self._top_renames(name, pairing) if self.renames else ())
        self._found[id(self.old), name] = pairing
        for pair in pairing.pairs:
            if isinstance(pair.old, Schema) and pair.old.name != pair.new.name:
                self.names.schemas[pair.old.name] = pair.new.name
            elif hasattr(pair.old, "id"):
                self.names.note((pair.old.schema, pair.old.name), (pair.new.schema, pair.new.name))
        if name == "tables":
            self.tables = {pair.old.id: pair.new for pair in pairing.pairs}

    def _top_renames(self, name: str, pairing: Pairing) -> list[Pair]:
        if name == "tables":
            return renamed_tables(pairing.removed, pairing.added, self.old, self.new)
        if name == "schemas":
            return _renamed_schemas(pairing, self.old, self.new)
        if name == "extensions":
            return []  # an extension is what it is called
        found = self._alike(pairing.removed, pairing.added, None)
        rest = together_with(pairing, found)
        return [*found, *(_OF_A_KIND[name](rest) if name in _OF_A_KIND else ())]

    def _pair_columns(self) -> None:
        types = {column.type for table in self.old.tables for column in table.columns} if self.names else set()
        renamed = {each: in_new_names(each, self.names, None) for each in types}
        for pair in self._changed_tables():
            pairing = by_name(pair.old.columns, pair.new.columns)
            if pairing.removed and pairing.added:
                pairing = together_with(pairing, pinned(pairing.removed, pairing.added))
                pairing = together_with(pairing, self._like_parents(pair.old, pairing))
            if pairing.removed and pairing.added and self.renames:
                found = renamed_columns(pairing.removed, pairing.added, pair.old, pair.new, renamed)
                pairing = together_with(pairing, found)
            self._found[id(pair.old), "columns"] = pairing
            renames = {each.old.name: each.new.name for each in pairing.pairs if each.old.name != each.new.name}
            self.names.note_columns((pair.old.schema, pair.old.name), (pair.new.schema, pair.new.name), renames)

    def _like_parents(self, table: Table, pairing: Pairing) -> list[Pair]:
        """Return the columns that are called otherwise because those of a parent are."""
        renames = {old: new for each in parents_of(table) for old, new in self.names.columns.get(each, {}).items()}
        added = {each.name: each for each in pairing.added}
        return [
            Pair(each, added[renames[each.name]], 1.0, "so is its parent's")
            for each in pairing.removed
            if renames.get(each.name) in added
        ]

    def _changed_tables(self) -> list[Pair]:
        """Return the tables of which something differs, parents before their children."""
        found = [pair for pair in self._found[id(self.old), "tables"].pairs if not self.equal(pair)]
        return sorted(found, key=lambda pair: self._depth(pair.old))

    def _depth(self, table: Table) -> int:
        """Return how many generations are above a table."""
        depth, generation, seen = 0, set(parents_of(table)), {table.id}
        while generation:
            depth += 1
            seen |= generation
            known = (self.old.tables_by_id[each] for each in generation if each in self.old.tables_by_id)
            generation = {parent for each in known for parent in parents_of(each)} - seen
        return depth

    def _pair_parts(self) -> None:
        """Pair the keys and indexes of what differs: others name them too."""
        views = [pair for pair in self._found[id(self.old), "views"].pairs if pair.old != pair.new]
        for pair in (*self._changed_tables(), *views):
            renames: dict[str, str] = {}
            for name in anatomy(pair.old.__class__).parts:
                found = self.of(pair.old, pair.new, name).pairs if name != "columns" else ()
                renames |= {each.old.name: each.new.name for each in found if each.old.name != each.new.name}
            if renames:
                self.names.parts[pair.old.id] = renames

    def _parts(self, old: Any, new: Any, name: str) -> Pairing:
        """Return how parts belong together that nothing was noted of so far."""
        before, after = parts_in(old, name), parts_in(new, name)
        pairing = by_name(before, after, self.expected)
        if pairing.removed and pairing.added and self.renames:
            place = old if isinstance(old, Table | View) else None
            pairing = together_with(pairing, self._alike(pairing.removed, pairing.added, place, before, after))
            pairing = together_with(pairing, self._on_the_same_columns(pairing, place))
        return pairing

    def _alike(
        self,
        removed: Sequence[Any],
        added: Sequence[Any],
        place: Place,
        before: Sequence[Any] = (),
        after: Sequence[Any] = (),
    ) -> list[Pair]:
        """Return the pairs that differ in nothing but their names; fields of a type must keep their place too."""
        if removed and isinstance(removed[0], Field):
            old_places, new_places = _numbered(before), _numbered(after)
            return by_definition(
                removed,
                added,
                lambda each: (old_places[id(each)], definition(in_new_names(each, self.names, place))),
                lambda each: (new_places[id(each)], definition(each)),
                "the same type and place",
                0.7,
            )
        return by_definition(
            removed, added, lambda each: definition(in_new_names(each, self.names, place)), definition, _NOTHING_ELSE
        )

    def _on_the_same_columns(self, pairing: Pairing, place: Place) -> list[Pair]:
        if not pairing.removed or "columns" not in anatomy(pairing.removed[0].__class__).facets:
            return []

        def own(each: Any) -> Hashable:
            return each.columns, getattr(each, "referenced_table", "")

        def translated(each: Any) -> Hashable:
            return own(in_new_names(each, self.names, place))

        return by_definition(pairing.removed, pairing.added, translated, own, "the same columns", 0.8)


def paired(old: Model, new: Model, *, renames: bool) -> Pairings:
    """Return how the objects of two models belong together; ``renames`` says whether to look for renamed ones."""
    pairings = Pairings(old, new, renames)
    pairings.pair_all()
    return pairings


def _numbered(values: Iterable[Any]) -> dict[int, int]:
    return {id(each): number for number, each in enumerate(values)}


# -- kinds with an evidence of their own


def _few(pairing: Pairing) -> bool:
    return len(pairing.removed) <= BUCKET and len(pairing.added) <= BUCKET


def _members(model: Model) -> Callable[[Schema], set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for name in anatomy(Model).parts:
        for each in getattr(model, name):
            if hasattr(each, "id"):
                found.setdefault(each.schema, set()).add((name, each.name))
    return lambda schema: found.get(schema.name, set())


def _renamed_schemas(pairing: Pairing, old: Model, new: Model) -> list[Pair]:
    """Return the schemas that hold the same under another name."""
    before, after = _members(old), _members(new)
    scored = (
        (a, b, dice(before(a), after(b)), len(before(a) & after(b)))
        for a in pairing.removed
        for b in pairing.added
        if _few(pairing)
    )
    return best_first(
        Pair(a, b, round(score, 2), f"{count} of its objects are the same") for a, b, score, count in scored
    )


def _renamed_enums(pairing: Pairing) -> list[Pair]:
    """Return the enums that share most of their labels."""

    def pair(a: Enum, b: Enum) -> Pair:
        common = len(set(a.labels) & set(b.labels))
        score = together(0.8 * dice(a.labels, b.labels), 0.5 * name_likeness(a.name, b.name) if common else 0.0)
        return Pair(a, b, round(score, 2), f"{common} of {max(len(a.labels), len(b.labels))} labels are the same")

    return best_first(pair(a, b) for a in pairing.removed for b in pairing.added if _few(pairing))


def _resigned_routines(pairing: Pairing) -> list[Pair]:
    """Return the routines that keep their name and take other arguments, where no overloading hides which is which."""
    once = by_definition(pairing.removed, pairing.added, _bare_name, _bare_name, "")
    return [Pair(pair.old, pair.new) for pair in once if pair.score == 1.0 and pair.old.kind == pair.new.kind]


def _bare_name(routine: Routine) -> Hashable:
    return routine.schema, routine.name


_OF_A_KIND: dict[str, Callable[[Pairing], list[Pair]]] = {"enums": _renamed_enums, "routines": _resigned_routines}
