"""Extended statistics."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import not_extension, relations
from planroom.model import ExtendedStatistics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines.postgres.catalog.expressions import Expressions
    from planroom.engines.postgres.catalog.session import Session

__all__ = ["statistics"]

_KINDS = {"d": "ndistinct", "f": "dependencies", "m": "mcv"}  # 'e', expressions, says nothing that they don't


def statistics(session: Session, expressions: Expressions) -> Mapping[int, tuple[ExtendedStatistics, ...]]:
    """Return the extended statistics, sorted by name, by the oid of their table."""
    if session.version < 100000:
        return {}
    since = session.since
    rows = session.run(f"""
        SELECT x.oid::int8, x.stxrelid::int8, n.nspname, x.stxname, x.stxkind::text[],
               ARRAY(SELECT a.attname::text FROM pg_attribute a
                     WHERE a.attrelid = x.stxrelid AND a.attnum = ANY (x.stxkeys::int2[]) ORDER BY a.attnum),
               {since(140000, "pg_get_statisticsobjdef_expressions(x.oid)", "NULL::text[]")},
               {since(130000, "x.stxstattarget", "-1")}
        FROM pg_statistic_ext x
        JOIN pg_namespace n ON n.oid = x.stxnamespace
        JOIN {relations("rpf")} r ON r.id = x.stxrelid
        WHERE {not_extension("pg_statistic_ext", "x")}
        ORDER BY 2, 4, 3""")
    found: dict[int, list[ExtendedStatistics]] = defaultdict(list)
    for oid, table, schema, name, kinds, columns, texts, target in rows:
        found[table].append(
            ExtendedStatistics(
                schema=schema,
                name=name,
                kinds=tuple(sorted(_KINDS[kind] for kind in kinds if kind in _KINDS)),
                columns=tuple(columns),
                expressions=tuple(expressions.given(text, table) for text in texts or ()),
                target=target if target is not None and target >= 0 else None,
                comment=session.comment("pg_statistic_ext", oid),
                origin=session.origin,
            )
        )
    return {oid: tuple(each) for oid, each in found.items()}
