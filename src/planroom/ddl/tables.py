"""CREATE TABLE, in all its forms."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Key, Problem, Skipped
from planroom.ddl.columns import ColumnDraft, column_constraints, draft_column
from planroom.ddl.constraints import add_constraint, in_server_order
from planroom.ddl.dispatch import folds
from planroom.ddl.indexes import add_index, naming_parts
from planroom.ddl.naming import default_name, key_name
from planroom.ddl.partitions import attach, partitioning
from planroom.ddl.trees import options, relation_name
from planroom.model import Column, ExtendedStatistics, Table, qualified
from planroom.sqltext import Expression, Statement, Tree

__all__ = ["heir_of", "new_table"]

# TableLikeClause.options, PostgreSQL 18 (nodes/parsenodes.h).
_COMMENTS, _COMPRESSION, _CONSTRAINTS, _DEFAULTS, _GENERATED, _IDENTITY, _INDEXES, _STATISTICS, _STORAGE = (
    1 << bit for bit in range(9)
)


@folds("CreateStmt")
def create_table(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE TABLE."""
    new_table(catalog, fields, statement)


@folds("CreateForeignTableStmt")
def create_foreign_table(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE FOREIGN TABLE; its server and options are kept as they are written."""
    base = fields.get("base_stmt") or fields["base"]
    key = new_table(catalog, base, statement)
    table = catalog.tables[key]
    catalog.relations[key] = "foreign table"
    catalog.put_table(replace(table, external=fields.get("servername", "")))


def new_table(catalog: Catalog, fields: Tree, statement: Statement) -> Key:
    """Make a table and return its key."""
    range_var = fields["relation"]
    if range_var.get("relpersistence") == "t":
        raise Skipped("session", "a temporary table is gone when its session ends")
    key = catalog.creation_key(*relation_name(range_var))
    if not catalog.relation_is_free(*key):
        if fields.get("if_not_exists"):
            raise Skipped("session", f"{qualified(*key)} exists already (IF NOT EXISTS)")
        raise Problem(f"a relation called {qualified(*key)} exists already")
    catalog.relations[key] = "table"
    table = Table(
        schema=key[0],
        name=key[1],
        unlogged=range_var.get("relpersistence") == "u",
        storage=options(fields.get("options")),
        tablespace=fields.get("tablespacename", ""),
        access_method=fields.get("accessMethod", "") if fields.get("accessMethod") != "heap" else "",
        origin=statement.location,
    )
    catalog.put_table(table)
    _fill(catalog, key, fields, statement)
    return key


def _fill(catalog: Catalog, key: Key, fields: Tree, statement: Statement) -> None:
    """Give a new table its columns and constraints, in the order in which the server does."""
    parents = [catalog.table_key(*relation_name(node["RangeVar"])) for node in fields.get("inhRelations", ())]
    is_partition = "partbound" in fields
    _inherit(catalog, key, parents, fields, is_partition=is_partition)
    likes: list[tuple[Key, int]] = []
    drafts = _collect_columns(catalog, key, fields, statement, likes)
    constraints = _complete_columns(catalog, key, drafts, statement)
    constraints += [node["Constraint"] for node in fields.get("tableElts", ()) if "Constraint" in node]
    constraints += [node["Constraint"] for node in fields.get("constraints", ())]
    if "partspec" in fields:
        table = catalog.tables[key]
        catalog.put_table(replace(table, partitioning=partitioning(catalog, table, fields["partspec"])))
    not_null = [each for each in constraints if each["contype"] == "CONSTR_NOTNULL"]
    others = [each for each in constraints if each["contype"] != "CONSTR_NOTNULL"]
    for each in (*not_null, *in_server_order(others)):
        add_constraint(catalog, catalog.tables[key], each, statement, new=True)
    for source, wanted in likes:
        _copy_indexes(catalog, catalog.tables[source], key, wanted)
    if is_partition:
        attach(catalog, parents[0], key, fields["partbound"])


def _collect_columns(
    catalog: Catalog, key: Key, fields: Tree, statement: Statement, likes: list[tuple[Key, int]]
) -> dict[str, ColumnDraft]:
    """Give a new table the columns of CREATE TABLE's list, and return what is written beside each of them."""
    columns = dict(catalog.tables[key].columns_by_name)
    drafts: dict[str, ColumnDraft] = {}
    for node in fields.get("tableElts", ()):
        if "ColumnDef" in node:
            draft = draft_column(catalog, node["ColumnDef"], statement)
            name = draft.column.name
            columns[name] = _defined(catalog.tables[key], columns.get(name), draft.column, again=name in drafts)
            drafts[name] = draft
        elif "TableLikeClause" in node:
            clause = node["TableLikeClause"]
            source = catalog.table_key(*relation_name(clause["relation"]))
            likes.append((source, clause.get("options", 0)))
            columns |= _copy_columns(catalog, catalog.tables[source], key, clause.get("options", 0))
    catalog.put_table(replace(catalog.tables[key], columns=tuple(columns.values())))
    return drafts


def _defined(table: Table, known: Column | None, own: Column, *, again: bool) -> Column:
    """Return a column as a definition makes it, on top of what the table has from its parents or its type."""
    if known is None:
        return own
    if again or not (known.inherited or table.partition_of or table.of_type):
        raise Problem(f"{table.id} has two columns called {own.name!r}")
    return _merged(known, own)


def _complete_columns(catalog: Catalog, key: Key, drafts: dict[str, ColumnDraft], statement: Statement) -> list[Tree]:
    """Apply what is written beside the columns, now that all are known; return the constraints left for the table."""
    table = catalog.tables[key]
    constraints: list[Tree] = []
    columns = []
    for column in table.columns:
        draft = drafts.get(column.name)
        if draft is not None:
            draft = draft if draft.column is column else replace(draft, column=column)
            column, rest = column_constraints(catalog, table, draft, statement)
            constraints += rest
        columns.append(column)
    catalog.put_table(replace(table, columns=tuple(columns)))
    return constraints


def _merged(inherited: Column, own: Column) -> Column:
    """Return an inherited column that the child also defines, or that a partition refines (WITH OPTIONS)."""
    if own.type.name == "unknown" or not own.type.name:
        return inherited
    return replace(inherited, inherited=False, nullable=inherited.nullable and own.nullable, origin=own.origin)


# -- inheritance -----------------------------------------------------------------------------------------------------


def _inherit(catalog: Catalog, key: Key, parents: list[Key], fields: Tree, *, is_partition: bool) -> None:
    """Give a child the columns of its parents, and remember where it belongs."""
    if not parents and "ofTypename" not in fields:
        return
    table = catalog.tables[key]
    columns: dict[str, Column] = {}
    for parent in parents:
        for column in catalog.tables[parent].columns:
            known = columns.get(column.name)
            heir = heir_of(catalog.tables[parent], column, is_partition=is_partition)
            columns[column.name] = replace(heir, nullable=known.nullable and heir.nullable) if known else heir
    if "ofTypename" in fields:
        columns = _typed_columns(catalog, fields)
        table = replace(table, of_type=_type_of(catalog, fields))
    inherits = () if is_partition else tuple(catalog.tables[parent].id for parent in parents)
    catalog.put_table(replace(table, columns=tuple(columns.values()), inherits=inherits))
    if not is_partition:
        for parent in parents:
            catalog.children[parent] = (*catalog.children.get(parent, ()), key)


def heir_of(parent: Table, column: Column, *, is_partition: bool) -> Column:
    """Return a parent's column as its child has it: a constraint keeps its name; only partitions share an identity."""
    name = "" if column.nullable else column.not_null_name or default_name(parent.name, column.name, "not_null")
    identity = column.identity if is_partition else None
    return replace(column, inherited=True, comment="", identity=identity, not_null_name=name, statistics_target=None)


def _type_of(catalog: Catalog, fields: Tree) -> str:
    names = [node["String"]["sval"] for node in fields["ofTypename"]["names"]]
    found = catalog.find(catalog.composite_types, names[-2] if len(names) > 1 else "", names[-1])
    if found is None:
        raise Problem(f"there is no composite type {'.'.join(names)}", missing=True)
    return qualified(*found)


def _typed_columns(catalog: Catalog, fields: Tree) -> dict[str, Column]:
    names = [node["String"]["sval"] for node in fields["ofTypename"]["names"]]
    found = catalog.find(catalog.composite_types, names[-2] if len(names) > 1 else "", names[-1])
    if found is None:
        raise Problem(f"there is no composite type {'.'.join(names)}", missing=True)
    composite = catalog.composite_types[found]
    return {each.name: Column(each.name, each.type, collation=each.collation) for each in composite.fields}


# -- LIKE ------------------------------------------------------------------------------------------------------------


def _copy_columns(catalog: Catalog, source: Table, key: Key, wanted: int) -> dict[str, Column]:
    """Return what LIKE copies: always columns, types and NOT NULL; the rest, checks too, when INCLUDING says so."""
    table = catalog.tables[key]
    checks = source.checks if wanted & _CONSTRAINTS else ()
    if not wanted & _COMMENTS:
        checks = tuple(replace(check, comment="") for check in checks)
    for check in checks:
        catalog.note_constraint(key[0], check.name)
    catalog.put_table(replace(table, checks=(*table.checks, *checks)))
    return {column.name: _copied(catalog, source, table, column, wanted) for column in source.columns}


def _copied(catalog: Catalog, source: Table, table: Table, column: Column, wanted: int) -> Column:
    identity = column.identity if wanted & _IDENTITY else None
    if identity:
        from planroom.ddl.naming import choose

        name = choose(table.name, column.name, "seq", catalog.taken_by_relation(table.schema))
        catalog.relations[table.schema, name] = "sequence"
        identity = replace(identity, sequence_name="")
    usual = "" if column.nullable else default_name(source.name, column.name, "not_null")
    return replace(
        column,
        not_null_name=column.not_null_name or usual,
        default=column.default if wanted & _DEFAULTS else None,
        generated=column.generated if wanted & _GENERATED else None,
        identity=identity,
        storage=column.storage if wanted & _STORAGE else "",
        compression=column.compression if wanted & _COMPRESSION else "",
        comment=column.comment if wanted & _COMMENTS else "",
        statistics_target=None,
        inherited=False,
    )


def _copy_indexes(catalog: Catalog, source: Table, key: Key, wanted: int) -> None:
    """Copy keys, indexes and extended statistics where LIKE ... INCLUDING says so; their names are made anew."""
    if wanted & _INDEXES:
        for constraint in source.keys:
            _copy_key(catalog, key, constraint, wanted)
        for index in source.indexes:
            table = catalog.tables[key]
            name = key_name(table.name, naming_parts(index), "idx", catalog.taken_by_relation(table.schema))
            comment = index.comment if wanted & _COMMENTS else ""
            copy = replace(index, name=name, parent="", comment=comment, only=False)
            add_index(catalog, table, copy, recurse=True)
    if wanted & _STATISTICS:
        for statistics in _named_statistics(catalog, source, catalog.tables[key]):
            table = catalog.tables[key]
            catalog.put_table(replace(table, statistics=(*table.statistics, statistics)))


def _copy_key(catalog: Catalog, key: Key, constraint: object, wanted: int) -> None:
    from planroom.ddl.constraints import derive_key
    from planroom.model import PrimaryKey, Unique

    assert isinstance(constraint, PrimaryKey | Unique)  # noqa: S101  (for the type checker)
    table = catalog.tables[key]
    before = {each.name for each in table.keys}
    derive_key(catalog, table, constraint)
    table = catalog.tables[key]

    def own(each: PrimaryKey | Unique) -> PrimaryKey | Unique:
        comment = constraint.comment if wanted & _COMMENTS else ""
        return each if each.name in before else replace(each, parent="", comment=comment)

    keys = [own(each) for each in table.keys]
    catalog.put_table(
        replace(
            table,
            primary_key=next((each for each in keys if isinstance(each, PrimaryKey)), None),
            unique_constraints=tuple(each for each in keys if isinstance(each, Unique)),
        )
    )


def _named_statistics(catalog: Catalog, source: Table, table: Table) -> Iterator[ExtendedStatistics]:
    from planroom.ddl.statistics import statistics_name

    for statistics in source.statistics:
        expressions: tuple[Expression, ...] = statistics.expressions
        name = statistics_name(catalog, table, [*statistics.columns, *("expr" for _ in expressions)])
        yield replace(statistics, schema=table.schema, name=name, comment="")
