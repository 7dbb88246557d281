"""CREATE, DROP, RENAME and what else makes or unmakes relations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planroom.ddl.drops import routine_key
from planroom.ddl.trees import relation_name, strings
from planroom.linting.effects.alter import typed_tables
from planroom.linting.effects.partitions import lock_default_partition, lock_references
from planroom.linting.effects.survey import Survey, foresees
from planroom.linting.effects.values import Key, Lock
from planroom.model import Table
from planroom.sqltext import Tree, data_type

__all__: list[str] = []

AE, SRE, SUE = Lock.ACCESS_EXCLUSIVE, Lock.SHARE_ROW_EXCLUSIVE, Lock.SHARE_UPDATE_EXCLUSIVE


@foresees("CreateForeignTableStmt")
def _create_foreign(survey: Survey, fields: Tree) -> None:
    _create(survey, fields.get("base_stmt") or fields["base"])


@foresees("CreateStmt")
def _create(survey: Survey, fields: Tree) -> None:
    name = survey.key(fields["relation"])
    if fields.get("if_not_exists") and name in survey.catalog.relations:
        return
    parents = [survey.key(node["RangeVar"]) for node in fields.get("inhRelations", ())]
    partition = "partbound" in fields
    for parent in parents:
        survey.lock(parent, AE if partition else SUE)
        if partition:
            lock_default_partition(survey, parent)
            lock_references(survey, parent, coming=True)
    for constraint in _written_constraints(fields):
        if constraint["contype"] == "CONSTR_FOREIGN":
            for key in survey.parts(survey.key(constraint["pktable"])):
                if key != name:
                    survey.lock(key, SRE)


def _written_constraints(fields: Tree) -> Iterator[Tree]:
    for node in fields.get("tableElts", ()):
        if "Constraint" in node:
            yield node["Constraint"]
        for inner in node.get("ColumnDef", {}).get("constraints", ()):
            yield inner["Constraint"]


_DROPPED = {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"}


@foresees("DropStmt")
def _drop(survey: Survey, fields: Tree) -> None:
    kind, cascade = fields["removeType"], fields.get("behavior") == "DROP_CASCADE"
    named = [strings(node["List"]["items"]) for node in fields.get("objects", ()) if "List" in node]
    if kind in _DROPPED:
        keys = [survey.named(parts[-2] if len(parts) > 1 else "", parts[-1]) for parts in named]
        known = [key for key in keys if key in survey.catalog.relations or not fields.get("missing_ok")]
        _drop_relations(survey, known, cascade=cascade)
    elif kind == "OBJECT_INDEX":
        _drop_indexes(survey, fields, named)
    elif kind in {"OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"}:
        for *schema, relation, name in named:
            key = survey.named(schema[-1] if schema else "", relation)
            table = survey.table(key)
            if fields.get("missing_ok") and survey.catalog.relations and not _has(table, kind, name):
                continue
            for each in survey.family(key, recurse=kind == "OBJECT_TRIGGER" and _cloned(table, name)):
                survey.lock(each, AE)
    elif kind == "OBJECT_STATISTIC_EXT":
        _drop_statistics(survey, named)
    elif kind in {"OBJECT_TYPE", "OBJECT_DOMAIN"} and cascade:
        _drop_types(survey, fields)
    elif kind in {"OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE"} and cascade:
        _drop_routines(survey, fields)
    elif kind == "OBJECT_SEQUENCE" and cascade:
        _drop_sequences(survey, named)
    elif kind == "OBJECT_SCHEMA" and cascade:
        schemas = {parts for node in fields.get("objects", ()) for parts in strings([node])}
        keys = [key for key in (*survey.catalog.tables, *survey.catalog.views) if key[0] in schemas]
        _drop_relations(survey, keys, cascade=True)


def _has(table: Table | None, kind: str, name: str) -> bool:
    """Whether a table may have a trigger, policy or rule; rules are not in the catalog."""
    if table is None or kind == "OBJECT_RULE":
        return table is not None
    return any(each.name == name for each in (table.triggers if kind == "OBJECT_TRIGGER" else table.policies))


def _drop_types(survey: Survey, fields: Tree) -> None:
    """Lock the tables that lose a column with its type, or go with it."""
    for node in fields.get("objects", ()):
        dropped = data_type(node["TypeName"], survey.catalog)
        for key, table in survey.catalog.tables.items():
            if any((each.type.schema, each.type.name) == (dropped.schema, dropped.name) for each in table.columns):
                survey.lock(key, AE)
        _drop_relations(survey, typed_tables(survey, (dropped.schema, dropped.name)), cascade=True)


def _drop_statistics(survey: Survey, named: list[tuple[str, ...]]) -> None:
    schemas = survey.catalog.search_path
    wanted = {(schema, parts[-1]) for parts in named for schema in (parts[-2:-1] or schemas)}
    for key, table in survey.catalog.tables.items():
        if any((each.schema, each.name) in wanted for each in table.statistics):
            survey.lock(key, SUE)


def _drop_routines(survey: Survey, fields: Tree) -> None:
    """Lock the tables that lose a trigger with its function."""
    dropped = {routine_key(survey.catalog, node) for node in fields.get("objects", ())}
    names = {routine.name for key, routine in survey.catalog.routines.items() if key in dropped}
    for key, table in survey.catalog.tables.items():
        fired = [each for each in table.triggers if each.function.rpartition(".")[2] in names]
        cloned = bool(table.partitioning) and any(each.for_each_row for each in fired)
        for each in survey.family(key, recurse=cloned) if fired else ():
            survey.lock(each, AE)


def _drop_sequences(survey: Survey, named: list[tuple[str, ...]]) -> None:
    """Lock the tables that lose a default with the sequence that it counts by, and the views that read it."""
    dropped = {survey.named(parts[-2] if len(parts) > 1 else "", parts[-1]) for parts in named}
    for key, table in survey.catalog.tables.items():
        defaults = [each.default.text for each in table.columns if each.default and "nextval" in each.default.text]
        if any(re.search(rf"\b{re.escape(name)}\b", text) for text in defaults for _, name in dropped):
            survey.lock(key, AE)
    for view in survey.views_over(dropped):
        survey.lock(view, AE)


def _drop_relations(survey: Survey, keys: list[Key], *, cascade: bool) -> None:
    dropped = [each for key in keys for each in survey.family(key)]
    for key in dropped:
        survey.lock(key, AE)
        table = survey.table(key)
        if table:
            _release(survey, key, table)
    if cascade:
        _drop_references(survey, dropped)
        for view in survey.views_over(dropped):
            survey.lock(view, AE)


def _drop_references(survey: Survey, dropped: list[Key]) -> None:
    """Lock both ends of the foreign keys that refer to what is dropped, or to the table that it is a partition of."""
    above = dict.fromkeys(parent for key in dropped for parent in survey.ancestors(key))
    for key in survey.referencing([*dropped, *above]):
        for each in survey.parts(key):
            survey.lock(each, AE)
    for parent in above:
        for each in survey.parts(parent) if any(survey.referencing([parent])) else ():
            survey.lock(each, AE)


def _release(survey: Survey, key: Key, table: Table) -> None:
    """Lock what a table's end changes: what it refers to, and the partitioned table that it belongs to."""
    parent = survey.parent_of(key)
    for foreign in table.foreign_keys:
        referenced = survey.keyed(foreign.referenced_table)
        for each in survey.parts(referenced) if referenced else ():
            survey.lock(each, AE)
    if parent:
        survey.lock(parent, AE)
        lock_default_partition(survey, parent, scan=False)


def _drop_indexes(survey: Survey, fields: Tree, named: list[tuple[str, ...]]) -> None:
    survey.alone = bool(fields.get("concurrent"))
    for parts in named:
        key = survey.catalog.find(survey.catalog.index_tables, parts[-2] if len(parts) > 1 else "", parts[-1])
        if key is None and fields.get("missing_ok") and survey.catalog.relations:
            continue
        if key is None:
            survey.unknown.append(f"which table has the index {'.'.join(parts)}")
            continue
        owner = survey.catalog.index_tables[key]
        table = survey.table(owner)
        for each in survey.family(owner, recurse=bool(table and table.partitioning)):
            survey.lock(each, SUE if fields.get("concurrent") else AE)


def _cloned(table: Table | None, trigger: str) -> bool:
    """Whether the partitions of a table have a trigger, too."""
    rows = {each.name: each.for_each_row for each in table.triggers} if table and table.partitioning else {}
    return rows.get(trigger, bool(rows))


_OF_RELATIONS = {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE", "OBJECT_COLUMN",
                 "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"}  # fmt: skip


@foresees("RenameStmt")
def _rename(survey: Survey, fields: Tree) -> None:
    if fields["renameType"] == "OBJECT_ATTRIBUTE" and fields.get("behavior") == "DROP_CASCADE":
        _rename_attribute(survey, fields)
    if fields["renameType"] not in {*_OF_RELATIONS, "OBJECT_INDEX"} or "relation" not in fields:
        return
    key = survey.key(fields["relation"])
    kind = survey.catalog.relations.get(key, "index" if fields["renameType"] == "OBJECT_INDEX" else "table")
    if kind in {"index", "sequence", "composite type"} or _is_missing(survey, fields, key):
        return
    recursing = (
        fields["renameType"] == "OBJECT_COLUMN"
        or _is_inherited_check(survey, fields, key)
        or (fields["renameType"] == "OBJECT_TRIGGER" and survey.is_partitioned(key))
    )
    for each in survey.family(key, recurse=recursing):
        survey.lock(each, AE)


def _is_inherited_check(survey: Survey, fields: Tree, key: Key) -> bool:
    """Whether a constraint is renamed that children have under the same name."""
    table = survey.table(key)
    checks = table.checks if table and fields["renameType"] == "OBJECT_TABCONSTRAINT" else ()
    return any(check.name == fields.get("subname") and not check.no_inherit for check in checks)


def _is_missing(survey: Survey, fields: Tree, key: Key) -> bool:
    """Whether IF EXISTS makes it a statement about nothing."""
    return bool(fields.get("missing_ok") and survey.catalog.relations and key not in survey.catalog.relations)


def _rename_attribute(survey: Survey, fields: Tree) -> None:
    schema, name = relation_name(fields["relation"])
    composite = survey.catalog.find(survey.catalog.composite_types, schema, name)
    for key in typed_tables(survey, composite):
        for each in survey.family(key):
            survey.lock(each, AE)


@foresees("AlterObjectSchemaStmt")
def _set_schema(survey: Survey, fields: Tree) -> None:
    if fields.get("objectType") in _OF_RELATIONS and "relation" in fields:
        key = survey.key(fields["relation"])
        if not _is_missing(survey, fields, key):
            survey.lock(key, AE)


@foresees("ViewStmt")
def _create_view(survey: Survey, fields: Tree) -> None:
    key = survey.key(fields["view"])
    if fields.get("replace") and key in survey.catalog.views:
        survey.lock(key, AE)
