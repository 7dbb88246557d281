"""Constraints: keys, foreign keys, checks and exclusions, on new tables and on old ones."""

from __future__ import annotations

from collections.abc import Sequence as Items
from typing import Any, TypeVar

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Key, Postponed, Problem
from planroom.ddl.indexes import index_column, index_part_name
from planroom.ddl.naming import choose, columns_part, default_name, key_name
from planroom.ddl.trees import constant, options, relation_name, string, strings, walk
from planroom.model import (
    Check,
    Exclusion,
    ExclusionElement,
    ForeignKey,
    PrimaryKey,
    Table,
    Unique,
    qualified,
    quote_identifier,
)
from planroom.sqltext import DataType, Statement, Tree, expression, parse_expression_tree

__all__ = [
    "ACTIONS",
    "add_check",
    "add_constraint",
    "attach_key",
    "clone_keys",
    "derive_key",
    "foreign_key",
    "implied",
    "in_server_order",
    "inherit_not_null",
    "set_not_null",
    "settle",
]

ACTIONS = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}

_OID = DataType("oid")
_ORDER = {"CONSTR_CHECK": 0, "CONSTR_PRIMARY": 1, "CONSTR_UNIQUE": 2, "CONSTR_EXCLUSION": 2, "CONSTR_FOREIGN": 3}


def in_server_order(constraints: Items[Tree]) -> list[Tree]:
    """Return constraints in the order in which CREATE TABLE makes, and so names, them."""
    return sorted(constraints, key=lambda fields: _ORDER.get(fields["contype"], 4))


def add_constraint(
    catalog: Catalog, table: Table, fields: Tree, statement: Statement, *, new: bool = False, recurse: bool = True
) -> None:
    """Add the constraint of a Constraint node to a table.

    Args:
        catalog: Where the table is.
        table: The table as it stands.
        fields: The node; ``column`` names the column that it is written beside.
        statement: Where it is said.
        new: The table is being made, so NOT VALID means nothing.
        recurse: Partitions get what they derive from it.
    """
    match fields["contype"]:
        case "CONSTR_CHECK":
            _add_check(catalog, table, fields, statement, new=new, recurse=recurse)
        case "CONSTR_PRIMARY" | "CONSTR_UNIQUE":
            _add_key(catalog, table, fields, statement, recurse=recurse)
        case "CONSTR_EXCLUSION":
            _add_exclusion(catalog, table, fields, statement)
        case "CONSTR_FOREIGN":
            _add_foreign_key(catalog, table, fields, statement, new=new)
        case "CONSTR_NOTNULL":
            _add_not_null(catalog, table, fields, recurse=recurse)
        case kind:
            raise Problem(f"constraints of kind {kind} are not known")


def _given_name(table: Table, fields: Tree) -> str:
    """Return the constraint's own name, if it has one, after a look whether the table has it already."""
    name = str(fields.get("conname", ""))
    held = {each.name for each in (*table.keys, *table.foreign_keys, *table.checks, *table.exclusions)}
    if name and name in held:
        raise Problem(f"{table.id} has a constraint {name!r} already")
    return name


# -- checks ----------------------------------------------------------------------------------------------------------


def _add_check(catalog: Catalog, table: Table, fields: Tree, statement: Statement, *, new: bool, recurse: bool) -> None:
    types = {"tableoid": _OID, **{column.name: column.type for column in table.columns}}
    tree = fields["raw_expr"]
    references = [ref["fields"] for kind, ref in walk(tree) if kind == "ColumnRef" and ref.get("fields")]
    mentioned = {string(each[-1]) for each in references} & types.keys()
    unknown = _bare_columns(references) - types.keys()
    if unknown:
        raise Problem(f"{table.id} has no column {min(unknown)!r}", missing=True)
    alone = mentioned.pop() if len(mentioned) == 1 else ""
    name = _given_name(table, fields) or choose(table.name, alone, "check", catalog.taken_by_constraint(table.schema))
    enforced = bool(fields.get("is_enforced"))
    check = Check(
        name=name,
        expression=expression(tree, types, catalog),
        no_inherit=bool(fields.get("is_no_inherit")),
        validated=enforced and (new or not fields.get("skip_validation")),
        enforced=enforced,
        origin=statement.at(fields),
    )
    catalog.note_constraint(table.schema, name)
    catalog.put_table(replace(table, checks=(*table.checks, check)))
    if recurse and not check.no_inherit:
        _drop_same_named_checks(catalog, (table.schema, table.name), name)


def add_check(catalog: Catalog, key: Key, condition: str, statement: Statement) -> None:
    """Add a CHECK that no statement spells out, with the name that the server gives it."""
    fields = {"raw_expr": parse_expression_tree(condition), "is_enforced": True}
    _add_check(catalog, catalog.tables[key], fields, statement, new=True, recurse=True)


def implied(catalog: Catalog, key: Key, conditions: Items[str]) -> bool:
    """Whether each condition is said by a valid CHECK of a table, word for word, or by NOT NULL."""
    table = catalog.tables[key]
    types = {column.name: column.type for column in table.columns}
    checks = [each.expression.text for each in table.checks if each.validated]
    strict = [each.name for each in table.columns if not each.nullable and each.not_null_validated]
    checks += [f"{quote_identifier(name)} IS NOT NULL" for name in strict]
    said = {
        expression(part, types, catalog).canonical
        for each in checks
        for part in _conjuncts(parse_expression_tree(each))
    }
    wanted = [expression(parse_expression_tree(each), types, catalog).canonical for each in conditions]
    return all(each in said for each in wanted)


def _conjuncts(tree: Tree) -> list[Tree]:
    fields = tree.get("BoolExpr", {})
    if fields.get("boolop") != "AND_EXPR":
        return [tree]
    return [part for each in fields["args"] for part in _conjuncts(each)]


def _bare_columns(references: Items[Items[Tree]]) -> set[str]:
    """Return the column references without a qualifier (whole-row references to the table have its name)."""
    return {string(each[0]) for each in references if len(each) == 1 and "String" in each[0]}


def _drop_same_named_checks(catalog: Catalog, key: Key, name: str) -> None:
    """Drop from partitions what they now have from their parent (inheritance children keep their own)."""
    for child in catalog.descendants(key):
        table = catalog.tables[child]
        if table.partition_of and any(check.name == name for check in table.checks):
            catalog.put_table(replace(table, checks=tuple(check for check in table.checks if check.name != name)))


def _add_not_null(catalog: Catalog, table: Table, fields: Tree, *, recurse: bool) -> None:
    column = strings(fields.get("keys"))[0]
    usual = default_name(table.name, column, "not_null")
    name = str(fields.get("conname", ""))
    set_not_null(
        catalog,
        table,
        column,
        name="" if name == usual else name,
        validated=not fields.get("skip_validation"),
        inherited=not fields.get("is_no_inherit"),
    )
    if recurse:
        inherit_not_null(catalog, (table.schema, table.name), column)


def inherit_not_null(catalog: Catalog, key: Key, column: str) -> None:
    """Make a column NOT NULL in partitions and children too; there the constraint bears the parent's name."""
    table = catalog.tables[key]
    name = table.columns_by_name[column].not_null_name or default_name(table.name, column, "not_null")
    for child in catalog.children.get(key, ()):
        heir = catalog.tables[child]
        if column not in heir.columns_by_name:
            raise Problem(f"{heir.id} has no column {column!r}, which {table.id} has", missing=True)
        if heir.columns_by_name[column].nullable:
            set_not_null(catalog, heir, column, name=name, validated=table.columns_by_name[column].not_null_validated)
        inherit_not_null(catalog, child, column)


def set_not_null(
    catalog: Catalog, table: Table, column: str, *, name: str = "", validated: bool = True, inherited: bool = True
) -> Table:
    """Return the table, stored, with one column NOT NULL."""
    if column not in table.columns_by_name:
        raise Problem(f"{table.id} has no column {column!r}", missing=True)
    if not table.columns_by_name[column].nullable and not name:
        return table
    columns = tuple(
        replace(each, nullable=False, not_null_name=name, not_null_validated=validated, not_null_inherited=inherited)
        if each.name == column
        else each
        for each in table.columns
    )
    return catalog.put_table(replace(table, columns=columns))


# -- keys ------------------------------------------------------------------------------------------------------------


def _add_key(catalog: Catalog, table: Table, fields: Tree, statement: Statement, *, recurse: bool) -> None:
    primary = fields["contype"] == "CONSTR_PRIMARY"
    if primary and table.primary_key:
        raise Problem(f"{table.id} has a primary key already")
    if fields.get("indexname"):
        key, table = _key_using_index(catalog, table, fields, statement)
    else:
        key = _key(catalog, table, fields, statement)
        if not primary and _repeats(table, key):
            return
    _store_key(catalog, table, key)
    for child in catalog.children.get((table.schema, table.name), ()) if table.partitioning and recurse else ():
        derive_key(catalog, catalog.tables[child], key)


def _repeats(table: Table, key: PrimaryKey | Unique) -> bool:
    """Whether an unnamed unique constraint says what the primary key of the same CREATE TABLE says."""
    primary = table.primary_key
    usual = key.name == default_name(table.name, columns_part(key.columns), "key")
    return primary is not None and usual and (primary.columns, primary.include) == (key.columns, key.include)


def _key(catalog: Catalog, table: Table, fields: Tree, statement: Statement) -> PrimaryKey | Unique:
    columns = strings(fields.get("keys")) or (fields["column"],)
    include = strings(fields.get("including"))
    for column in (*columns, *include):
        if column not in table.columns_by_name:
            raise Problem(f"{table.id} has no column {column!r}", missing=True)
    primary = fields["contype"] == "CONSTR_PRIMARY"
    label = "pkey" if primary else "key"
    name = _given_name(table, fields) or key_name(
        table.name, [*columns, *include], label, catalog.taken_by_key(table.schema)
    )
    common: dict[str, Any] = {
        "name": name,
        "columns": columns,
        "include": include,
        "without_overlaps": bool(fields.get("without_overlaps")),
        "deferrable": bool(fields.get("deferrable")),
        "initially_deferred": bool(fields.get("initdeferred")),
        "storage": options(fields.get("options")),
        "tablespace": fields.get("indexspace", ""),
        "origin": statement.at(fields),
    }
    return (
        PrimaryKey(**common) if primary else Unique(**common, nulls_not_distinct=bool(fields.get("nulls_not_distinct")))
    )


def _key_using_index(
    catalog: Catalog, table: Table, fields: Tree, statement: Statement
) -> tuple[PrimaryKey | Unique, Table]:
    """Return the key that an existing index becomes, and the table without that index."""
    found = [index for index in table.indexes if index.name == fields["indexname"]]
    if not found:
        raise Problem(f"{table.id} has no index {fields['indexname']!r}", missing=True)
    index = found[0]
    name = fields.get("conname") or index.name
    primary = fields["contype"] == "CONSTR_PRIMARY"
    common: dict[str, Any] = {
        "name": name,
        "columns": tuple(part.column for part in index.columns),
        "include": index.include,
        "deferrable": bool(fields.get("deferrable")),
        "initially_deferred": bool(fields.get("initdeferred")),
        "storage": index.storage,
        "tablespace": index.tablespace,
        "origin": statement.at(fields),
    }
    key = PrimaryKey(**common) if primary else Unique(**common, nulls_not_distinct=index.nulls_not_distinct)
    for store in (catalog.relations, catalog.index_tables):
        del store[table.schema, index.name]
    return key, replace(table, indexes=tuple(each for each in table.indexes if each is not index))


def _store_key(catalog: Catalog, table: Table, key: PrimaryKey | Unique) -> None:
    if not catalog.relation_is_free(table.schema, key.name):
        raise Problem(f"a relation called {qualified(table.schema, key.name)} exists already")
    catalog.relations[table.schema, key.name] = "index"
    catalog.index_tables[table.schema, key.name] = table.schema, table.name
    catalog.note_constraint(table.schema, key.name)
    if isinstance(key, PrimaryKey):
        table = replace(table, primary_key=key)
        if any(each.nullable for each in table.columns if each.name in key.columns):
            columns = (replace(each, nullable=False) if each.name in key.columns else each for each in table.columns)
            table = replace(table, columns=tuple(columns))
        catalog.put_table(table)
    else:
        catalog.put_table(replace(table, unique_constraints=(*table.unique_constraints, key)))


def clone_keys(catalog: Catalog, parent: Table, child_key: Key) -> None:
    """Give a new partition what it derives from the keys of its parent."""
    for key in parent.keys:
        derive_key(catalog, catalog.tables[child_key], key)


def derive_key(catalog: Catalog, child: Table, key: PrimaryKey | Unique) -> None:
    """Attach the partition's own equal key to the parent's, or make one, and so on downwards."""
    for own in child.keys:
        if type(own) is type(key) and own.columns == key.columns and not own.parent:
            attach_key(catalog, child, own.name, key.name)
            break
    else:
        label = "pkey" if isinstance(key, PrimaryKey) else "key"
        name = key_name(child.name, [*key.columns, *key.include], label, catalog.taken_by_key(child.schema))
        clone = replace(key, name=name, parent=key.name, comment="")
        _store_key(catalog, child, clone)
        key = clone
        for grandchild in catalog.children.get((child.schema, child.name), ()):
            derive_key(catalog, catalog.tables[grandchild], key)


K = TypeVar("K", PrimaryKey, Unique, Exclusion)


def attach_key(catalog: Catalog, child: Table, name: str, parent_name: str) -> None:
    """Mark a partition's key as belonging to its parent's."""

    def attached(key: K) -> K:
        return replace(key, parent=parent_name) if key.name == name else key

    catalog.put_table(
        replace(
            child,
            primary_key=attached(child.primary_key) if child.primary_key else None,
            unique_constraints=tuple(attached(key) for key in child.unique_constraints),
            exclusions=tuple(attached(exclusion) for exclusion in child.exclusions),
        )
    )


# -- exclusions ------------------------------------------------------------------------------------------------------


def _add_exclusion(catalog: Catalog, table: Table, fields: Tree, statement: Statement) -> None:
    types = {column.name: column.type for column in table.columns}
    method = fields.get("access_method") or "btree"
    elements, names = [], []
    for node in fields.get("exclusions", ()):
        element, operator = node["List"]["items"]
        part = index_column(catalog, element["IndexElem"], types, method)
        names.append(index_part_name(element["IndexElem"]))
        elements.append(ExclusionElement(part, _operator(operator)))
    name = _given_name(table, fields) or key_name(table.name, names, "excl", catalog.taken_by_key(table.schema))
    where = fields.get("where_clause")
    exclusion = Exclusion(
        name=name,
        elements=tuple(elements),
        method=method,
        include=strings(fields.get("including")),
        predicate=expression(where, types, catalog) if where else None,
        deferrable=bool(fields.get("deferrable")),
        initially_deferred=bool(fields.get("initdeferred")),
        storage=options(fields.get("options")),
        tablespace=fields.get("indexspace", ""),
        origin=statement.at(fields),
    )
    catalog.relations[table.schema, name] = "index"
    catalog.index_tables[table.schema, name] = table.schema, table.name
    catalog.note_constraint(table.schema, name)
    catalog.put_table(replace(table, exclusions=(*table.exclusions, exclusion)))


def _operator(node: Tree) -> str:
    """Return an operator's bare name; ``OPERATOR(pg_catalog.=)`` is ``=``."""
    items = node["List"]["items"] if "List" in node else [node]
    return string(items[-1]) or constant(items[-1])


# -- foreign keys ----------------------------------------------------------------------------------------------------


def _add_foreign_key(catalog: Catalog, table: Table, fields: Tree, statement: Statement, *, new: bool) -> None:
    try:
        key = foreign_key(catalog, table, fields, statement, new=new)
    except Problem as problem:
        if catalog.postponed is None or not problem.missing or not _has_own_columns(table, fields):
            raise
        own = table.schema, table.name
        catalog.postponed.append(Postponed(own, fields, statement, catalog.search_path, new))
        return
    catalog.note_constraint(table.schema, key.name)
    catalog.put_table(replace(table, foreign_keys=(*table.foreign_keys, key)))


def foreign_key(catalog: Catalog, table: Table, fields: Tree, statement: Statement, *, new: bool = False) -> ForeignKey:
    """Return the foreign key of a Constraint node.

    Raises:
        Problem: It names a table, a column or a key that the catalog does not hold.
    """
    columns = _own_columns(fields)
    for column in columns:
        if column not in table.columns_by_name:
            raise Problem(f"{table.id} has no column {column!r}", missing=True)
    referenced = catalog.tables[catalog.table_key(*relation_name(fields["pktable"]))]
    name = _given_name(table, fields) or choose(
        table.name, columns_part(columns), "fkey", catalog.taken_by_constraint(table.schema)
    )
    enforced = bool(fields.get("is_enforced"))
    return ForeignKey(
        name=name,
        columns=columns,
        referenced_table=referenced.id,
        referenced_columns=_referenced_columns(referenced, fields, len(columns)),
        on_update=ACTIONS[fields.get("fk_upd_action", "a")],
        on_delete=ACTIONS[fields.get("fk_del_action", "a")],
        on_delete_columns=strings(fields.get("fk_del_set_cols")),
        match_full=fields.get("fk_matchtype") == "f",
        period=bool(fields.get("fk_with_period")),
        deferrable=bool(fields.get("deferrable")),
        initially_deferred=bool(fields.get("initdeferred")),
        validated=enforced and (new or not fields.get("skip_validation")),
        enforced=enforced,
        origin=statement.at(fields),
    )


def _own_columns(fields: Tree) -> tuple[str, ...]:
    return strings(fields.get("fk_attrs")) or (fields["column"],)


def _has_own_columns(table: Table, fields: Tree) -> bool:
    return all(column in table.columns_by_name for column in _own_columns(fields))


def settle(catalog: Catalog, postponed: Postponed) -> None:
    """Add a foreign key that had to wait; what it refers to and nothing has made leaves it unread."""
    before, names = catalog.search_path, (catalog.appeared, catalog.vanished)
    catalog.search_path = postponed.search_path
    table = catalog.tables.get(postponed.table)

    def add() -> None:
        if table is not None:
            _add_foreign_key(catalog, table, postponed.fields, postponed.statement, new=postponed.new)

    try:
        catalog.attempt(add)
    except Problem as problem:
        assert table is not None  # noqa: S101  (for the type checker)
        _leave_out(catalog, table, postponed, problem.reason)
    finally:
        catalog.search_path = before
        catalog.appeared, catalog.vanished = names  # those of the statement that it is a part of


def _leave_out(catalog: Catalog, table: Table, postponed: Postponed, reason: str) -> None:
    fields, columns = postponed.fields, _own_columns(postponed.fields)
    listed = ", ".join(map(quote_identifier, columns))
    referenced = qualified(*relation_name(fields["pktable"]))
    named = ", ".join(map(quote_identifier, strings(fields.get("pk_attrs"))))
    text = f"FOREIGN KEY ({listed}) REFERENCES {referenced}{f' ({named})' if named else ''}"
    subject = qualified(table.schema, table.name, *(columns if len(columns) == 1 else ()))
    what = f"FOREIGN KEY ({listed}) of {table.id}"
    catalog.leave_unread("broken", what, reason, text, postponed.statement.at(fields), subject=subject)


def _referenced_columns(referenced: Table, fields: Tree, count: int) -> tuple[str, ...]:
    """Return the referenced columns: those named, else the primary key's."""
    named = strings(fields.get("pk_attrs"))
    primary = referenced.primary_key.columns if referenced.primary_key else ()
    columns = named or primary
    if not columns:
        raise Problem(f"{referenced.id} has no primary key that a foreign key could refer to", missing=True)
    for column in columns:
        if column not in referenced.columns_by_name:
            raise Problem(f"{referenced.id} has no column {column!r}", missing=True)
    if len(columns) != count:
        raise Problem(f"the foreign key has {count} columns, and refers to {len(columns)} of {referenced.id}")
    if (
        named
        and not any(set(key.columns) == set(named) for key in referenced.keys)
        and not _unique_index(referenced, named)
    ):
        raise Problem(f"no key of {referenced.id} is made of {', '.join(named)}", missing=True)
    return columns


def _unique_index(table: Table, columns: Items[str]) -> bool:
    return any(
        index.unique and index.predicate is None and {part.column for part in index.columns} == set(columns)
        for index in table.indexes
    )
