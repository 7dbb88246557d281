"""Who inherits from whom, and how partitioned tables spread their rows."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.indexes import OPERATOR_CLASSES, default_class
from planroom.engines.postgres.catalog.session import relations, shown
from planroom.model import IndexColumn, Partitioning, qualified
from planroom.sqltext.statements import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.engines.postgres.catalog.expressions import Expressions
    from planroom.engines.postgres.catalog.session import Row, Session
    from planroom.model import ObjectId

__all__ = ["parents", "partitionings", "root"]

_STRATEGIES = {"r": "range", "l": "list", "h": "hash"}


def parents(session: Session) -> Mapping[int, tuple[tuple[int, ObjectId], ...]]:
    """Return the parents of each table, in order, each as oid and id; by the oid of the child."""
    rows = session.run(f"""
        SELECT h.inhrelid::int8, h.inhparent::int8, pn.nspname, p.relname
        FROM pg_inherits h
        JOIN {relations("rpf")} r ON r.id = h.inhrelid
        JOIN pg_class p ON p.oid = h.inhparent
        JOIN pg_namespace pn ON pn.oid = p.relnamespace
        ORDER BY h.inhrelid, h.inhseqno""")
    found: dict[int, list[tuple[int, ObjectId]]] = defaultdict(list)
    for child, parent, schema, name in rows:
        found[child].append((parent, qualified(schema, name)))
    return {child: tuple(each) for child, each in found.items()}


def root(table: int, partitions: Mapping[int, int]) -> int:
    """Return the oid of the topmost partitioned table above a table.

    Args:
        table: The oid of the table.
        partitions: The parent's oid of every partition, by its own.
    """
    while table in partitions:
        table = partitions[table]
    return table


def partitionings(session: Session, expressions: Expressions) -> Mapping[int, Partitioning]:
    """Return how partitioned tables spread their rows, by their oids."""
    if session.version < 100000:
        return {}
    texts = {
        oid: (_STRATEGIES[strategy], list(_items(text or "")))
        for oid, strategy, text in session.run(f"""
            SELECT p.partrelid::int8, p.partstrat::text, pg_get_expr(p.partexprs, p.partrelid)
            FROM pg_partitioned_table p JOIN {relations("p")} r ON r.id = p.partrelid""")
    }
    parts: dict[int, list[IndexColumn]] = defaultdict(list)
    for row in session.run(_KEYS.format(classes=OPERATOR_CLASSES, relations=relations("p"), default=_default("oc"))):
        parts[row[0]].append(_part(expressions, row, texts[row[0]][1]))
    return {oid: Partitioning(strategy, tuple(parts[oid])) for oid, (strategy, _) in texts.items()}


_KEYS = """
    SELECT p.partrelid::int8, k.position, a.attname, cn.nspname, co.collname, pg_get_partkeydef(p.partrelid),
           oc.nspname, CASE WHEN NOT {default} THEN oc.opcname END
    FROM pg_partitioned_table p
    JOIN {relations} r ON r.id = p.partrelid
    CROSS JOIN LATERAL unnest(p.partattrs::int2[], p.partclass::oid[], p.partcollation::oid[])
        WITH ORDINALITY AS k(number, class, coll, position)
    LEFT JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = k.number AND k.number <> 0
    LEFT JOIN pg_collation co ON co.oid = k.coll AND k.number <> 0 AND k.coll <> a.attcollation
    LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
    LEFT JOIN {classes} oc
           ON oc.id = k.class
    ORDER BY 1, 2"""


def _default(alias: str) -> str:
    """Return the condition that an operator class is the default; an expression's type is not in the catalog."""
    return f"CASE WHEN k.number = 0 THEN {alias}.opcdefault ELSE {default_class(alias, 'a.atttypid')} END"


def _part(expressions: Expressions, row: Row, texts: list[str]) -> IndexColumn:
    """Return one part of a partition key; its expressions are taken from ``texts`` one after the other."""
    table, position, column, schema, collation, definition, class_schema, operator_class = row
    return IndexColumn(
        column=column or "",
        expression=None if column else expressions.given(texts.pop(0), table),
        collation=shown(schema, collation) if column else _expression_collation(definition, position),
        operator_class=shown(class_schema, operator_class),
    )


def _expression_collation(definition: str, position: int) -> str:
    """Return the COLLATE that the server prints beside an expression of a partition key."""
    (statement,) = parse_postgres(f"CREATE TABLE whole () PARTITION BY {definition}")
    element = statement.tree["partspec"]["partParams"][position - 1]["PartitionElem"]
    parts = [part["String"]["sval"] for part in element.get("collation", ())]
    return shown(parts[0] if len(parts) > 1 else None, parts[-1]) if parts else ""


_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[(\[]|[)\]]|,""", re.DOTALL)


def _items(text: str) -> Iterator[str]:
    """Yield the expressions of a list as the server prints it, cut at its outermost commas."""
    depth, start = 0, 0
    for token in _TOKEN.finditer(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token[0], 0)
        if token[0] == "," and not depth:
            yield text[start : token.start()]
            start = token.end()
    if text:
        yield text[start:]
