"""What stands in FROM: which columns it brings into scope, and its canonical form.

Source: ``parse_clause.c``, ``parse_relation.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.sqltext.analysis import Analyser, Typed, columns_of
from planroom.sqltext.builtins import OPAQUE, rows_of, type_key
from planroom.sqltext.names import data_type, string_parts
from planroom.sqltext.output_names import output_name
from planroom.sqltext.resolution import common_type
from planroom.sqltext.scopes import Columns, Relation, Scope, column_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planroom.sqltext.names import Tree

__all__ = ["analyse_from", "assign_names"]

Visible = list[tuple[str, Typed]]
"""The columns that a FROM item offers to ``*``, in order, by name."""


def assign_names(scope: Scope, items: Sequence[Tree]) -> dict[int, str]:
    """Return the canonical names of all relations of one level, by the identity of their nodes.

    They are given before anything inside the level is analysed: inner levels avoid them.
    """
    return {identity: scope.free_name(name) for item in items for identity, name in _named(item)}


def _named(item: Tree) -> Iterator[tuple[int, str]]:
    for kind, fields in item.items():
        if kind == "JoinExpr":
            yield from _named(fields["larg"])
            yield from _named(fields["rarg"])
        elif kind == "RangeTableSample":
            yield from _named(fields["relation"])
        else:
            yield id(fields), _reference_name(kind, fields)


def _reference_name(kind: str, fields: Tree) -> str:
    """Return the name by which a FROM item is referred to."""
    if "alias" in fields:
        return str(fields["alias"]["aliasname"])
    if kind == "RangeVar":
        return str(fields["relname"])
    if kind == "RangeFunction":
        return output_name({"val": fields["functions"][0]["List"]["items"][0]})
    return {"RangeTableFunc": "xmltable", "JsonTable": "json_table"}.get(kind, "unnamed_subquery")


def analyse_from(analyser: Analyser, items: Sequence[Tree], assigned: dict[int, str]) -> list[Tree]:
    """Return FROM items in canonical form; their columns are entered in the analyser's scope."""
    scope = analyser.scope
    trees = []
    for item in items:
        tree, visible = _item(analyser, item, assigned)
        trees.append(tree)
        if visible is None:
            scope.complete = False
        else:
            scope.visible += visible
    return trees


def _item(analyser: Analyser, item: Tree, assigned: dict[int, str]) -> tuple[Tree, Visible | None]:
    for kind, fields in item.items():
        analyse: Callable[[Analyser, Tree, dict[int, str]], tuple[Tree, Visible | None]] = _ITEMS[kind]
        return analyse(analyser, fields, assigned)
    raise AssertionError(item)


def _entered(
    analyser: Analyser, kind: str, fields: Tree, assigned: dict[int, str], columns: Columns | None, table: str = ""
) -> Visible | None:
    """Enter a relation in the scope, and return its visible columns."""
    schema = fields.get("schemaname", "") if kind == "RangeVar" else ""
    relation = Relation(assigned[id(fields)], columns, schema, table)
    analyser.scope.relations[_reference_name(kind, fields)] = relation
    if columns is None:
        return None
    return [(name, (column_reference(relation.alias, name), *type_)) for name, type_ in columns.items()]


def _renamed(columns: Columns | None, alias: Tree) -> Columns | None:
    """Return columns under the names that an alias gives them."""
    given = string_parts(alias.get("colnames", ()))
    if columns is None or not given:
        return columns
    names = given + list(columns)[len(given) :]
    return dict(zip(names, columns.values(), strict=True)) if len(names) == len(columns) else None


def _alias(fields: Tree, shown: str, natural: Columns | None, own_name: str = "") -> dict[str, Any]:
    """Return the alias entry of a FROM item: none when it is the item's own name and renames nothing."""
    given = fields.get("alias", {}).get("colnames", ())
    if natural is not None:  # all names or none
        rest = [{"String": {"sval": name}} for name in list(natural)[len(given) :]]
        given = () if string_parts(given) == list(natural)[: len(given)] else [*given, *rest]
    if shown == own_name and not given:
        return {}
    return {"alias": {"aliasname": shown, **({"colnames": list(given)} if given else {})}}


def _table(analyser: Analyser, fields: Tree, assigned: dict[int, str]) -> tuple[Tree, Visible | None]:
    name, shown = fields["relname"], assigned[id(fields)]
    query = None if "schemaname" in fields else analyser.scope.table(name)
    tree = {key: value for key, value in fields.items() if key != "alias"}
    if query is not None:
        (columns,) = query
    else:
        found = analyser.names.relation(fields.get("schemaname", ""), name)
        columns = None if found is None else columns_of(found[1]) or None  # a sequence has none that we know
        if found is not None and found[0]:
            tree["schemaname"] = found[0]
    tree.update(_alias(fields, shown, columns, name))
    visible = _entered(analyser, "RangeVar", fields, assigned, _renamed(columns, fields.get("alias", {})), name)
    analyser.scope.relations[_reference_name("RangeVar", fields)].schema = tree.get("schemaname", "")
    return {"RangeVar": tree}, visible


def _sample(analyser: Analyser, fields: Tree, assigned: dict[int, str]) -> tuple[Tree, Visible | None]:
    relation, visible = _item(analyser, fields["relation"], assigned)
    args = [analyser.tree(arg, "real") for arg in fields["args"]]
    repeatable = {"repeatable": analyser.tree(fields["repeatable"], "double precision")} if (
        "repeatable" in fields) else {}  # fmt: skip
    return {"RangeTableSample": {**fields, "relation": relation, "args": args, **repeatable}}, visible


def _subquery(analyser: Analyser, fields: Tree, assigned: dict[int, str]) -> tuple[Tree, Visible | None]:
    from planroom.sqltext.analysis_queries import analyse_query, columns_by_name

    outer = analyser.scope if fields.get("lateral") else _without_relations(analyser.scope)
    query, outputs = analyse_query(Analyser(analyser.names, outer), fields["subquery"]["SelectStmt"])
    columns = columns_by_name(outputs)
    tree: dict[str, Any] = {"subquery": {"SelectStmt": query}, **_alias(fields, assigned[id(fields)], columns)}
    if fields.get("lateral"):
        tree["lateral"] = True
    visible = _entered(analyser, "RangeSubselect", fields, assigned, _renamed(columns, fields.get("alias", {})))
    return {"RangeSubselect": tree}, visible


def _without_relations(scope: Scope) -> Scope:
    """Return what a subquery that is not LATERAL sees: the outer levels, and this level's WITH queries and names."""
    return Scope(parent=scope.parent, tables=scope.tables, assigned=scope.assigned)


def _function(analyser: Analyser, fields: Tree, assigned: dict[int, str]) -> tuple[Tree, Visible | None]:
    analysed = [_function_item(analyser, item["List"]["items"]) for item in fields["functions"]]
    shown = assigned[id(fields)]
    alias_name = _reference_name("RangeFunction", fields)
    columns: Columns | None = {}
    given = string_parts(fields.get("alias", {}).get("colnames", ()))
    for number, (_, own, scalar) in enumerate(analysed):
        if own is None or columns is None:
            columns = None
        elif scalar is not None:
            single = alias_name if len(analysed) == 1 and "alias" in fields else scalar
            free = single not in columns or number >= len(given)
            columns[single if free else given[number]] = next(iter(own.values()))
        else:
            columns.update(own)
    if "coldeflist" in fields:
        columns = _defined(analyser, fields["coldeflist"])
    if fields.get("ordinality") and columns is not None:
        columns["ordinality"] = ("bigint", ())
    tree = {key: value for key, value in fields.items() if key not in {"alias", "functions", "lateral"}}
    tree["functions"] = [{"List": {"items": items}} for items, _, _ in analysed]
    tree.update(_alias(fields, shown, columns))
    return {"RangeFunction": tree}, _entered(
        analyser, "RangeFunction", fields, assigned, _renamed(columns, fields.get("alias", {}))
    )


def _function_item(analyser: Analyser, items: Sequence[Tree]) -> tuple[list[Tree], Columns | None, str | None]:
    """Return a function in FROM, its columns, and its name where it returns one scalar."""
    call, definitions = items
    tree, type_, modifiers = analyser.typed(call)
    if definitions:
        return [tree, definitions], _defined(analyser, definitions["List"]["items"]), None
    name = output_name({"val": call})
    if type_ in {OPAQUE, "record"}:
        rows = rows_of(name)
        return [tree, {}], {column: (key, ()) for column, key in rows} if rows else None, None
    return [tree, {}], {name: (type_, modifiers)}, name


def _defined(analyser: Analyser, definitions: Sequence[Tree]) -> Columns:
    columns: Columns = {}
    for definition in definitions:
        column = definition["ColumnDef"]
        type_ = data_type(column["typeName"], analyser.names)
        columns[column["colname"]] = (type_key(type_), type_.modifiers)
    return columns


def _opaque(kind: str) -> Any:
    def item(analyser: Analyser, fields: Tree, assigned: dict[int, str]) -> tuple[Tree, Visible | None]:
        return {kind: fields}, _entered(analyser, kind, fields, assigned, None)

    return item


def _join(analyser: Analyser, fields: Tree, assigned: dict[int, str]) -> tuple[Tree, Visible | None]:
    left_tree, left = _item(analyser, fields["larg"], assigned)
    # A LATERAL right side sees the left one.
    before = list(analyser.scope.visible)
    analyser.scope.visible += left or []
    right_tree, right = _item(analyser, fields["rarg"], assigned)
    analyser.scope.visible = before
    tree = {**fields, "larg": left_tree, "rarg": right_tree}
    names = string_parts(fields.get("usingClause", ()))
    if fields.get("isNatural") and left is not None and right is not None:
        known = {name for name, _ in right}
        names = [name for name, _ in left if name in known]
        tree = {key: value for key, value in tree.items() if key != "isNatural"}
        tree.update({"usingClause": [{"String": {"sval": name}} for name in names]} if names else {})
    if "quals" in fields:
        tree["quals"] = _condition(analyser, fields["quals"], left, right)
    visible = None if left is None or right is None else _merged(fields["jointype"], names, left, right)
    if "alias" in fields and visible is not None:
        columns = {name: (type_, modifiers) for name, (_, type_, modifiers) in visible}
        alias = fields["alias"]["aliasname"]
        relation = Relation(alias, _renamed(columns, fields["alias"]))
        analyser.scope.relations[alias] = relation
        if relation.columns is not None:
            visible = [(name, (column_reference(alias, name), *type_)) for name, type_ in relation.columns.items()]
    return {"JoinExpr": tree}, visible


def _condition(analyser: Analyser, node: Tree, left: Visible | None, right: Visible | None) -> Tree:
    """Return an ON condition: it sees both sides of its own join."""
    scope = analyser.scope
    before, complete = scope.visible, scope.complete
    scope.visible = [*(left or ()), *(right or ())]
    scope.complete = left is not None and right is not None
    try:
        return analyser.tree(node, "boolean")
    finally:
        scope.visible, scope.complete = before, complete


def _merged(join: str, names: Sequence[str], left: Visible, right: Visible) -> Visible:
    """Return the columns of a join with USING: the merged ones first, each once."""
    lefts, rights = dict(left), dict(right)
    merged: Visible = []
    for name in names:
        if name not in lefts or name not in rights:
            continue
        reference = rights[name] if join == "JOIN_RIGHT" else lefts[name]
        if join == "JOIN_FULL":
            type_ = common_type((lefts[name][1], rights[name][1]))
            reference = ({"ColumnRef": {"fields": [{"String": {"sval": name}}]}}, type_, ())
        merged.append((name, reference))
    rest = [(name, reference) for name, reference in [*left, *right] if name not in names]
    return merged + rest


_ITEMS: dict[str, Any] = {
    "RangeVar": _table, "RangeTableSample": _sample, "RangeSubselect": _subquery, "RangeFunction": _function,
    "JoinExpr": _join, "RangeTableFunc": _opaque("RangeTableFunc"), "JsonTable": _opaque("JsonTable"),
}  # fmt: skip
