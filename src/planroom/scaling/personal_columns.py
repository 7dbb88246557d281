"""Which columns hold personal data: those that are annotated so, and all others that hold the same values.

Values travel: to partitions and to what inherits, over foreign keys, into generated columns and materialised views,
and by a domain to every column of it. Where it cannot be told how far they went, they went all the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem
from planroom.model.personal import looks_personal
from planroom.sqltext import mentioned_columns, mentioned_relations, parse_query_tree, quote_identifier
from planroom.sqltext.rewriting import columns_in, source_names
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.model import Column, Model, ObjectId, Table, View
    from planroom.sqltext import DataType, Tree

__all__ = ["PersonalColumns", "personal_columns"]

Place = tuple["ObjectId", str]
"""The id of a table or view, and the name of a column of it."""

_BY_NAME = "it is named like personal data"


@dataclass(frozen=True)
class PersonalColumns:
    """The columns of a model that hold personal data.

    Attributes:
        reasons: Why, by the id of the table or materialised view and the name of the column.
        alike: For each of them the first, in order, of those that hold the same values.
    """

    reasons: Mapping[Place, str]
    alike: Mapping[Place, Place]

    def of(self, relation: ObjectId) -> frozenset[str]:
        """Return the names of a relation's columns with personal data."""
        return frozenset(column for own, column in self.reasons if own == relation)


def personal_columns(model: Model, *, by_name: bool = False) -> PersonalColumns:
    """Return the columns with personal data.

    Args:
        model: The design, with its annotations.
        by_name: Also those that are named like personal data, where no annotation says what they are.
    """
    reasons = dict(_declared(model, by_name=by_name))
    links = list(_links(model))
    while _spread_over(links, reasons) or _spread_into(model, reasons):
        pass
    return PersonalColumns(dict(sorted(reasons.items())), _alike(links, reasons))


# -- what is declared --------------------------------------------------------------------------------------------------


def _declared(model: Model, *, by_name: bool) -> Iterator[tuple[Place, str]]:
    types: dict[tuple[str, str], object] = {(each.schema, each.name): each for each in model.domains}
    types |= {(each.schema, each.name): each for each in model.enums}
    types |= {(each.schema, each.name): each for each in model.composite_types}
    for relation in model.tables_and_views:
        for column in relation.columns:
            of_type = _type_class(column.type, types)
            if column.annotations.pii:
                yield (relation.id, column.name), f"personal data: {column.annotations.pii}"
            elif relation.annotations.pii:
                yield (relation.id, column.name), f"personal data: {relation.annotations.pii}, of its table"
            elif of_type:
                yield (relation.id, column.name), f"personal data: {of_type}, of its type"
            elif by_name and looks_personal(column):
                yield (relation.id, column.name), _BY_NAME


def _type_class(kind: DataType, types: Mapping[tuple[str, str], object]) -> str:
    """Return the class of personal data that a type, or the type that it narrows, is annotated with."""
    seen = set()
    while (kind.schema, kind.name) not in seen:
        seen.add((kind.schema, kind.name))
        found = types.get((kind.schema, kind.name))
        pii = getattr(getattr(found, "annotations", None), "pii", "")
        if pii:
            return str(pii)
        kind = getattr(found, "type", kind)
    return ""


# -- how values travel -------------------------------------------------------------------------------------------------


def _links(model: Model) -> Iterator[tuple[Place, Place]]:
    """Yield pairs of columns that hold the same values, whichever of the two is annotated."""
    for table in model.tables:
        parents = [*([table.partition_of.parent] if table.partition_of else ()), *table.inherits]
        for parent in (model.tables_by_id[each] for each in parents if each in model.tables_by_id):
            yield from (
                ((parent.id, name), (table.id, name))
                for name in parent.columns_by_name
                if name in table.columns_by_name
            )
        for key in table.foreign_keys:
            pairs = zip(key.referenced_columns, key.columns, strict=False)
            yield from (((key.referenced_table, theirs), (table.id, own)) for theirs, own in pairs)


def _spread_over(links: list[tuple[Place, Place]], reasons: dict[Place, str]) -> bool:
    """Let the values travel over the links; return whether they got further."""
    before = len(reasons)
    for pair in links:
        for origin, place in (pair, pair[::-1]):
            if origin in reasons:
                reasons.setdefault(place, f"it holds the values of {origin[0]}.{quote_identifier(origin[1])}")
    return len(reasons) > before


def _spread_into(model: Model, reasons: dict[Place, str]) -> bool:
    """Let the values travel into generated columns and views; return whether they got further."""
    before = len(reasons)
    for table in model.tables:
        for column, mentioned in _generated(table):
            for name in sorted(mentioned):
                if (table.id, name) in reasons:
                    reasons.setdefault((table.id, column.name), f"it is made of {name}")
    for view in model.views:
        for name in _taken(model, view, reasons) if reasons else ():
            reasons.setdefault((view.id, name), "its query reads personal data")
    return len(reasons) > before


def _generated(table: Table) -> Iterator[tuple[Column, frozenset[str]]]:
    for column in table.columns:
        if column.generated is not None:
            yield column, mentioned_columns(column.generated.expression.text)


def _taken(model: Model, view: View, reasons: Mapping[Place, str]) -> list[str]:
    """Return the columns of a view that values of personal columns reach, or may reach."""
    everything = [column.name for column in view.columns]
    try:
        tree = parse_query_tree(view.query.canonical)
        read = {name for _, name in mentioned_relations(view.query.canonical)}
    except SyntaxProblem:
        return everything
    names = {each.id: each.name for each in model.tables_and_views}
    personal = {column for relation, column in reasons if names.get(relation) in read}
    suspicious = personal | source_names(tree) | {"*"}  # a source's name stands for its whole row
    if not personal or not suspicious & columns_in(tree):
        return []
    targets = _plain_targets(tree.get("SelectStmt", {}))
    if len(targets) != len(everything):
        return everything
    return [name for name, target in zip(everything, targets, strict=True) if suspicious & columns_in(target)]


def _plain_targets(select: Tree) -> list[Tree]:
    """Return what a query selects, where all of that is made of the columns of relations."""
    plain = "withClause" not in select and all(map(_is_plain, select.get("fromClause", ())))
    return list(select.get("targetList", ())) if plain else []


def _is_plain(source: Tree) -> bool:
    join = source.get("JoinExpr")
    return "RangeVar" in source if join is None else _is_plain(join["larg"]) and _is_plain(join["rarg"])


def _alike(links: list[tuple[Place, Place]], reasons: Mapping[Place, str]) -> dict[Place, Place]:
    """Return for each personal column the first of those that hold the same values."""
    leader = {place: place for place in reasons}

    def top(place: Place) -> Place:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for one, other in links:
        if one in leader and other in leader:
            first, second = sorted((top(one), top(other)))
            leader[second] = first
    return {place: top(place) for place in sorted(leader)}
