"""Columns from the parse tree: types, defaults, identity, serial."""

from __future__ import annotations

from collections.abc import Sequence as Items

from planroom.changing import replace
from planroom.ddl.catalog import Catalog
from planroom.ddl.naming import choose, default_name
from planroom.ddl.trees import constant, kind_of, strings
from planroom.model import Column, Generated, Identity, Sequence, SequenceOptions, Table, qualified, quote_identifier
from planroom.sqltext import DataType, Expression, Statement, Tree, data_type, expression
from planroom.values import dataclass

__all__ = [
    "SERIAL_TYPES",
    "ColumnDraft",
    "collation_name",
    "column_constraints",
    "draft_column",
    "parse_default",
    "sequence_default",
    "sequence_options",
    "set_default",
    "set_generated",
    "set_identity",
]

SERIAL_TYPES = {
    "smallserial": "smallint", "serial2": "smallint", "serial": "integer", "serial4": "integer",
    "bigserial": "bigint", "serial8": "bigint",
}  # fmt: skip
"""What PostgreSQL makes of the types that stand for an integer, a sequence and a default."""

_STORAGE = {"p": "plain", "e": "external", "x": "extended", "m": "main"}


@dataclass(frozen=True)
class ColumnDraft:
    """A column as its definition gives it, and the constraints written beside it."""

    column: Column
    constraints: tuple[Tree, ...]
    serial: bool = False


def draft_column(catalog: Catalog, fields: Tree, statement: Statement) -> ColumnDraft:
    """Return the column of a ColumnDef."""
    type_name = fields.get("typeName") or {}
    names = strings(type_name.get("names"))
    serial = SERIAL_TYPES.get(names[-1]) if len(names) == 1 and not type_name.get("arrayBounds") else None
    column = Column(
        name=fields["colname"],
        type=DataType(serial) if serial else data_type(type_name, catalog) if names else DataType.UNKNOWN,
        nullable=not (serial or fields.get("is_not_null")),
        collation=collation_name(fields.get("collClause")),
        storage=(fields.get("storage_name") or _STORAGE.get(fields.get("storage", ""), "")).lower(),
        compression=fields.get("compression", ""),
        origin=statement.at(fields),
    )
    constraints = tuple(node["Constraint"] for node in fields.get("constraints", ()))
    return ColumnDraft(column, constraints, serial=bool(serial))


def collation_name(clause: Tree | None) -> str:
    """Return the collation of a COLLATE clause; ``pg_catalog`` goes without saying."""
    if not clause:
        return ""
    names = strings(clause.get("collname"))
    if names == ("default",) or names == ("pg_catalog", "default"):
        return ""
    return qualified(*(name for name in names if name != "pg_catalog"))


def column_constraints(
    catalog: Catalog, table: Table, draft: ColumnDraft, statement: Statement
) -> tuple[Column, list[Tree]]:
    """Return the draft's column with its own properties, and the constraints that are the table's business.

    NOT NULL, DEFAULT, IDENTITY and GENERATED belong to the column; keys, checks and foreign keys to the table.

    Args:
        catalog: Where the names of sequences are taken.
        table: The table with all its columns, this one among them.
        draft: The column, and what is written beside it.
        statement: Where it is said.
    """
    column = draft.column
    rest: list[Tree] = []
    for fields in _with_attributes(draft.constraints):
        match fields["contype"]:
            case "CONSTR_NOTNULL":
                column = _not_null(table, column, fields)
            case "CONSTR_NULL":
                column = replace(column, nullable=True)
            case "CONSTR_DEFAULT":
                column = set_default(catalog, column, fields.get("raw_expr"))
            case "CONSTR_IDENTITY":
                column = set_identity(catalog, table, column, fields)
            case "CONSTR_GENERATED":
                column = set_generated(catalog, table, column, fields)
            case _:
                rest.append({**fields, "column": column.name})
    if draft.serial:
        column = _owned_sequence(catalog, table, column, statement)
    return column, rest


def _with_attributes(constraints: Items[Tree]) -> list[Tree]:
    """Return the constraints with the attributes that follow them (DEFERRABLE ...) folded in."""
    found: list[Tree] = []
    for fields in constraints:
        attribute = _ATTRIBUTES.get(fields["contype"])
        if attribute is None:
            found.append(fields)
        elif found:
            found[-1] = {**found[-1], **attribute}
    return found


_ATTRIBUTES: dict[str, dict[str, bool]] = {
    "CONSTR_ATTR_DEFERRABLE": {"deferrable": True},
    "CONSTR_ATTR_NOT_DEFERRABLE": {"deferrable": False},
    "CONSTR_ATTR_DEFERRED": {"deferrable": True, "initdeferred": True},
    "CONSTR_ATTR_IMMEDIATE": {"initdeferred": False},
    "CONSTR_ATTR_ENFORCED": {"is_enforced": True},
    "CONSTR_ATTR_NOT_ENFORCED": {"is_enforced": False, "skip_validation": True},
}


def _not_null(table: Table, column: Column, fields: Tree) -> Column:
    name = fields.get("conname", "")
    usual = default_name(table.name, column.name, "not_null")
    return replace(
        column,
        nullable=False,
        not_null_name="" if name in {"", usual} else name,
        not_null_inherited=not fields.get("is_no_inherit"),
        not_null_validated=not fields.get("skip_validation"),
    )


def set_default(catalog: Catalog, column: Column, tree: Tree | None) -> Column:
    """Return the column with a DEFAULT; None, and DEFAULT NULL, take it away."""
    if tree is None or tree.get("A_Const", {}).get("isnull"):
        return replace(column, default=None)
    return replace(column, default=expression(tree, {}, catalog, target=column.type))


def set_generated(catalog: Catalog, table: Table, column: Column, fields: Tree) -> Column:
    """Return the column computed from others: stored unless the statement says VIRTUAL."""
    types = {each.name: each.type for each in table.columns}
    tree = expression(fields["raw_expr"], types, catalog, target=column.type)
    return replace(column, generated=Generated(tree, stored=fields.get("generated_kind", "s") != "v"))


def set_identity(catalog: Catalog, table: Table, column: Column, fields: Tree) -> Column:
    """Return the column with an identity, whose sequence gets its name here."""
    given = {node["DefElem"]["defname"]: node["DefElem"].get("arg") for node in fields.get("options", ())}
    usual = default_name(table.name, column.name, "seq")
    if "sequence_name" in given:
        name = strings((given["sequence_name"] or {}).get("List", {}).get("items"))[-1]
    else:
        name = choose(table.name, column.name, "seq", catalog.taken_by_relation(table.schema))
    catalog.relations[table.schema, name] = "sequence"
    identity = Identity(
        always=fields.get("generated_when") == "a",
        sequence=sequence_options(fields.get("options")),
        sequence_name="" if name == usual else name,
    )
    return replace(column, identity=identity, nullable=False)


def sequence_options(nodes: Items[Tree] | None, base: SequenceOptions | None = None) -> SequenceOptions:
    """Return what a list of sequence options says, on top of ``base``."""
    found = base or SequenceOptions()
    if not nodes:
        return found
    for node in nodes:
        name, argument = node["DefElem"]["defname"], node["DefElem"].get("arg")
        value = int(float(constant(argument))) if argument and kind_of(argument)[0] in {"Integer", "Float"} else None
        match name:
            case "start":
                found = replace(found, start=value)
            case "increment":
                found = replace(found, increment=value or 1)
            case "minvalue":
                found = replace(found, minimum=value)
            case "maxvalue":
                found = replace(found, maximum=value)
            case "cache":
                found = replace(found, cache=value or 1)
            case "cycle":
                found = replace(found, cycle=constant(argument) == "true")
    return _without_defaults(found)


def _without_defaults(options: SequenceOptions) -> SequenceOptions:
    """Return the options with what PostgreSQL would choose anyway left out (for bigint; bounds of others are kept)."""
    start = options.minimum if options.increment > 0 else options.maximum
    usual = start if start is not None else (1 if options.increment > 0 else -1)
    minimum = None if options.increment > 0 and options.minimum == 1 else options.minimum
    maximum = None if options.increment < 0 and options.maximum == -1 else options.maximum
    return replace(options, start=None if options.start == usual else options.start, minimum=minimum, maximum=maximum)


def _owned_sequence(catalog: Catalog, table: Table, column: Column, statement: Statement) -> Column:
    """Make the sequence of a serial column and return the column with its default."""
    name = choose(table.name, column.name, "seq", catalog.taken_by_relation(table.schema))
    key = table.schema, name
    catalog.relations[key] = "sequence"
    catalog.sequences[key] = Sequence(
        schema=table.schema,
        name=name,
        type=column.type,
        owned_by=qualified(table.schema, table.name, column.name),
        origin=statement.location,
    )
    return replace(column, default=sequence_default(table.schema, name, column.type))


def sequence_default(schema: str, name: str, target: DataType) -> Expression:
    """Return the DEFAULT that draws from a sequence."""
    written = f"{quote_identifier(schema)}.{quote_identifier(name)}".replace("'", "''")
    return parse_default(f"nextval('{written}'::regclass)", target)


def parse_default(text: str, target: DataType) -> Expression:
    """Return a DEFAULT expression from its text."""
    from planroom.sqltext import parse_expression

    return parse_expression(text, target=target)
