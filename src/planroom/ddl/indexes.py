"""Indexes: CREATE INDEX, key parts, and what partitions derive from their parent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Key, Problem, Skipped
from planroom.ddl.columns import collation_name
from planroom.ddl.dispatch import folds
from planroom.ddl.naming import key_name
from planroom.ddl.operator_classes import without_default
from planroom.ddl.trees import kind_of, options, relation_name, strings
from planroom.model import Index, IndexColumn, Table, View, qualified
from planroom.sqltext import DataType, Statement, Tree, expression

__all__ = [
    "add_index",
    "clone_indexes",
    "figure_name",
    "index_column",
    "index_part_name",
    "is_plain_index_parent",
    "naming_parts",
]


@folds("IndexStmt")
def create_index(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE INDEX."""
    owner = _owner(catalog, fields["relation"])
    name = fields.get("idxname", "")
    if name and fields.get("if_not_exists") and not catalog.relation_is_free(owner.schema, name):
        raise Skipped("session", f"a relation called {name!r} exists already (IF NOT EXISTS)")
    if name and not catalog.relation_is_free(owner.schema, name):
        raise Problem(f"a relation called {qualified(owner.schema, name)} exists already")
    types = {column.name: column.type for column in owner.columns}
    columns = tuple(index_column(catalog, node["IndexElem"], types, fields.get("accessMethod", "btree"))
                    for node in fields.get("indexParams", ()))  # fmt: skip
    include = tuple(node["IndexElem"].get("name", "") for node in fields.get("indexIncludingParams", ()))
    names = [*_part_names(fields.get("indexParams", ())), *include]
    predicate = fields.get("whereClause")
    index = Index(
        name=name or key_name(owner.name, names, "idx", catalog.taken_by_relation(owner.schema)),
        columns=columns,
        method=fields.get("accessMethod", "btree"),
        unique=bool(fields.get("unique")),
        nulls_not_distinct=bool(fields.get("nulls_not_distinct")),
        include=include,
        predicate=expression(predicate, types, catalog) if predicate else None,
        storage=options(fields.get("options")),
        tablespace=fields.get("tableSpace", ""),
        origin=statement.location,
    )
    _known_columns(owner, index)
    recurse = bool(fields["relation"].get("inh"))
    add_index(catalog, owner, index, recurse=recurse)


def _owner(catalog: Catalog, range_var: Tree) -> Table | View:
    schema, name = relation_name(range_var)
    table = catalog.find(catalog.tables, schema, name)
    view = catalog.find(catalog.views, schema, name) if table is None else None
    return catalog.views[view] if view else catalog.tables[table or catalog.table_key(schema, name)]


def _known_columns(owner: Table | View, index: Index) -> None:
    if not owner.columns:
        return  # a materialised view whose columns cannot be told from its text
    for name in [*(part.column for part in index.columns if part.column), *index.include]:
        if name not in owner.columns_by_name:
            raise Problem(f"{owner.id} has no column {name!r}", missing=True)


def index_column(catalog: Catalog, fields: Tree, types: Mapping[str, DataType], method: str) -> IndexColumn:
    """Return the key part of an IndexElem."""
    descending = fields.get("ordering") == "SORTBY_DESC"
    nulls = fields.get("nulls_ordering", "SORTBY_NULLS_DEFAULT")
    tree: Tree = fields.get("expr") or {}
    column = fields.get("name", "")
    if len(tree.get("ColumnRef", {}).get("fields", ())) == 1:
        column, tree = strings(tree["ColumnRef"]["fields"])[0], {}  # the server does the same with ((a))
    return IndexColumn(
        column=column,
        expression=expression(tree, types, catalog) if tree else None,
        collation=collation_name({"collname": fields["collation"]}) if fields.get("collation") else "",
        operator_class=without_default(strings(fields.get("opclass")), method),
        operator_class_options=options(fields.get("opclassopts")),
        descending=descending,
        nulls_first=descending if nulls == "SORTBY_NULLS_DEFAULT" else nulls == "SORTBY_NULLS_FIRST",
    )


def _part_names(nodes: list[Tree]) -> Iterator[str]:
    """Yield the name that each key part contributes to the index's name."""
    for node in nodes:
        yield index_part_name(node["IndexElem"])


def index_part_name(fields: Tree) -> str:
    """Return the name that an IndexElem contributes to the name of its index."""
    return fields.get("name") or figure_name(fields.get("expr")) or "expr"


def figure_name(tree: Tree | None) -> str:
    """Return the column name that PostgreSQL derives from an expression; empty when it derives none.

    Source: PostgreSQL 18, ``FigureColnameInternal`` (parser/parse_target.c).
    """
    if not tree:
        return ""
    kind, fields = kind_of(tree)
    match kind:
        case "ColumnRef":
            named = [node for node in fields["fields"] if "String" in node]
            return strings(named)[-1] if named else ""
        case "A_Indirection":
            named = [node for node in fields.get("indirection", ()) if "String" in node]
            return strings(named)[-1] if named else figure_name(fields.get("arg"))
        case "FuncCall":
            return strings(fields["funcname"])[-1]
        case "TypeCast":
            return figure_name(fields.get("arg")) or strings(fields["typeName"]["names"])[-1]
        case "CollateClause":
            return figure_name(fields.get("arg"))
        case "A_Expr" if fields.get("kind") == "AEXPR_NULLIF":
            return "nullif"
        case "CaseExpr":
            return figure_name(fields.get("defresult")) or "case"
        case "SQLValueFunction":
            return str(fields.get("op", "")).removeprefix("SVFOP_").lower().removesuffix("_n")
        case "MinMaxExpr":
            return "least" if fields.get("op") == "IS_LEAST" else "greatest"
    fixed = {"A_ArrayExpr": "array", "RowExpr": "row", "CoalesceExpr": "coalesce", "XmlSerialize": "xmlserialize"}
    return fixed.get(kind, "")


def add_index(catalog: Catalog, owner: Table | View, index: Index, *, recurse: bool) -> None:
    """Put an index on a table or materialised view, and on the partitions of a partitioned table."""
    key = owner.schema, owner.name
    catalog.relations[owner.schema, index.name] = "index"
    catalog.index_tables[owner.schema, index.name] = key
    if isinstance(owner, View):
        catalog.views[key] = replace(owner, indexes=(*owner.indexes, index))
        return
    partitions = catalog.children.get(key, ()) if owner.partitioning else ()
    only = bool(owner.partitioning) and not recurse and bool(partitions)
    own = index if index.only == only else replace(index, only=only)
    catalog.put_table(replace(owner, indexes=(*owner.indexes, own)))
    for child in partitions if recurse else ():
        _derive(catalog, catalog.tables[child], index)


def clone_indexes(catalog: Catalog, parent: Table, child_key: Key) -> None:
    """Give a new partition what it derives from the indexes of its parent."""
    for index in parent.indexes:
        _derive(catalog, catalog.tables[child_key], index)


def _derive(catalog: Catalog, child: Table, index: Index) -> None:
    """Attach the partition's own equal index to the parent's, or make one."""
    for own in child.indexes:
        if not own.parent and is_plain_index_parent(index, own):
            attached = tuple(replace(each, parent=index.name) if each is own else each for each in child.indexes)
            catalog.put_table(replace(child, indexes=attached))
            return
    name = key_name(child.name, naming_parts(index), "idx", catalog.taken_by_relation(child.schema))
    clone = replace(index, name=name, parent=index.name, comment="", only=False)
    add_index(catalog, child, clone, recurse=True)


def is_plain_index_parent(index: Index, own: Index) -> bool:
    """Whether a partition's index says the same as its parent's, names and storage aside."""
    same = ("columns", "method", "unique", "nulls_not_distinct", "include", "predicate")
    return all(getattr(index, field) == getattr(own, field) for field in same)


def naming_parts(index: Index) -> list[str]:
    """Return what the key parts of a cloned index contribute to its name."""
    return [part.column or _expression_name(part) for part in index.columns] + list(index.include)


def _expression_name(part: IndexColumn) -> str:
    from planroom.sqltext import parse_expression_tree

    return figure_name(parse_expression_tree(part.expression.text)) or "expr" if part.expression else "expr"
