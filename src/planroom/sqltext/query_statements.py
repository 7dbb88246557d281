"""INSERT, UPDATE, DELETE, MERGE and CREATE ... AS: what is written to, and the query that feeds it."""

from __future__ import annotations

from sqlglot import exp

from planroom.changing import replace
from planroom.sqltext.queries import Assignment, Node, Projection, Query, Source
from planroom.sqltext.query_nodes import Converter
from planroom.sqltext.query_scopes import Builder, Within
from planroom.sqltext.query_sources import Sources

__all__ = ["change", "insertion", "query_of"]


def query_of(tree: exp.Expr, text: str, offset: int, dialect: str) -> Query | None:
    """Return a statement as a query; None for one that neither reads nor writes rows.

    Raises:
        RecursionError: It is nested too deeply.
    """
    builder = Builder(text, offset, dialect)
    if isinstance(tree, exp.Insert):
        return _insert(tree, builder)
    if isinstance(tree, exp.Update | exp.Delete | exp.Merge):
        return _change(tree, builder)
    if isinstance(tree, exp.Create):
        return _create(tree, builder)
    if isinstance(tree, exp.Query | exp.Values):
        builder.query(tree, Within())
        return Query("select", tuple(builder.scopes))
    return None


def _create(tree: exp.Expr, builder: Builder) -> Query | None:
    inner = tree.args.get("expression")
    kind = str(tree.args.get("kind") or "").lower()
    if kind not in {"view", "table"} or not isinstance(inner, exp.Query):
        return None
    target, columns = _target(tree.this, builder)
    builder.query(inner, builder.with_ctes(tree, Within()))
    return Query(f"create-{kind}", tuple(builder.scopes), target, columns)


def _target(tree: exp.Expr, builder: Builder) -> tuple[Source, tuple[Node, ...] | None]:
    """Return the table that a statement writes to, and the columns that stand behind it."""
    converter = builder.converter(0, {})
    names = None
    if isinstance(tree, exp.Schema):
        names = tuple(
            Node("column", builder.name(each), (), *converter.span(each, ()))
            for each in tree.expressions if isinstance(each, exp.Identifier)
        )  # fmt: skip
        tree = tree.this
    reader = Sources(builder, converter, 0, {})
    reader.add(tree, "from")
    return reader.found[0], names


def _insert(tree: exp.Expr, builder: Builder) -> Query:
    target, columns = _target(tree.this, builder)
    values = tree.args.get("expression")
    within = Within()
    if isinstance(values, exp.Query | exp.Values):
        around = builder.with_ctes(tree, within)
        number = builder.query(values, around)
        builder.scopes[number] = replace(builder.scopes[number], role="root")
    if not builder.scopes:
        builder.begin("insert", within)
    conflict = tree.args.get("conflict")
    converter = builder.converter(len(builder.scopes), {})
    keys = (conflict.args.get("conflict_keys") or ()) if conflict is not None else ()
    return Query(
        "insert", tuple(builder.scopes), target, columns,
        assignments=_assignments(conflict, converter) if conflict is not None else (),
        conflict_columns=tuple(node.args[0] if node.kind == "ordered" else node for node in converter.nodes(keys)),
    )  # fmt: skip


def _assignments(tree: exp.Expr, converter: Converter) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(converter.node(each.this), converter.node(each.expression))
        for each in tree.args.get("expressions") or () if isinstance(each, exp.EQ)
    )  # fmt: skip


def _change(tree: exp.Expr, builder: Builder) -> Query:
    """Return an UPDATE, DELETE or MERGE: one scope whose first source is the target."""
    assignments = change(tree, builder, Within())
    scope = builder.scopes[0]
    return Query(scope.kind, tuple(builder.scopes), scope.sources[0], None, assignments)


def insertion(tree: exp.Expr, builder: Builder, within: Within) -> None:
    """Enter an INSERT inside another statement: a scope over its target that gives what RETURNING says."""
    scope = builder.begin("insert", within)
    within = builder.with_ctes(tree, within, scope.number)
    ctes = within.ctes or {}
    values = tree.args.get("expression")
    if isinstance(values, exp.Query | exp.Values):
        builder.query(values, Within(scope.number, 0, ctes, "derived"))
    converter = builder.converter(scope.number, ctes)
    target, _ = _target(tree.this, builder)
    scope = replace(scope, sources=(target,), projections=_returned(tree, builder, converter))
    builder.scopes[scope.number] = scope


def change(tree: exp.Expr, builder: Builder, within: Within) -> tuple[Assignment, ...]:
    """Enter an UPDATE, DELETE or MERGE and return what it sets."""
    scope = builder.begin(type(tree).__name__.lower(), within)
    within = builder.with_ctes(tree, within, scope.number)
    ctes = within.ctes or {}
    converter = builder.converter(scope.number, ctes)
    sources = _sources_of_change(tree, Sources(builder, converter, scope.number, ctes))
    scope = replace(scope, sources=sources)
    builder.scopes[scope.number] = scope
    assignments = _assignments(tree, converter) if isinstance(tree, exp.Update) else ()
    scope = replace(
        scope,
        projections=_returned(tree, builder, converter),
        others=tuple(each.value for each in assignments),
        order_by=converter.nodes(tree.args["order"].expressions) if tree.args.get("order") else (),
        limit=converter.node(tree.args["limit"].expression) if tree.args.get("limit") else None,
    )
    builder.finish(scope, tree, converter)
    return assignments


def _returned(tree: exp.Expr, builder: Builder, converter: Converter) -> tuple[Projection, ...]:
    clause = tree.args.get("returning")
    return tuple(builder.projection(each, converter) for each in clause.expressions) if clause is not None else ()


def _sources_of_change(tree: exp.Expr, reader: Sources) -> tuple[Source, ...]:
    reader.add(tree.this, "from")
    using = tree.args.get("using") or ()
    for each in using if isinstance(using, list) else [using]:
        if isinstance(each, exp.Expr):
            reader.add(each, "comma")
    clause = tree.args.get("from_")
    if clause is not None:
        reader.add(clause.this, "comma")
    reader.joins(tree)
    on = tree.args.get("on")
    if isinstance(on, exp.Expr) and len(reader.found) > 1:
        reader.found[1] = replace(reader.found[1], join="inner", on=reader.converter.node(on))
    return _without_repeated_target(reader.found, reader.builder.dialect)


def _without_repeated_target(found: list[Source], dialect: str) -> tuple[Source, ...]:
    """Return the sources, the target first; outside PostgreSQL it may be named by the alias that FROM gives it."""
    named = [each for each in found[1:] if each.name == found[0].name]
    if dialect == "postgres" or not named:
        return tuple(found)
    rest = [each for each in found[1:] if each is not named[0]]
    return replace(named[0], join="from", on=None), *rest
