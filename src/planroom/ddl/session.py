"""What sets the stage: schemas, extensions, the search path, transactions; and what the model leaves alone."""

from __future__ import annotations

from planroom.ddl.catalog import Catalog, Problem, Skipped
from planroom.ddl.dispatch import HANDLERS, folds
from planroom.ddl.trees import constant, strings
from planroom.model import Extension, Schema
from planroom.sqltext import Statement, Tree

__all__ = ["LEFT_ALONE"]


@folds("CreateSchemaStmt")
def create_schema(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE SCHEMA, with the objects that it may make at once."""
    from planroom.ddl.fold import apply_tree

    name = fields.get("schemaname") or fields.get("authrole", {}).get("rolename", "")
    if name not in catalog.schemas:
        catalog.schemas[name] = Schema(name=name, origin=statement.location)
    elif not fields.get("if_not_exists") and catalog.schemas[name].origin.line:
        raise Problem(f"a schema called {name!r} exists already")
    else:
        catalog.schemas[name] = Schema(name=name, origin=statement.location)
    path = catalog.search_path
    catalog.search_path = (name, *path)
    for element in fields.get("schemaElts", ()):
        apply_tree(catalog, element, statement)
    catalog.search_path = path


@folds("CreateExtensionStmt")
def create_extension(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE EXTENSION."""
    name = fields["extname"]
    if name in catalog.extensions:
        if fields.get("if_not_exists"):
            raise Skipped("session", f"the extension {name} is there already (IF NOT EXISTS)")
        raise Problem(f"the extension {name} is there already")
    given = {node["DefElem"]["defname"]: constant(node["DefElem"].get("arg")) for node in fields.get("options", ())}
    schema = given.get("schema") or _FIXED_SCHEMAS.get(name) or (catalog.search_path[0] if catalog.search_path else "")
    if name == "plpgsql":
        raise Skipped("session", "the language plpgsql comes with PostgreSQL")
    catalog.extensions[name] = Extension(
        name=name, schema=schema, version=given.get("new_version", ""), origin=statement.location
    )


_FIXED_SCHEMAS = {"plpgsql": "pg_catalog", "pgtap": "", "pg_cron": "pg_catalog", "timescaledb": "public"}


@folds("VariableSetStmt")
def set_variable(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """SET: only the search path changes what later statements mean."""
    if fields.get("name") == "search_path":
        names = [constant(node) for node in fields.get("args", ())]
        reset = fields.get("kind") != "VAR_SET_VALUE"
        path = ("public",) if reset else _usable(names)
        catalog.set_path(path, local=bool(fields.get("is_local")))
    raise Skipped("session", "a setting of the session is not part of the design")


def _usable(names: list[str]) -> tuple[str, ...]:
    """Return the schemas of a search path in which a design can have objects."""
    return tuple(name for name in names if name and name not in {"$user", "pg_catalog"})


@folds("SelectStmt")
def select(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """SELECT: pg_dump sets the search path by it, and the values of sequences; with INTO it makes a table."""
    if "intoClause" in fields:
        query = {name: value for name, value in fields.items() if name != "intoClause"}
        made = {"into": fields["intoClause"], "query": {"SelectStmt": query}}
        HANDLERS["CreateTableAsStmt"](catalog, made, statement)
        return
    for target in fields.get("targetList", ()):
        call = target.get("ResTarget", {}).get("val", {}).get("FuncCall", {})
        name = strings(call.get("funcname"))[-1:] or ("",)
        if name == ("set_config",) and constant(call["args"][0]) == "search_path":
            path = constant(call["args"][1])
            parts = [part.strip().strip('"') for part in path.split(",")]
            local = len(call["args"]) > 2 and constant(call["args"][2]) == "true"
            catalog.set_path(_usable(parts), local=local)
            raise Skipped("session", "a setting of the session is not part of the design")
        if name == ("setval",):
            raise Skipped("data", "the value of a sequence is data")
    raise Skipped("query", "a query changes no structure")


@folds("TransactionStmt")
def transaction(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """BEGIN, COMMIT, ROLLBACK, and savepoints: what is rolled back was never made."""
    kind = str(fields["kind"]).removeprefix("TRANS_STMT_")
    if kind in {"BEGIN", "START"}:
        catalog.begin()
    elif kind == "COMMIT":
        catalog.commit()
    elif kind == "ROLLBACK":
        catalog.rollback()
    elif kind in _OF_SAVEPOINTS:
        _OF_SAVEPOINTS[kind](catalog, fields["savepoint_name"])
    raise Skipped("session", "transactions are not part of the design")


_OF_SAVEPOINTS = {"SAVEPOINT": Catalog.save, "RELEASE": Catalog.release, "ROLLBACK_TO": Catalog.rollback_to}

LEFT_ALONE: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "TruncateStmt"), ("data", "rows are data")
    ),
    **dict.fromkeys(
        ("GrantStmt", "GrantRoleStmt", "AlterDefaultPrivilegesStmt", "AlterOwnerStmt", "CreateRoleStmt",
         "AlterRoleStmt",
         "AlterRoleSetStmt", "DropRoleStmt", "ReassignOwnedStmt", "DropOwnedStmt", "SecLabelStmt"),
        ("privileges", "roles, owners and privileges are not part of the model"),
    ),
    **dict.fromkeys(
        ("VariableShowStmt", "LockStmt", "VacuumStmt", "ClusterStmt", "ReindexStmt", "CheckPointStmt", "DiscardStmt",
         "NotifyStmt", "ListenStmt", "UnlistenStmt", "PrepareStmt", "ExecuteStmt", "DeallocateStmt", "ExplainStmt",
         "DeclareCursorStmt", "ClosePortalStmt", "FetchStmt", "LoadStmt", "ConstraintsSetStmt", "AlterSystemStmt",
         "CreatedbStmt", "DropdbStmt", "AlterDatabaseStmt", "AlterDatabaseSetStmt"),
        ("session", "it leaves no structure behind in this database"),
    ),
    **dict.fromkeys(("DoStmt", "CallStmt"), ("structure", "what code does when it runs cannot be told from its text")),
}  # fmt: skip
"""Statements that the model leaves alone: the kind of `Unread`, and why. Any other unknown one is structure."""
