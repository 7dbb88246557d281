"""Queries in canonical form: columns qualified, ``*`` written out, output columns named, ordinals replaced.

Source: ``analyze.c``, ``parse_clause.c`` (what the server makes of a query) and ``ruleutils.c`` (how it prints it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.sqltext.analysis import Analyser, Typed, analyses, coerce_all
from planroom.sqltext.analysis_calls import sort_item, window_definition
from planroom.sqltext.analysis_from import analyse_from, assign_names
from planroom.sqltext.builtins import OPAQUE, UNKNOWN
from planroom.sqltext.names import string_parts
from planroom.sqltext.output_names import output_name
from planroom.sqltext.resolution import common_type, resolve_operator
from planroom.sqltext.scopes import Columns, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.sqltext.names import Tree

__all__ = ["Output", "analyse_query", "columns_by_name"]

Target = tuple[str, "Typed"]
Output = tuple[str, str, tuple[str, ...]]
"""An output column: its name, the key of its type, and the type's modifiers."""

Fields = dict[str, Any]


def analyse_query(
    outer: Analyser, fields: Tree, *, labels: Sequence[str] | None = None, named: bool = True
) -> tuple[Fields, list[Output] | None]:
    """Return a query in canonical form and its output columns.

    Args:
        outer: Analyses where the query stands.
        fields: The fields of the SelectStmt.
        labels: Names for the output columns, in place of the query's own.
        named: Write the output columns' names; False where nobody can see them.
    """
    query, targets = _query(outer, fields, list(labels) if labels else None, named=named, types=None)
    if targets is None:
        return query, None
    return query, [(name, typed[1], typed[2]) for name, typed in targets]


def columns_by_name(outputs: Sequence[Output] | None) -> Columns | None:
    """Return output columns as those of a relation."""
    return None if outputs is None else {name: (type_, modifiers) for name, type_, modifiers in outputs}


def _query(
    outer: Analyser, fields: Tree, labels: list[str] | None, *, named: bool, types: Sequence[str] | None
) -> tuple[Fields, list[Target] | None]:
    """Return a query and its output columns; ``types`` is what a set operation wants them to be."""
    analyser = Analyser(outer.names, Scope(parent=outer.scope), outer.sides)
    assigned = assign_names(analyser.scope, fields.get("fromClause", ()))
    query: Fields = {key: fields[key] for key in ("limitOption", "op", "all", "lockingClause") if key in fields}
    if "withClause" in fields:
        query["withClause"] = _with(analyser, fields["withClause"])
    if fields.get("op", "SETOP_NONE") != "SETOP_NONE":
        targets = _set_operation(analyser, fields, query, labels, named=named, types=types)
    elif "valuesLists" in fields:
        targets = _values(analyser, fields, query)
    else:
        targets = _select(analyser, fields, query, labels, assigned, named=named, types=types)
    for key in ("limitOffset", "limitCount"):
        if key in fields:
            query[key] = analyser.tree(fields[key], "bigint")
    if fields.get("limitCount", {}).get("A_Const", {}).get("isnull"):
        query.pop("limitCount")
        query["limitOption"] = "LIMIT_OPTION_DEFAULT"
    return query, targets


def _with(analyser: Analyser, fields: Tree) -> Tree:
    recursive = bool(fields.get("recursive"))
    queries = []
    for item in fields["ctes"]:
        table = item["CommonTableExpr"]
        queries.append({"CommonTableExpr": _common_table(analyser, table, recursive=recursive)})
    return {"ctes": queries, **({"recursive": True} if recursive else {})}


def _common_table(analyser: Analyser, fields: Tree, *, recursive: bool) -> Tree:
    labels, name = string_parts(fields.get("aliascolnames", ())), fields["ctename"]
    if "SelectStmt" not in fields["ctequery"]:
        analyser.scope.tables[name] = None
        return fields
    select = fields["ctequery"]["SelectStmt"]
    if recursive and select.get("op") == "SETOP_UNION":
        analyser.scope.tables[name] = None
        analyser.scope.tables[name] = _labelled(columns_by_name(analyse_query(analyser, select["larg"])[1]), labels)
    query, outputs = analyse_query(analyser, select)
    columns = _labelled(columns_by_name(outputs), labels)
    if columns is not None and ("search_clause" in fields or "cycle_clause" in fields):
        columns = None
    analyser.scope.tables[name] = columns
    return {**fields, "ctequery": {"SelectStmt": query}}


def _labelled(columns: Columns | None, labels: list[str]) -> Columns | None:
    if columns is None or not labels:
        return columns
    names = labels + list(columns)[len(labels) :]
    return dict(zip(names, columns.values(), strict=False))


def _set_operation(
    analyser: Analyser, fields: Tree, query: Fields, labels: list[str] | None,
    *, named: bool, types: Sequence[str] | None,
) -> list[Target] | None:  # fmt: skip
    """Analyse UNION, INTERSECT or EXCEPT; constants take the common type of their column."""
    left, right = (_side(analyser, fields[side], named=named) for side in ("larg", "rarg"))
    wanted = types
    if left is not None and right is not None and len(left) == len(right):
        joined = [
            common_type((one[1][1], other[1][1])) if UNKNOWN not in {one[1][1], other[1][1]}
            else common_type((*({one[1][1], other[1][1]} - {UNKNOWN}), UNKNOWN))
            for one, other in zip(left, right, strict=True)
        ]  # fmt: skip
        wanted = types if types is not None else joined
        left = [(name, (typed[0], type_, ())) for (name, typed), type_ in zip(left, joined, strict=True)]
    for side, own in (("larg", labels), ("rarg", None)):
        shown = named and side == "larg"  # the other side's names are never seen
        query[side] = _query(analyser, fields[side], own, named=shown, types=wanted)[0]
    if left is not None and labels:
        left = [(label, typed) for label, (_, typed) in zip(labels, left, strict=False)]
    if "sortClause" in fields:
        query["sortClause"] = [_set_sort(item, left) for item in fields["sortClause"]]
    return left


def _side(analyser: Analyser, fields: Tree, *, named: bool) -> list[Target] | None:
    """Return the output columns of one side, before they take the types of the other's."""
    if id(fields) not in analyser.sides:
        analyser.sides[id(fields)] = _query(analyser, fields, None, named=named, types=None)[1]
    targets: list[Target] | None = analyser.sides[id(fields)]
    return targets


def _set_sort(item: Tree, targets: Sequence[Target] | None) -> Tree:
    """Return an ORDER BY item of a set operation: it can name output columns only, and the server numbers them."""
    node = item["SortBy"]["node"]
    names = [name for name, _ in targets or ()]
    parts = string_parts(node["ColumnRef"]["fields"]) if "ColumnRef" in node else []
    if len(parts) == 1 and parts[0] in names:
        node = {"A_Const": {"ival": {"ival": names.index(parts[0]) + 1}}}
    return sort_item(item, node)


def _values(analyser: Analyser, fields: Tree, query: Fields) -> list[Target]:
    rows = [[analyser.typed(value) for value in row["List"]["items"]] for row in fields["valuesLists"]]
    joined = [common_type(tuple(value[1] for value in column)) for column in zip(*rows, strict=True)]
    query["valuesLists"] = [{"List": {"items": coerce_all(analyser, row, joined)}} for row in rows]
    if "sortClause" in fields:
        query["sortClause"] = list(fields["sortClause"])
    return [(f"column{number}", ({}, type_, ())) for number, type_ in enumerate(joined, 1)]


def _select(
    analyser: Analyser, fields: Tree, query: Fields, labels: list[str] | None, assigned: dict[int, str],
    *, named: bool, types: Sequence[str] | None,
) -> list[Target] | None:  # fmt: skip
    if "fromClause" in fields:
        query["fromClause"] = analyse_from(analyser, fields["fromClause"], assigned)
    targets, complete = _targets(analyser, fields.get("targetList", ()), types)
    if labels:
        targets = [(label, typed) for label, (_, typed) in zip(labels, targets, strict=False)] + targets[len(labels) :]
    query["targetList"] = [_target(name if named else "", typed) for name, typed in targets]
    for key in ("whereClause", "havingClause"):
        if key in fields:
            query[key] = analyser.tree(fields[key], "boolean")
    own = [output_name(item["ResTarget"]) for item in fields.get("targetList", ())]
    finder = _Finder(analyser, targets, own if len(own) == len(targets) else [name for name, _ in targets])
    if "groupClause" in fields:
        query["groupClause"] = [_group_item(finder, item) for item in fields["groupClause"]]
    if fields.get("groupDistinct"):
        query["groupDistinct"] = True
    if "sortClause" in fields:
        query["sortClause"] = [sort_item(item, finder.sorted(item["SortBy"]["node"])) for item in fields["sortClause"]]
    if "distinctClause" in fields:
        query["distinctClause"] = _distinct(finder, fields["distinctClause"], query.get("sortClause", ()))
    if "windowClause" in fields:
        windows = [item["WindowDef"] for item in fields["windowClause"]]
        query["windowClause"] = [{"WindowDef": window_definition(analyser, window)} for window in windows]
    if "lockingClause" in fields:
        query["lockingClause"] = [_locking(analyser, clause) for clause in fields["lockingClause"]]
    return targets if complete else None


def _targets(analyser: Analyser, items: Sequence[Tree], types: Sequence[str] | None) -> tuple[list[Target], bool]:
    """Return a SELECT list with ``*`` written out, and whether that could be done."""
    targets: list[Target] = []
    complete = True
    for item in items:
        target = item["ResTarget"]
        stars = _expanded_star(analyser, target["val"])
        if stars is not None:
            targets += stars
            continue
        if _is_star(target["val"]):
            complete = False
            targets.append(("", (_star(analyser, target["val"]), OPAQUE, ())))
            continue
        typed = analyser.typed(target["val"])
        if typed[1] == UNKNOWN and complete:
            wanted = types[len(targets)] if types is not None and len(targets) < len(types) else "text"
            typed = analyser.coerced(typed, wanted) if types is not None or wanted == "text" else typed
        targets.append((output_name(target), typed))
    return targets, complete


def _star(analyser: Analyser, node: Tree) -> Tree:
    """Return a ``*`` that cannot be written out."""
    if "A_Indirection" in node:
        return analyser.typed(node)[0]
    fields = node["ColumnRef"]["fields"]
    relation = analyser.scope.relation(string_parts(fields[:-1])) if len(fields) > 1 else None
    if relation is None:
        return node
    return {"ColumnRef": {"fields": [{"String": {"sval": relation.alias}}, fields[-1]]}}


def _is_star(node: Tree) -> bool:
    if "ColumnRef" in node:
        return "A_Star" in node["ColumnRef"]["fields"][-1]
    return "A_Indirection" in node and "A_Star" in node["A_Indirection"]["indirection"][-1]


def _expanded_star(analyser: Analyser, node: Tree) -> list[Target] | None:
    """Return the columns that ``*`` or ``t.*`` stands for; None for anything else, or when they are not known."""
    if not _is_star(node):
        return None
    if "ColumnRef" not in node:
        return _expanded_value(analyser, node["A_Indirection"])
    scope, qualifier = analyser.scope, string_parts(node["ColumnRef"]["fields"][:-1])
    if not qualifier:
        return list(scope.visible) if scope.complete else None
    relation = scope.relation(qualifier)
    if relation is None or relation.columns is None:
        return None
    found = [(name, scope.qualified([*qualifier, name])) for name in relation.columns]
    return [(name, reference) for name, reference in found if reference is not None]


def _expanded_value(analyser: Analyser, fields: Tree) -> list[Target] | None:
    """Return the fields that ``(composite).*`` stands for; None when they are not known."""
    *steps, _ = fields["indirection"]
    node = {"A_Indirection": {**fields, "indirection": steps}} if steps else fields["arg"]
    columns = analyser.fields(analyser.typed(node)[1])
    if columns is None:
        return None
    paths = [{"A_Indirection": {"arg": fields["arg"], "indirection": [*steps, {"String": {"sval": name}}]}}
             for name in columns]  # fmt: skip
    return [(name, analyser.typed(path)) for name, path in zip(columns, paths, strict=True)]


def _target(name: str, typed: Typed) -> Tree:
    tree = typed[0]
    return {"ResTarget": {"val": tree, "name": name} if name else {"val": tree}}


class _Finder:
    """Finds what ORDER BY, GROUP BY and DISTINCT ON items mean: an output column, a number of one, an expression."""

    __slots__ = ("analyser", "names", "targets")

    def __init__(self, analyser: Analyser, targets: Sequence[Target], names: Sequence[str]) -> None:
        self.analyser, self.targets, self.names = analyser, targets, names

    def sorted(self, node: Tree) -> Tree:
        """Return an ORDER BY or DISTINCT ON item's expression: output names come first."""
        name = _bare_name(node)
        if name in self.names:
            return self.targets[list(self.names).index(name)][1][0]
        return self._numbered(node)

    def grouped(self, node: Tree) -> Tree:
        """Return a GROUP BY item's expression: input columns come first."""
        name = _bare_name(node)
        if name in self.names and self.analyser.scope.unqualified(name) is None:
            return self.targets[list(self.names).index(name)][1][0]
        return self._numbered(node)

    def _numbered(self, node: Tree) -> Tree:
        constant: Tree = node.get("A_Const", {})
        number = constant["ival"].get("ival", 0) if "ival" in constant else 0
        if 0 < number <= len(self.targets):
            _, typed = self.targets[number - 1]
            return typed[0]
        typed = self.analyser.typed(node)
        return self.analyser.coerced(typed, "text")[0] if typed[1] == UNKNOWN else typed[0]


def _bare_name(node: Tree) -> str:
    parts: Sequence[Tree] = node["ColumnRef"]["fields"] if "ColumnRef" in node else ()
    return str(parts[0]["String"]["sval"]) if len(parts) == 1 and "String" in parts[0] else ""


def _group_item(finder: _Finder, node: Tree) -> Tree:
    if "GroupingSet" in node:
        content = [_group_item(finder, item) for item in node["GroupingSet"].get("content", ())]
        return {"GroupingSet": {**node["GroupingSet"], **({"content": content} if content else {})}}
    if "RowExpr" in node:
        row = node["RowExpr"]
        return {"RowExpr": {**row, "args": [_group_item(finder, item) for item in row.get("args", ())]}}
    return finder.grouped(node)


def _distinct(finder: _Finder, items: Sequence[Tree], sort: Sequence[Tree]) -> list[Tree]:
    """Return DISTINCT, or DISTINCT ON with its items in the order of ORDER BY, as the server keeps them."""
    found = [finder.sorted(item) for item in items if item]
    ordered = [item["SortBy"]["node"] for item in sort]
    first = [node for node in ordered if node in found]
    return [*first, *[node for node in found if node not in first]] or list(items)


def _locking(analyser: Analyser, clause: Tree) -> Tree:
    """Return FOR UPDATE; without OF it concerns every relation."""
    fields = clause["LockingClause"]
    named = [item["RangeVar"]["relname"] for item in fields.get("lockedRels", ())]
    relations = analyser.scope.relations
    chosen = [relations[name].alias for name in named if name in relations] if named else [
        relation.alias for relation in relations.values()]  # fmt: skip
    tables = [{"RangeVar": {"relname": name, "inh": True}} for name in chosen]
    return {"LockingClause": {**fields, "lockedRels": tables}}


@analyses("SubLink")
def _sublink(analyser: Analyser, fields: Tree) -> Typed:
    kind = fields["subLinkType"]
    query, outputs = analyse_query(analyser, fields["subselect"]["SelectStmt"], named=False)
    result: Fields = {"subLinkType": kind, "subselect": {"SelectStmt": query}}
    types = [type_ for _, type_, _ in outputs or ()]
    if "testexpr" in fields:
        symbol = fields["operName"][-1]["String"]["sval"] if "operName" in fields else "="
        result["testexpr"] = _test(analyser, fields["testexpr"], symbol, types)
        if symbol != "=" or kind != "ANY_SUBLINK":
            result["operName"] = [{"String": {"sval": symbol}}]
    if kind == "EXPR_SUBLINK":
        return {"SubLink": result}, types[0] if types else OPAQUE, ()
    if kind == "ARRAY_SUBLINK":
        return {"SubLink": result}, f"{types[0]}[]" if types and types[0] else OPAQUE, ()
    return {"SubLink": result}, "boolean", ()


def _test(analyser: Analyser, node: Tree, symbol: str, types: Sequence[str]) -> Tree:
    """Return the left side of ``x IN (SELECT ...)``, cast as the comparison wants it."""
    if "RowExpr" in node:
        row = node["RowExpr"]
        args = row.get("args", ())
        wanted = types if len(types) == len(args) else [OPAQUE] * len(args)
        trees = [_test(analyser, arg, symbol, [type_]) for arg, type_ in zip(args, wanted, strict=True)]
        return {"RowExpr": {"args": trees, "row_format": "COERCE_IMPLICIT_CAST"}}
    typed = analyser.typed(node)
    call = resolve_operator(symbol, analyser.base(typed[1]), analyser.base(types[0]) if types else OPAQUE)
    return analyser.coerced(typed, call.arguments[0])[0]


@analyses("SelectStmt")
def _statement(analyser: Analyser, fields: Tree) -> Typed:
    return {"SelectStmt": analyse_query(analyser, fields)[0]}, OPAQUE, ()
