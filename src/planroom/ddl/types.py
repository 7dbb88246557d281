"""Types and sequences: enums, domains, composites, ranges."""

from __future__ import annotations

from typing import Any

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Key, Problem, Skipped
from planroom.ddl.columns import collation_name, sequence_options
from planroom.ddl.dispatch import folds
from planroom.ddl.naming import choose, default_name
from planroom.ddl.rereading import rename_label
from planroom.ddl.store import Store
from planroom.ddl.trees import constant, relation_name, string, strings
from planroom.model import CompositeType, Domain, Enum, Field, RangeType, Sequence, SequenceOptions, qualified
from planroom.model.types import DomainCheck
from planroom.sqltext import DataType, Statement, Tree, data_type, expression

__all__ = ["alter_composite"]


def _new_key(catalog: Catalog, nodes: list[Tree]) -> Key:
    names = strings(nodes)
    key = catalog.creation_key(names[-2] if len(names) > 1 else "", names[-1])
    if any(key in store for store in catalog.type_stores):
        raise Problem(f"a type called {qualified(*key)} exists already")
    return key


def _existing(catalog: Catalog, store: Store[Key, Any], nodes: list[Tree]) -> Key:
    names = strings(nodes)
    key = catalog.find(store, names[-2] if len(names) > 1 else "", names[-1])
    if key is None:
        raise Problem(f"there is no type {'.'.join(names)}", missing=True)
    return key


@folds("CreateEnumStmt")
def create_enum(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE TYPE ... AS ENUM."""
    schema, name = key = _new_key(catalog, fields["typeName"])
    catalog.enums[key] = Enum(schema=schema, name=name, labels=strings(fields.get("vals")), origin=statement.location)


@folds("AlterEnumStmt")
def alter_enum(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """ALTER TYPE ... ADD VALUE, RENAME VALUE."""
    key = _existing(catalog, catalog.enums, fields["typeName"])
    enum, value = catalog.enums[key], fields["newVal"]
    labels = list(enum.labels)
    if "oldVal" in fields:
        if fields["oldVal"] not in labels:
            raise Problem(f"{enum.id} has no label {fields['oldVal']!r}", missing=True)
        labels[labels.index(fields["oldVal"])] = value
        catalog.enums[key] = replace(enum, labels=tuple(labels))
        rename_label(catalog, key, fields["oldVal"], value)
    elif value in labels:
        if not fields.get("skipIfNewValExists"):
            raise Problem(f"{enum.id} has a label {value!r} already")
    elif neighbour := fields.get("newValNeighbor"):
        if neighbour not in labels:
            raise Problem(f"{enum.id} has no label {neighbour!r}", missing=True)
        labels.insert(labels.index(neighbour) + (1 if fields.get("newValIsAfter") else 0), value)
    else:
        labels.append(value)
    catalog.enums[key] = replace(enum, labels=tuple(labels))


@folds("CompositeTypeStmt")
def create_composite(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE TYPE ... AS (...)."""
    key = catalog.creation_key(*relation_name(fields["typevar"]))
    members = tuple(_field(catalog, node["ColumnDef"]) for node in fields.get("coldeflist", ()))
    catalog.relations[key] = "composite type"
    catalog.composite_types[key] = CompositeType(schema=key[0], name=key[1], fields=members, origin=statement.location)


def _field(catalog: Catalog, fields: Tree) -> Field:
    return Field(
        fields["colname"], data_type(fields["typeName"], catalog), collation=collation_name(fields.get("collClause"))
    )


def alter_composite(catalog: Catalog, schema: str, name: str, commands: list[Tree]) -> None:
    """ALTER TYPE of a composite: ADD, DROP, ALTER ATTRIBUTE."""
    key = catalog.find(catalog.composite_types, schema, name)
    if key is None:
        raise Problem(f"there is no composite type {qualified(schema, name)}", missing=True)
    for command in commands:
        composite = catalog.composite_types[key]
        members = list(composite.fields)
        match command["subtype"]:
            case "AT_AddColumn":
                members.append(_field(catalog, command["def"]["ColumnDef"]))
            case "AT_DropColumn":
                members = [each for each in members if each.name != command["name"]]
            case "AT_AlterColumnType":
                wanted = data_type(command["def"]["ColumnDef"]["typeName"], catalog)
                members = [replace(each, type=wanted) if each.name == command["name"] else each for each in members]
            case kind:
                raise Skipped("structure", f"ALTER TYPE ... {kind.removeprefix('AT_')} has no place in the model")
        catalog.composite_types[key] = replace(composite, fields=tuple(members))


@folds("CreateRangeStmt")
def create_range(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE TYPE ... AS RANGE."""
    schema, name = key = _new_key(catalog, fields["typeName"])
    given = {node["DefElem"]["defname"]: node["DefElem"]["arg"] for node in fields.get("params", ())}
    subtype = given.pop("subtype", None)
    if subtype is None:
        raise Problem("a range type needs a subtype")
    usual = name.replace("range", "multirange", 1) if "range" in name else f"{name}_multirange"
    if "multirange_type_name" in given and _option(given["multirange_type_name"]) in {usual, qualified(schema, usual)}:
        del given["multirange_type_name"]
    catalog.range_types[key] = RangeType(
        schema=schema,
        name=name,
        subtype=data_type(subtype["TypeName"], catalog),
        options=tuple(sorted((option, _option(node)) for option, node in given.items())),
        origin=statement.location,
    )


def _option(node: Tree) -> str:
    if "TypeName" in node:
        return qualified(*(name for name in strings(node["TypeName"]["names"]) if name != "pg_catalog"))
    return string(node) or constant(node)


# -- domains ---------------------------------------------------------------------------------------------------------


@folds("CreateDomainStmt")
def create_domain(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE DOMAIN."""
    schema, name = key = _new_key(catalog, fields["domainname"])
    domain = Domain(
        schema=schema,
        name=name,
        type=data_type(fields["typeName"], catalog),
        collation=collation_name(fields.get("collClause")),
        origin=statement.location,
    )
    for node in fields.get("constraints", ()):
        domain = _with_constraint(catalog, domain, node["Constraint"], new=True)
    catalog.domains[key] = domain


def _with_constraint(catalog: Catalog, domain: Domain, fields: Tree, *, new: bool) -> Domain:
    match fields["contype"]:
        case "CONSTR_NOTNULL":
            name = fields.get("conname", "")
            usual = default_name(domain.name, "", "not_null")
            return replace(domain, nullable=False, not_null_name="" if name == usual else name)
        case "CONSTR_NULL":
            return replace(domain, nullable=True, not_null_name="")
        case "CONSTR_DEFAULT":
            return replace(domain, default=expression(fields["raw_expr"], {}, catalog, target=domain.type))
        case "CONSTR_CHECK":
            held = {check.name for check in domain.checks}
            name = fields.get("conname") or choose(domain.name, "", "check", held.__contains__)
            tree = expression(fields["raw_expr"], {"value": domain.type}, catalog)
            check = DomainCheck(name, tree, validated=new or not fields.get("skip_validation"))
            return replace(domain, checks=tuple(sorted((*domain.checks, check), key=lambda each: each.name)))
        case kind:
            raise Problem(f"domains have no constraints of kind {kind}")


@folds("AlterDomainStmt")
def alter_domain(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """ALTER DOMAIN."""
    key = _existing(catalog, catalog.domains, fields["typeName"])
    domain = catalog.domains[key]
    name = fields.get("name", "")
    match fields["subtype"]:
        case "T":
            tree = fields.get("def")
            domain = replace(domain, default=expression(tree, {}, catalog, target=domain.type) if tree else None)
        case "N":
            domain = replace(domain, nullable=True, not_null_name="")
        case "O":
            domain = replace(domain, nullable=False)
        case "C":
            domain = _with_constraint(catalog, domain, fields["def"]["Constraint"], new=False)
        case "X":
            domain = _without_constraint(domain, name, missing_ok=bool(fields.get("missing_ok")))
        case "V":
            checks = tuple(replace(each, validated=True) if each.name == name else each for each in domain.checks)
            domain = replace(domain, checks=checks)
        case kind:
            raise Problem(f"ALTER DOMAIN of kind {kind!r} is not known")
    catalog.domains[key] = domain


def _without_constraint(domain: Domain, name: str, *, missing_ok: bool) -> Domain:
    kept = tuple(each for each in domain.checks if each.name != name)
    if name == (domain.not_null_name or default_name(domain.name, "", "not_null")) and not domain.nullable:
        return replace(domain, nullable=True, not_null_name="")
    if kept == domain.checks and not missing_ok:
        raise Problem(f"{domain.id} has no constraint {name!r}", missing=True)
    return replace(domain, checks=kept)


# -- sequences -------------------------------------------------------------------------------------------------------


@folds("CreateSeqStmt")
def create_sequence(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE SEQUENCE."""
    if fields["sequence"].get("relpersistence") == "t":
        raise Skipped("session", "a temporary sequence is gone when its session ends")
    key = catalog.creation_key(*relation_name(fields["sequence"]))
    if key in catalog.relations:
        if fields.get("if_not_exists"):
            raise Skipped("session", f"{qualified(*key)} exists already (IF NOT EXISTS)")
        raise Problem(f"a relation called {qualified(*key)} exists already")
    sequence = Sequence(
        schema=key[0],
        name=key[1],
        type=DataType("bigint"),
        unlogged=fields["sequence"].get("relpersistence") == "u",
        origin=statement.location,
    )
    catalog.relations[key] = "sequence"
    catalog.sequences[key] = _altered(catalog, sequence, fields.get("options", []))


@folds("AlterSeqStmt")
def alter_sequence(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """ALTER SEQUENCE."""
    key = catalog.find(catalog.sequences, *relation_name(fields["sequence"]))
    if key is None:
        if fields.get("missing_ok"):
            raise Skipped("session", "there is no such sequence (IF EXISTS)")
        raise Problem(f"there is no sequence {qualified(*relation_name(fields['sequence']))}", missing=True)
    catalog.sequences[key] = _altered(catalog, catalog.sequences[key], fields.get("options", []))


def _altered(catalog: Catalog, sequence: Sequence, nodes: list[Tree]) -> Sequence:
    given = {node["DefElem"]["defname"]: node["DefElem"].get("arg") for node in nodes}
    if given.get("as"):
        sequence = replace(sequence, type=data_type(given["as"]["TypeName"], catalog))
    if given.get("owned_by"):
        names = strings(given["owned_by"]["List"]["items"])
        sequence = replace(sequence, owned_by=_owner(catalog, names))
    return replace(sequence, options=_typed(sequence_options(nodes, sequence.options), sequence.type))


def _owner(catalog: Catalog, names: tuple[str, ...]) -> str:
    if names == ("none",):
        return ""
    *relation, column = names
    key = catalog.table_key(relation[-2] if len(relation) > 1 else "", relation[-1])
    if column not in catalog.tables[key].columns_by_name:
        raise Problem(f"{qualified(*key)} has no column {column!r}", missing=True)
    return qualified(*key, column)


_MAXIMA = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


def _typed(options: SequenceOptions, type_: DataType) -> SequenceOptions:
    """Return sequence options without the bounds that the sequence's type has anyway."""
    top = _MAXIMA.get(type_.name, _MAXIMA["bigint"])
    if options.increment > 0 and options.maximum == top:
        options = replace(options, maximum=None)
    if options.increment < 0 and options.minimum == -top - 1:
        options = replace(options, minimum=None)
    return options
