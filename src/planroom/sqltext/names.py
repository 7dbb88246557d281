"""What names mean where an expression stands, and data types with PostgreSQL's full names.

Source: the PostgreSQL manual, "Data Types" (aliases), and the server's ``format_type``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from planroom.errors import SyntaxProblem
from planroom.sqltext.libpg_query import ParserError, parse_tree
from planroom.sqltext.types import DataType

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "BUILTIN_TYPE_NAMES",
    "NO_NAMES",
    "Names",
    "NoNames",
    "Tree",
    "data_type",
    "parse_type",
    "string_parts",
    "type_tree",
]

Tree = Mapping[str, Any]
"""A node of libpg_query's JSON parse tree: ``{"A_Expr": {...}}``."""

FULL_NAMES = {
    "int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double precision",
    "bool": "boolean", "varchar": "character varying", "varbit": "bit varying",
    "timestamptz": "timestamp with time zone", "timestamp": "timestamp without time zone",
    "timetz": "time with time zone", "time": "time without time zone", "decimal": "numeric",
}  # fmt: skip
"""Full names by the catalog's short ones; every other built-in type bears one name."""

_OTHER_BUILTIN = """
    aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray
    anycompatiblerange anyelement anyenum anymultirange anynonarray anyrange bit box bpchar bytea char cid cidr circle
    cstring date datemultirange daterange event_trigger fdw_handler gtsvector index_am_handler inet int2vector
    int4multirange int4range int8multirange int8range internal interval json jsonb jsonpath language_handler line lseg
    macaddr macaddr8 money name numeric nummultirange numrange oid oidvector path pg_brin_bloom_summary
    pg_brin_minmax_multi_summary pg_ddl_command pg_dependencies pg_lsn pg_mcv_list pg_ndistinct pg_node_tree pg_snapshot
    point polygon record refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator
    regproc regprocedure regrole regtype table_am_handler text tid trigger tsm_handler tsmultirange tsquery tsrange
    tstzmultirange tstzrange tsvector txid_snapshot unknown uuid void xid xid8 xml
"""
BUILTIN_TYPES = frozenset([*FULL_NAMES, *_OTHER_BUILTIN.split()])
"""The types of pg_catalog that can be named in SQL, by their catalog names."""

BUILTIN_TYPE_NAMES = frozenset([*FULL_NAMES.values(), *BUILTIN_TYPES, "character", '"char"'])
"""The same by the names that `DataType` gives them."""

_INTERVAL_FIELDS = {
    4: "year", 2: "month", 8: "day", 1024: "hour", 2048: "minute", 4096: "second", 6: "year to month",
    1032: "day to hour", 3080: "day to minute", 7176: "day to second", 3072: "hour to minute",
    7168: "hour to second", 6144: "minute to second", 32767: "",
}  # fmt: skip
"""The bit masks that the grammar gives for an interval's fields (INTERVAL_MASK in utils/timestamp.h)."""


class Names(Protocol):
    """What bare names mean where an expression stands: search path, tables, types.

    Three more methods are used where an implementation has them; without them more is "cannot tell":
    ``domain_base(schema, name) -> DataType | None``, the type that a domain constrains;
    ``routine_result(schema, name) -> DataType | None``, what a routine returns when all routines of that name return
    the same; ``composite_fields(schema, name) -> Mapping[str, DataType] | None``, the fields of a composite type.
    """

    def type_schema(self, name: str) -> str | None:
        """Return the schema of a user-defined type reached by a bare name; None when not known, or built in."""

    def routine_schema(self, name: str) -> str | None:
        """Return the schema of a user-defined routine reached by a bare name; None when not known, or built in."""

    def relation(self, schema: str, name: str) -> tuple[str, Mapping[str, DataType]] | None:
        """Return a relation's schema and its columns in order; an empty ``schema`` means the search path."""


class NoNames:
    """Knows no name but PostgreSQL's own."""

    def type_schema(self, name: str) -> str | None:  # noqa: ARG002
        """Return None."""
        return None

    def routine_schema(self, name: str) -> str | None:  # noqa: ARG002
        """Return None."""
        return None

    def relation(self, schema: str, name: str) -> tuple[str, Mapping[str, DataType]] | None:  # noqa: ARG002
        """Return None."""
        return None


NO_NAMES = NoNames()


def string_parts(nodes: Sequence[Tree]) -> list[str]:
    """Return the strings of a list of String nodes: the parts of a dotted name."""
    return [node["String"].get("sval", "") for node in nodes]


def data_type(type_name: Tree, names: Names = NO_NAMES) -> DataType:
    """Return the data type that a TypeName node's fields name.

    A bare name that is neither built in nor known to ``names`` keeps an empty schema.

    Args:
        type_name: The fields of a TypeName: ``names``, ``typmods``, ``arrayBounds``.
        names: Where user-defined types are looked up.
    """
    if "TypeName" in type_name:
        type_name = type_name["TypeName"]
    nodes = type_name["names"]
    array = "arrayBounds" in type_name
    modifiers = type_name.get("typmods")
    name = nodes[-1]["String"]["sval"]
    if modifiers is None and name in BUILTIN_TYPES and (len(nodes) == 1 or nodes[-2]["String"]["sval"] == "pg_catalog"):
        return _builtin(name, array=array)
    parts = string_parts(nodes)
    if type_name.get("pct_type"):
        return DataType(f"{'.'.join(parts)}%TYPE", array=array)
    if len(parts) > 1 and parts[-2] != "pg_catalog":
        return DataType(name, tuple(map(_modifier, modifiers or ())), parts[-2], array)
    if name not in BUILTIN_TYPES and len(parts) == 1:
        if name.startswith("_") and name[1:] in BUILTIN_TYPES:
            return _builtin(name[1:], array=True)
        schema = names.type_schema(name)
        return DataType(name, tuple(map(_modifier, modifiers or ())), schema or "", array)
    if not modifiers:
        return _builtin(name, array=array)
    if name == "interval":
        return DataType(name, _interval_modifiers(modifiers), array=array)
    texts = tuple(map(_modifier, modifiers))
    if name in {"numeric", "decimal"} and len(texts) == 1:
        texts += ("0",)
    return DataType("character" if name == "bpchar" else FULL_NAMES.get(name, name), texts, array=array)


@cache
def _builtin(name: str, *, array: bool) -> DataType:
    return DataType(FULL_NAMES.get(name, name), array=array)


def _modifier(node: Tree) -> str:
    """Return one modifier as text: a number, a word or a string, such as ``Point`` of ``geometry(Point,4326)``."""
    constant = node.get("A_Const")
    if constant is None:
        fields = node.get("ColumnRef", {}).get("fields", [])
        return ".".join(string_parts(fields))
    if "ival" in constant:
        return str(constant["ival"].get("ival", 0))
    if "fval" in constant:
        return str(constant["fval"]["fval"])
    return str(constant.get("sval", {}).get("sval", ""))


def _interval_modifiers(modifiers: Sequence[Tree]) -> tuple[str, ...]:
    mask, *precision = map(_modifier, modifiers)
    fields = _INTERVAL_FIELDS.get(int(mask), "")
    return ((fields,) if fields else ()) + tuple(precision)


@lru_cache(maxsize=1024)
def type_tree(text: str) -> Tree:
    """Return the TypeName fields of a type's text.

    Raises:
        SyntaxProblem: It is not the name of a type.
    """
    try:
        statements = parse_tree(f"SELECT NULL::{text}".encode())
        (target,) = statements[0]["stmt"]["SelectStmt"]["targetList"]
        if "name" in target["ResTarget"]:  # of "bigint unsigned", the second word is an alias
            raise ValueError("it goes on where the type ends")
        cast: Tree = target["ResTarget"]["val"]["TypeCast"]
    except (ParserError, KeyError, ValueError, IndexError) as error:
        raise SyntaxProblem(f"{text!r} is not a data type.", why=str(error)) from None
    if len(statements) != 1 or "A_Const" not in cast["arg"]:
        raise SyntaxProblem(f"{text!r} is not a data type.")
    tree: Tree = cast["typeName"]
    return tree


def parse_type(text: str, names: Names = NO_NAMES) -> DataType:
    """Return the data type that a text names.

    Raises:
        SyntaxProblem: It is not the name of a type.

    Example:
        >>> str(parse_type("varchar(20)[]")), str(parse_type("int8")), str(parse_type("timestamptz(3)"))
        ('character varying(20)[]', 'bigint', 'timestamp(3) with time zone')
    """
    return data_type(type_tree(text), names)
