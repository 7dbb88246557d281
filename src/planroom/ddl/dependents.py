"""What views and expressions depend on, and how they change with it.

The server keeps them as trees that point at objects, so a rename shows in all of them. Here their canonical forms are
changed: in those every column bears its relation's name or alias, and every literal its type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Key
from planroom.ddl.trees import string, strings
from planroom.model import View
from planroom.sqltext import Tree, mentioned_relations, parse_query_tree, print_expression, query

__all__ = [
    "change_views",
    "dependencies",
    "rename_view_columns",
    "rename_view_relations",
    "retyped",
    "uses_column",
]

Change = Callable[[Tree], Tree]


def dependencies(catalog: Catalog, view: View) -> set[Key]:
    """Return the tables and views that a view reads."""
    found = set()
    for schema, name in mentioned_relations(view.query.canonical):
        key = catalog.find(catalog.tables, schema, name) or catalog.find(catalog.views, schema, name)
        if key:
            found.add(key)
    return found


def _transformed(node: Any, kind: str, change: Change) -> Any:
    """Return a tree with every node of one kind changed, the innermost first."""
    if isinstance(node, list):
        return [_transformed(item, kind, change) for item in node]
    if not isinstance(node, Mapping):
        return node
    inner = {key: _transformed(value, kind, change) for key, value in node.items()}
    return {key: change(value) if key == kind and isinstance(value, Mapping) else value for key, value in inner.items()}


def _named_as(tree: Tree, relation: Key) -> set[str]:
    """Return the names that a relation bears in a query: its aliases, or its own name."""
    found: set[str] = set()

    def look(fields: Tree) -> Tree:
        if (fields.get("schemaname"), fields.get("relname")) == relation:
            found.add(fields.get("alias", {}).get("aliasname") or relation[1])
        return fields

    _transformed(tree, "RangeVar", look)
    return found


def uses_column(view: View, relation: Key, column: str) -> bool:
    """Whether a view mentions a column of a relation."""
    tree = parse_query_tree(view.query.canonical)
    aliases = _named_as(tree, relation)
    found: list[bool] = []

    def look(fields: Tree) -> Tree:
        parts = fields.get("fields", [])
        if len(parts) == 2 and string(parts[0]) in aliases and string(parts[1]) in {column, ""}:
            found.append(True)
        return fields

    _transformed(tree, "ColumnRef", look)
    return bool(found)


def change_views(catalog: Catalog, change: Change) -> None:
    """Change the query of every view; ``change`` takes and gives the tree of its canonical form."""
    for key, view in list(catalog.views.items()):
        tree = parse_query_tree(view.query.canonical)
        changed = change(tree)
        if changed != tree:
            catalog.views[key] = replace(view, query=query(changed, print_expression(changed), catalog))


def rename_view_relations(catalog: Catalog, old: Key, new: Key) -> None:
    """Write a relation's new name into the views that read it."""

    def in_query(tree: Tree) -> Tree:
        bare: list[bool] = []

        def relation(fields: Tree) -> Tree:
            if (fields.get("schemaname"), fields.get("relname")) != old:
                return fields
            if "alias" not in fields:
                bare.append(True)
            return {**fields, "schemaname": new[0], "relname": new[1]}

        def column(fields: Tree) -> Tree:
            first, *rest = fields.get("fields", [{}])
            if not rest or string(first) != old[1]:
                return fields
            return {**fields, "fields": [{"String": {"sval": new[1]}}, *rest]}

        changed: Tree = _transformed(tree, "RangeVar", relation)
        result: Tree = _transformed(changed, "ColumnRef", column) if bare else changed
        return result

    change_views(catalog, in_query)


def rename_view_columns(catalog: Catalog, relation: Key, old: str, new: str) -> None:
    """Write a column's new name into the views that read it; their own columns keep their names."""

    def in_query(tree: Tree) -> Tree:
        aliases = _named_as(tree, relation)

        def column(fields: Tree) -> Tree:
            parts = fields.get("fields", [])
            if len(parts) != 2 or string(parts[0]) not in aliases or string(parts[1]) != old:
                return fields
            return {**fields, "fields": [parts[0], {"String": {"sval": new}}]}

        result: Tree = _transformed(tree, "ColumnRef", column)
        return result

    change_views(catalog, in_query)


def retyped(old: Key, new: Key, label: tuple[str, str] | None = None) -> Change:
    """Return what gives literals and casts the new name of their type, and, if asked, an enum's label its new text."""

    def type_name(fields: Tree) -> Tree:
        if strings(fields.get("names")) != old:
            return fields
        return {**fields, "names": [{"String": {"sval": part}} for part in new]}

    def cast(fields: Tree) -> Tree:
        constant = fields.get("arg", {}).get("A_Const", {})
        if label is None or strings(fields["typeName"].get("names")) != old:
            return fields
        if constant.get("sval", {}).get("sval") != label[0]:
            return fields
        return {**fields, "arg": {"A_Const": {**constant, "sval": {"sval": label[1]}}}}

    def change(tree: Tree) -> Tree:
        relabelled: Tree = _transformed(tree, "TypeCast", cast)
        renamed: Tree = _transformed(relabelled, "typeName", type_name)
        return renamed

    return change
