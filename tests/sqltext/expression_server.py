"""Makes the corpus on a server and reads it back as the server prints it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from planroom.sqltext import DataType
from planroom.sqltext.canonical import bound, parse_expression, parse_query
from planroom.sqltext.libpg_query import parse_tree
from planroom.sqltext.names import parse_type
from tests.sqltext import expression_corpus as corpus


@dataclass(frozen=True)
class Case:
    """One expression: as written, and as the server prints it."""

    kind: str
    text: str
    server: str
    target: str = ""


def collect(connection: Any) -> tuple[list[Case], list[tuple[str, str, str]]]:
    """Return all cases, and what the server refused: kind, text, message."""
    connection.execute("SET timezone = 'UTC'")
    connection.execute(corpus.SCHEMA)
    cases: list[Case] = []
    refused: list[tuple[str, str, str]] = []
    for kind, make in KINDS.items():
        for line in getattr(corpus, kind):
            try:
                with connection.transaction():
                    cases.append(make(connection, kind, line))
            except Exception as error:
                refused.append((kind, line, str(error).splitlines()[0]))
    return cases, refused


def _text(connection: Any, sql: str) -> str:
    connection.execute("SET search_path = ''")
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.execute("RESET search_path")


def _check(connection: Any, kind: str, text: str) -> Case:
    connection.execute(f"ALTER TABLE shop.items ADD CONSTRAINT c CHECK ({text})")
    server = _text(connection, "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conname = 'c'")
    connection.execute("ALTER TABLE shop.items DROP CONSTRAINT c")
    return Case(kind, text, server, "boolean")


def _default(connection: Any, kind: str, line: str) -> Case:
    type_, text = line.split("|", 1)
    connection.execute("DROP TABLE IF EXISTS shop.d")
    connection.execute(f"CREATE TABLE shop.d (c {type_} DEFAULT {text})")
    server = _text(
        connection, "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'shop.d'::pg_catalog.regclass"
    )
    return Case(kind, text, server, type_)


def _index(connection: Any, kind: str, text: str) -> Case:
    expression = text.split(" text_pattern_ops")[0].split(" , ")[0]
    connection.execute("DROP INDEX IF EXISTS shop.ix")
    connection.execute(f"CREATE INDEX ix ON shop.items ({text})")
    server = _text(connection, "SELECT pg_get_indexdef('shop.ix'::pg_catalog.regclass, 1, false)")
    return Case(kind, expression, server)


def _predicate(connection: Any, kind: str, text: str) -> Case:
    connection.execute("DROP INDEX IF EXISTS shop.ix")
    connection.execute(f"CREATE INDEX ix ON shop.items (id) WHERE {text}")
    server = _text(
        connection,
        "SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = 'shop.ix'::pg_catalog.regclass",
    )
    return Case(kind, text, server, "boolean")


def _generated(connection: Any, kind: str, line: str) -> Case:
    type_, text = line.split("|", 1)
    connection.execute(f"ALTER TABLE shop.items ADD COLUMN g {type_} GENERATED ALWAYS AS ({text}) STORED")
    server = _text(
        connection,
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'shop.items'::pg_catalog.regclass",
    )
    connection.execute("ALTER TABLE shop.items DROP COLUMN g")
    return Case(kind, text, server, type_)


def _policy(connection: Any, kind: str, text: str) -> Case:
    connection.execute(f"CREATE POLICY p ON shop.items USING ({text})")
    server = _text(connection, "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'p'")
    connection.execute("DROP POLICY p ON shop.items")
    return Case(kind, text, server, "boolean")


def _trigger(connection: Any, kind: str, text: str) -> Case:
    connection.execute(
        f"CREATE TRIGGER t BEFORE UPDATE ON shop.items FOR EACH ROW WHEN ({text}) EXECUTE FUNCTION shop.touch()"
    )
    definition = _text(connection, "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 't'")
    connection.execute("DROP TRIGGER t ON shop.items")
    return Case(kind, text, definition.split(" WHEN ", 1)[1].rsplit(" EXECUTE ", 1)[0], "boolean")


def _bound(connection: Any, kind: str, line: str) -> Case:
    type_, strategy, text = line.split("|", 2)
    connection.execute("DROP TABLE IF EXISTS shop.part")
    connection.execute(f"CREATE TABLE shop.part (c {type_}) PARTITION BY {strategy} (c)")
    connection.execute(f"CREATE TABLE shop.part_1 PARTITION OF shop.part {_bound_clause(text)}")
    server = _text(
        connection,
        "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 'shop.part_1'::pg_catalog.regclass",
    )
    connection.execute("DROP TABLE shop.part")
    return Case(kind, text, server, type_)


def _bound_clause(text: str) -> str:
    return text if text == "DEFAULT" or text.startswith("FOR VALUES") else f"FOR VALUES {text}"


def _view(connection: Any, kind: str, text: str) -> Case:
    connection.execute(f"CREATE VIEW shop.v AS {text}")
    server = _text(connection, "SELECT pg_get_viewdef('shop.v'::pg_catalog.regclass)")
    connection.execute("DROP VIEW shop.v")
    return Case(kind, text, server)


KINDS = {
    "CHECKS": _check, "DEFAULTS": _default, "INDEXES": _index, "PREDICATES": _predicate, "GENERATED": _generated,
    "POLICIES": _policy, "TRIGGERS": _trigger, "BOUNDS": _bound, "VIEWS": _view,
}  # fmt: skip


class CorpusNames:
    """The names of the corpus' schema, as a reader of its DDL knows them."""

    def __init__(self) -> None:
        self.relations: dict[str, dict[str, DataType]] = {}
        for statement in parse_tree(corpus.SCHEMA.encode()):
            for kind, fields in statement["stmt"].items():
                if kind == "CreateStmt":
                    columns = [item["ColumnDef"] for item in fields["tableElts"] if "ColumnDef" in item]
                    self.relations[fields["relation"]["relname"]] = {
                        column["colname"]: _type(column["typeName"], self) for column in columns
                    }

    def type_schema(self, name: str) -> str | None:
        return "shop" if name in {"status", "amount", "email", "address"} else None

    def routine_schema(self, name: str) -> str | None:
        return "shop" if name in {"tenant", "clean", "touch"} else None

    def relation(self, schema: str, name: str) -> tuple[str, dict[str, DataType]] | None:
        return ("shop", self.relations[name]) if schema in {"", "shop"} and name in self.relations else None

    def domain_base(self, schema: str, name: str) -> DataType | None:
        bases = {"amount": parse_type("numeric(12,2)"), "email": parse_type("text")}
        return bases.get(name) if schema == "shop" else None

    def routine_result(self, schema: str, name: str) -> DataType | None:
        results = {"tenant": parse_type("uuid"), "clean": parse_type("text")}
        return results.get(name) if schema == "shop" else None

    def composite_fields(self, schema: str, name: str) -> dict[str, DataType] | None:
        return {"street": parse_type("text"), "zip": parse_type("varchar(10)")} if name == "address" else None


def _type(fields: Any, names: Any) -> DataType:
    from planroom.sqltext.names import data_type

    return data_type(fields, names)


NAMES = CorpusNames()

KNOWN_DIFFERENCES = frozenset(
    {
        "data @? '$.a[*] ? (@ > 2)'",  # jsonpath with filters: its output function is not repeated here
        "data @@ '$.a == 1'",
        "FROM (date '2030-01-01' + 1) TO ('2031-01-01')",  # the server computes bounds
        "SELECT jt.a FROM shop.items i, JSON_TABLE(i.data, '$[*]' COLUMNS (a int PATH '$.a')) AS jt",
    }
)
"""Texts that do not compare equal with what the server makes of them: a false difference, never a false equality."""


def corpus_line(case: Case, text: str) -> str:
    """Return a line of the corpus that holds another text for a case."""
    if case.kind == "INDEXES":
        return f"({text})"
    if case.kind in {"DEFAULTS", "GENERATED"}:
        return f"{case.target}|{text}"
    if case.kind != "BOUNDS":
        return text
    strategy = "LIST" if " IN " in text or text == "DEFAULT" else "HASH" if " WITH " in text else "RANGE"
    return f"{case.target}|{strategy}|{text}"


def canonical(case: Case, text: str) -> str:
    """Return one of a case's texts in canonical form."""
    if case.kind == "VIEWS":
        return parse_query(text, NAMES).canonical
    target = parse_type(case.target, NAMES) if case.target else None
    if case.kind == "BOUNDS":
        sql = f"CREATE TABLE p1 PARTITION OF p {_bound_clause(text)}"
        tree = parse_tree(sql.encode())[0]["stmt"]["CreateStmt"]["partbound"]
        assert target is not None
        return bound(tree, [target], NAMES).canonical
    return parse_expression(text, NAMES.relations["items"], NAMES, target).canonical


def as_json(cases: list[Case]) -> str:
    """Return cases as JSON, one a line."""
    lines = [json.dumps([*asdict(case).values()], ensure_ascii=False) for case in cases]
    return "[\n" + ",\n".join(lines) + "\n]\n"
