"""Views, materialised views, and tables made from queries."""

from __future__ import annotations

import re

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Key, Problem, Skipped
from planroom.ddl.dispatch import folds
from planroom.ddl.trees import options, relation_name, strings
from planroom.model import Column, Table, View, qualified, quote_identifier
from planroom.sqltext import DataType, Statement, Tree, after_as, mentioned_relations, output_columns, query

__all__: list[str] = []

_RECURSIVE = re.compile(r"create\s+(?:or\s+replace\s+)?recursive\b", re.IGNORECASE)


@folds("ViewStmt")
def create_view(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE [OR REPLACE] VIEW."""
    if fields["view"].get("relpersistence") == "t":
        raise Skipped("session", "a temporary view is gone when its session ends")
    key = catalog.creation_key(*relation_name(fields["view"]))
    held = catalog.views.get(key)
    if (key in catalog.relations and held is None) or (held and not fields.get("replace")):
        raise Problem(f"a relation called {qualified(*key)} exists already")
    given = dict(options(fields.get("options")))
    check = fields.get("withCheckOption", "NO_CHECK_OPTION")
    if check != "NO_CHECK_OPTION":
        given["check_option"] = "local" if check.startswith("LOCAL") else "cascaded"
    view = _view(catalog, key, fields["query"], strings(fields.get("aliases")), statement, "VIEW")
    view = replace(view, options=tuple(sorted(given.items())))
    if held:
        view = replace(view, comment=held.comment, triggers=held.triggers)
    catalog.relations[key] = "view"
    catalog.views[key] = view


def _view(catalog: Catalog, key: Key, tree: Tree, aliases: tuple[str, ...], statement: Statement, word: str) -> View:
    """Return a view over a query, after a look whether what it reads is there."""
    written = _query_text(statement.text, word)
    if _RECURSIVE.match(statement.text):
        written = _recursive(key[1], aliases, written)
    _known_relations(catalog, key, written)
    columns = output_columns(tree, catalog)
    named = tuple(
        Column(aliases[position] if position < len(aliases) else name, type_)
        for position, (name, type_) in enumerate(columns or ())
    )
    if not named and aliases:
        named = tuple(Column(name, DataType.UNKNOWN) for name in aliases)
    return View(
        schema=key[0],
        name=key[1],
        query=query(_with_aliases(tree, aliases), written, catalog),
        columns=named,
        origin=statement.location,
    )


def _recursive(name: str, columns: tuple[str, ...], written: str) -> str:
    """Return the query that CREATE RECURSIVE VIEW stands for (``makeRecursiveViewSelect`` in gram.y)."""
    view, named = quote_identifier(name), ", ".join(map(quote_identifier, columns))
    return f"WITH RECURSIVE {view} ({named}) AS ({written}) SELECT {named} FROM {view}"  # noqa: S608  (it is read, not run)


def _with_aliases(node: Tree, aliases: tuple[str, ...]) -> Tree:
    """Return a query whose first columns bear the names that CREATE VIEW gives them."""
    fields = node.get("SelectStmt", {})
    if not aliases or not fields:
        return node
    if "larg" in fields:
        left = _with_aliases({"SelectStmt": fields["larg"]}, aliases)["SelectStmt"]
        return {"SelectStmt": {**fields, "larg": left}}
    targets = [
        {"ResTarget": {**target["ResTarget"], "name": aliases[position]}} if position < len(aliases) else target
        for position, target in enumerate(fields.get("targetList", ()))
    ]
    return {"SelectStmt": {**fields, "targetList": targets}}


def _query_text(text: str, word: str) -> str:
    """Return the query of CREATE VIEW as it is written: what stands after AS, without a trailing WITH clause."""
    written = after_as(text)
    tail = r"\s+WITH\s+(?:NO\s+)?DATA\s*$" if word == "MATERIALIZED VIEW" else (
        r"\s+WITH\s+(?:(?:LOCAL|CASCADED)\s+)?CHECK\s+OPTION\s*$"
    )  # fmt: skip
    return re.sub(tail, "", written, flags=re.IGNORECASE)


def _known_relations(catalog: Catalog, key: Key, written: str) -> None:
    """Look whether a view's relations are there; those of the system and of extensions are never listed.

    Raises:
        Problem: Nothing made one of them.
        Skipped: The columns of one are not known, and so are not the view's.
    """
    for schema, name in sorted(mentioned_relations(written)):
        if schema in {"pg_catalog", "information_schema"} or name.startswith("pg_"):
            continue
        if not any(catalog.find(store, schema, name) for store in (catalog.tables, catalog.views)):
            if catalog.obscured(schema, name):
                catalog.obscure.add(key)
            raise catalog.missing("table or view", schema, name)


@folds("CreateTableAsStmt")
def create_table_as(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE MATERIALIZED VIEW, and CREATE TABLE AS."""
    into = fields["into"]
    if into["rel"].get("relpersistence") == "t":
        raise Skipped("session", "a temporary table is gone when its session ends")
    key = catalog.creation_key(*relation_name(into["rel"]))
    if key in catalog.relations:
        if fields.get("if_not_exists"):
            raise Skipped("session", f"{qualified(*key)} exists already (IF NOT EXISTS)")
        raise Problem(f"a relation called {qualified(*key)} exists already")
    aliases = strings(into.get("colNames"))
    if fields.get("objtype") == "OBJECT_MATVIEW":
        view = _view(catalog, key, fields["query"], aliases, statement, "MATERIALIZED VIEW")
        catalog.relations[key] = "materialised view"
        catalog.views[key] = replace(
            view,
            materialised=True,
            populated=not into.get("skipData"),
            options=options(into.get("options")),
            tablespace=into.get("tableSpaceName", ""),
        )
        return
    _table_from_query(catalog, key, fields, aliases, statement)


def _table_from_query(catalog: Catalog, key: Key, fields: Tree, aliases: tuple[str, ...], statement: Statement) -> None:
    columns = output_columns(fields["query"], catalog) if "SelectStmt" in fields["query"] else None  # EXECUTE
    if columns is None or any(type_ == DataType.UNKNOWN for _, type_ in columns):
        catalog.obscure.add(key)
        raise Skipped("structure", "the columns of CREATE TABLE AS follow from a query, and cannot be told from text")
    catalog.relations[key] = "table"
    catalog.put_table(
        Table(
            schema=key[0],
            name=key[1],
            columns=tuple(
                Column(aliases[position] if position < len(aliases) else name, type_)
                for position, (name, type_) in enumerate(columns)
            ),
            storage=options(fields["into"].get("options")),
            unlogged=fields["into"]["rel"].get("relpersistence") == "u",
            tablespace=fields["into"].get("tableSpaceName", ""),
            origin=statement.location,
        )
    )


@folds("RefreshMatViewStmt")
def refresh(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """REFRESH MATERIALIZED VIEW: it is populated from here on, or no longer."""
    key = catalog.find(catalog.views, *relation_name(fields["relation"]))
    if key is None:
        raise Problem(f"there is no materialised view {qualified(*relation_name(fields['relation']))}", missing=True)
    catalog.views[key] = replace(catalog.views[key], populated=not fields.get("skipData"))
