"""CREATE, DROP, RENAME and what else makes or unmakes relations."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.ddl.trees import relation_name, strings
from planroom.linting.effects.alter import typed_tables
from planroom.linting.effects.partitions import lock_default_partition, reference_from_partition
from planroom.linting.effects.survey import Survey, foresees
from planroom.linting.effects.values import Key, Lock
from planroom.model import Table
from planroom.sqltext import Tree, data_type

__all__: list[str] = []

AE, SRE, SUE = Lock.ACCESS_EXCLUSIVE, Lock.SHARE_ROW_EXCLUSIVE, Lock.SHARE_UPDATE_EXCLUSIVE


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
            reference_from_partition(survey, survey.table(parent), SRE)
            for above in survey.ancestors(parent):
                reference_from_partition(survey, survey.table(above), SRE)
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
        for *schema, relation, _ in named:
            key = survey.named(schema[-1] if schema else "", relation)
            table = survey.table(key)
            for each in survey.family(key, recurse=kind == "OBJECT_TRIGGER" and bool(table and table.partitioning)):
                survey.lock(each, AE)
    elif kind in {"OBJECT_TYPE", "OBJECT_DOMAIN"} and cascade:
        _drop_types(survey, fields)
    elif kind == "OBJECT_SCHEMA" and cascade:
        schemas = {parts for node in fields.get("objects", ()) for parts in strings([node])}
        keys = [key for key in (*survey.catalog.tables, *survey.catalog.views) if key[0] in schemas]
        _drop_relations(survey, keys, cascade=True)


def _drop_types(survey: Survey, fields: Tree) -> None:
    """Lock the tables that lose a column with its type."""
    for node in fields.get("objects", ()):
        dropped = data_type(node["TypeName"], survey.catalog)
        for key, table in survey.catalog.tables.items():
            if any((each.type.schema, each.type.name) == (dropped.schema, dropped.name) for each in table.columns):
                survey.lock(key, AE)


def _drop_relations(survey: Survey, keys: list[Key], *, cascade: bool) -> None:
    dropped = [each for key in keys for each in survey.family(key)]
    for key in dropped:
        survey.lock(key, AE)
        table = survey.table(key)
        if table:
            _release(survey, key, table)
    if cascade:
        for key in survey.referencing(dropped):
            for each in survey.parts(key):
                survey.lock(each, AE)
        for view in survey.views_over(dropped):
            survey.lock(view, AE)


def _release(survey: Survey, key: Key, table: Table) -> None:
    """Lock what a table's end changes: what it refers to, and the partitioned table that it belongs to."""
    parent = survey.parent_of(key)
    for owner in (table, *(survey.table(each) for each in survey.ancestors(key))):
        for foreign in owner.foreign_keys if owner else ():
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


_OF_RELATIONS = {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE", "OBJECT_COLUMN",
                 "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"}  # fmt: skip


@foresees("RenameStmt")
def _rename(survey: Survey, fields: Tree) -> None:
    if fields["renameType"] == "OBJECT_ATTRIBUTE" and fields.get("behavior") == "DROP_CASCADE":
        _rename_attribute(survey, fields)
    if fields["renameType"] not in _OF_RELATIONS or "relation" not in fields:
        return
    key = survey.key(fields["relation"])
    if survey.catalog.relations.get(key) == "index" or _is_missing(survey, fields, key):
        return
    recursing = fields["renameType"] in {"OBJECT_COLUMN", "OBJECT_TRIGGER"} or _is_inherited_check(survey, fields, key)
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
