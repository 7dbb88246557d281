"""What types and expressions mean, in the dialect of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.ddl.columns import SERIAL_TYPES
from planroom.errors import SyntaxProblem
from planroom.model import Enum
from planroom.model.names import DEFAULT_SCHEMA
from planroom.sqltext import BUILTIN_TYPE_NAMES, DataType, Expression, NoNames, parse_expression, parse_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planroom.formats._dbml.syntax import TypeName, Value

__all__ = ["BUILTIN_SCHEMA", "DIALECTS", "Meanings"]

BUILTIN_SCHEMA = "pg_catalog"
"""The schema that makes a type PostgreSQL's own, whatever an enum of the text is called."""

DIALECTS = {
    "postgresql": "postgres", "postgres": "postgres", "mysql": "mysql", "mariadb": "mysql", "sql server": "tsql",
    "mssql": "tsql", "sqlserver": "tsql", "oracle": "oracle", "sqlite": "sqlite", "snowflake": "snowflake",
    "bigquery": "bigquery", "redshift": "redshift", "duckdb": "duckdb",
}  # fmt: skip
"""Dialects by what people write as ``database_type``, in lower case."""


_INTEGERS = frozenset({"smallint", "integer", "bigint"})


class Meanings(NoNames):
    """Turns what is written into types and expressions, each text once.

    Args:
        dialect: The project's dialect; only PostgreSQL's is understood, others are kept as they are written.
        enums: The enums, which a type may name.
    """

    def __init__(self, dialect: str, enums: Iterable[Enum]) -> None:
        self._postgres = dialect == "postgres"
        self._enums = {(enum.schema, enum.name): enum for enum in enums}
        self._types: dict[TypeName, DataType] = {}
        self._defaults: dict[tuple[str, DataType], Expression] = {}

    def type_schema(self, name: str) -> str | None:
        """Return where a type that an expression names without a schema is."""
        return DEFAULT_SCHEMA if (DEFAULT_SCHEMA, name) in self._enums else None

    def serial(self, written: TypeName) -> DataType | None:
        """Return the integer type of a column whose type makes its own sequence; None for any other."""
        if not self._postgres or len(written.parts) != 1 or written.array or written.arguments:
            return None
        name = SERIAL_TYPES.get(written.parts[0].lower())
        return DataType(name) if name and (DEFAULT_SCHEMA, written.parts[0]) not in self._enums else None

    def type(self, written: TypeName) -> DataType:
        """Return a column's type: an enum of the text, else what PostgreSQL calls it, else what is written."""
        found = self._types.get(written)
        if found is None:
            found = self._types[written] = self._type(written)
        return found

    def _type(self, written: TypeName) -> DataType:
        schema, name = ".".join(written.parts[:-1]), written.parts[-1]
        if (schema or DEFAULT_SCHEMA, name) in self._enums and not written.arguments:
            return DataType(name, schema=schema or DEFAULT_SCHEMA, array=written.array)
        if self._postgres and schema in ("", BUILTIN_SCHEMA):
            builtin = _builtin(written, name)
            if builtin:
                return builtin
        return DataType(name, written.arguments, schema, written.array)

    def counts(self, kind: DataType) -> bool:
        """Whether a column of the type may increment; of a type that is not PostgreSQL's, nobody knows better."""
        if not self._postgres or kind.schema or kind.name not in BUILTIN_TYPE_NAMES:
            return True
        return kind.name in _INTEGERS and not kind.array

    def default(self, value: Value, target: DataType) -> Expression | None:
        """Return a DEFAULT; None for null."""
        if value.kind == "word" and value.text.lower() == "null":
            return None
        return self.literal(_sql(value), target)

    def literal(self, text: str, target: DataType) -> Expression:
        """Return a DEFAULT that is written in SQL."""
        found = self._defaults.get((text, target))
        if found is None:
            found = self._defaults[text, target] = self._parsed(text, {}, target)
        return found

    def condition(self, text: str, columns: Mapping[str, DataType]) -> Expression:
        """Return a condition or expression over the columns of a table."""
        return self._parsed(text, columns, None)

    def _parsed(self, text: str, columns: Mapping[str, DataType], target: DataType | None) -> Expression:
        if self._postgres:
            try:
                return parse_expression(text, columns, self, target)
            except SyntaxProblem:
                pass
        return Expression(text, text)


def _builtin(written: TypeName, name: str) -> DataType | None:
    """Return the type of PostgreSQL's that a text names; None when it names none of them."""
    arguments = f"({','.join(written.arguments)})" if written.arguments else ""
    try:
        found = parse_type(name + arguments + ("[]" if written.array else ""))
    except SyntaxProblem:
        return None
    return found if found.name in BUILTIN_TYPE_NAMES and not found.schema else None


def _sql(value: Value) -> str:
    """Return the SQL of a default as DBML writes it."""
    match value.kind:
        case "string":
            return _literal(value.text)
        case "word" if len(value.parts) > 1:
            return _literal(value.parts[-1])  # the label of an enum
        case "word":
            return value.text.lower()
    return value.text


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
