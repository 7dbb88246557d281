"""How many objects of each kind a database and a model hold, by the same rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.namespaces import PUBLIC_COMMENT
from planroom.engines.postgres.catalog.routines import user_routines
from planroom.engines.postgres.catalog.session import USER_SCHEMA, Session, not_extension, relations
from planroom.engines.postgres.catalog.types import user_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planroom.engines.postgres.catalog.session import Run
    from planroom.model import Model

__all__ = ["catalog_counts", "model_counts"]


def catalog_counts(run: Run, version: int) -> dict[str, int]:
    """Return how many objects of each kind the catalog holds that a `Model` should hold too.

    Args:
        run: Executes one query and returns its rows, with an empty ``search_path``.
        version: The server's version as a number.
    """
    session = Session(run, version)
    queries = {
        **_relation_counts(session),
        **_column_counts(session),
        **_constraint_counts(session),
        **_index_counts(session),
        **_type_counts(),
        **_routine_counts(session),
        "comments": f"SELECT count(*) FROM ({' UNION ALL '.join(_comments(session))}) c",
        "extensions": "SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql'",
        "schemas": _schema_count(session),
    }
    rows = run(" UNION ALL ".join(f"SELECT '{kind}', ({query})" for kind, query in queries.items()))
    return dict(sorted((kind, count) for kind, count in rows))


def _relation_counts(session: Session) -> dict[str, str]:
    partition = session.since(100000, "r.relispartition", "false")
    own_sequence = f"NOT EXISTS ({_identity_tie('r.id')})"
    return {
        "foreign tables": f"SELECT count(*) FROM {relations('f')} r",
        "inheritance": f"SELECT count(*) FROM pg_inherits h JOIN {relations('rf')} r ON r.id = h.inhrelid "
        f"WHERE NOT {partition}",
        "materialised views": f"SELECT count(*) FROM {relations('m')} r",
        "partitioned tables": f"SELECT count(*) FROM {relations('p')} r",
        "partitions": f"SELECT count(*) FROM {relations('rpf')} r WHERE {partition}",
        "sequences": f"SELECT count(*) FROM {relations('S')} r WHERE {own_sequence}",
        "tables": f"SELECT count(*) FROM {relations('rpf')} r",
        "views": f"SELECT count(*) FROM {relations('v')} r",
    }


def _identity_tie(sequence: str) -> str:
    return (
        f"SELECT FROM pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = {sequence} "
        "AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype = 'i'"
    )


def _column_counts(session: Session) -> dict[str, str]:
    def of(kinds: str, condition: str = "true") -> str:
        return (
            f"SELECT count(*) FROM pg_attribute a JOIN {relations(kinds)} r ON r.id = a.attrelid "
            f"WHERE a.attnum > 0 AND NOT a.attisdropped AND {condition}"
        )

    generated = session.since(120000, "a.attgenerated <> ''", "false")
    return {
        "columns": of("rpf"),
        "columns that are generated": of("rpf", generated),
        "columns that are identities": of("rpf", session.since(100000, "a.attidentity <> ''", "false")),
        "columns that are not null": of("rpf", "a.attnotnull"),
        "columns with a default": of("rpf", f"a.atthasdef AND NOT {generated}"),
        "composite fields": of("c"),
        "view columns": of("vm"),
    }


def _constraint_counts(session: Session) -> dict[str, str]:
    kinds = {
        "checks": "con.contype = 'c' AND con.conislocal",
        "exclusion constraints": "con.contype = 'x'",
        "foreign keys": f"con.contype = 'f' AND {session.since(110000, 'con.conparentid = 0', 'true')}",
        "primary keys": "con.contype = 'p'",
        "unique constraints": "con.contype = 'u'",
    }
    source = f"pg_constraint con JOIN {relations('rpf')} r ON r.id = con.conrelid"
    return {
        **{kind: f"SELECT count(*) FROM {source} WHERE {condition}" for kind, condition in kinds.items()},
        "domain checks": f"SELECT count(*) FROM pg_constraint con JOIN {user_types('d')} t ON t.id = con.contypid "
        "WHERE con.contype = 'c'",
    }


_FREE = (
    "NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.conrelid = i.indrelid "
    "AND con.contype IN ('p', 'u', 'x'))"
)


def _index_counts(session: Session) -> dict[str, str]:
    clone = session.since(130000, "AND t.tgparentid = 0", "")
    return {
        "indexes": f"SELECT count(*) FROM pg_index i JOIN {relations('rpmf')} r ON r.id = i.indrelid WHERE {_FREE}",
        "policies": f"SELECT count(*) FROM pg_policy p JOIN {relations('rp')} r ON r.id = p.polrelid",
        "statistics": f"SELECT count(*) FROM pg_statistic_ext x JOIN {relations('rpf')} r ON r.id = x.stxrelid"
        if session.version >= 100000
        else "SELECT 0",
        "triggers": f"SELECT count(*) FROM pg_trigger t JOIN {relations('rpvf')} r ON r.id = t.tgrelid "
        f"WHERE NOT t.tgisinternal {clone}",
    }


def _type_counts() -> dict[str, str]:
    return {
        "composite types": f"SELECT count(*) FROM {relations('c')} r",
        "domains": f"SELECT count(*) FROM {user_types('d')} t",
        "enum labels": f"SELECT count(*) FROM pg_enum l JOIN {user_types('e')} t ON t.id = l.enumtypid",
        "enums": f"SELECT count(*) FROM {user_types('e')} t",
        "range types": f"SELECT count(*) FROM {user_types('r')} t",
    }


def _routine_counts(session: Session) -> dict[str, str]:
    kinds = {"aggregates": "a", "functions": "f", "procedures": "p", "window functions": "w"}
    return {
        kind: f"SELECT count(*) FROM {user_routines(session)} p WHERE p.kind = '{letter}'"
        for kind, letter in kinds.items()
    }


def _schema_count(session: Session) -> str:
    """Return the query for schemas: the user's own, and any other in which something of the model lives."""
    used = " UNION ALL ".join(
        [
            f"SELECT r.nspname FROM {relations()} r WHERE r.relkind <> 'S' OR NOT EXISTS ({_identity_tie('r.id')})",
            *(f"SELECT t.nspname FROM {user_types(kind)} t" for kind in "edr"),
            f"SELECT p.nspname FROM {user_routines(session)} p",
        ]
    )
    spoken_of = f"coalesce(obj_description(n.oid, 'pg_namespace'), '') NOT IN ('', '{PUBLIC_COMMENT}')"
    return (
        f"SELECT count(*) FROM pg_namespace n WHERE {USER_SCHEMA} AND (n.nspname IN ({used}) OR CASE n.nspname "
        f"WHEN 'public' THEN {spoken_of} ELSE {not_extension('pg_namespace', 'n')} END)"
    )


def _comments(session: Session) -> Iterator[str]:
    """Yield queries for the comments on what the model holds."""
    version = session.since(130000, "AND t.tgparentid = 0", "")
    own_key = session.since(110000, "con.conparentid = 0", "true")
    described = {
        "pg_class": (
            f"SELECT r.id FROM {relations('rpvmfS')} r WHERE r.relkind <> 'S' OR NOT EXISTS ({_identity_tie('r.id')}) "
            f"UNION ALL SELECT i.indexrelid FROM pg_index i JOIN {relations('rpmf')} r ON r.id = i.indrelid "
            f"WHERE {_FREE}"
        ),
        "pg_constraint": (
            f"SELECT con.oid FROM pg_constraint con JOIN {relations('rpf')} r ON r.id = con.conrelid WHERE "
            f"con.contype IN ('p', 'u', 'x') OR con.contype = 'c' AND con.conislocal OR con.contype = 'f' AND {own_key}"
        ),
        "pg_namespace": f"SELECT n.oid FROM pg_namespace n WHERE {USER_SCHEMA} "
        f"AND {not_extension('pg_namespace', 'n')} AND obj_description(n.oid, 'pg_namespace') <> '{PUBLIC_COMMENT}'",
        "pg_policy": f"SELECT p.oid FROM pg_policy p JOIN {relations('rp')} r ON r.id = p.polrelid",
        "pg_proc": f"SELECT p.id FROM {user_routines(session)} p",
        "pg_trigger": f"SELECT t.oid FROM pg_trigger t JOIN {relations('rpvf')} r ON r.id = t.tgrelid "
        f"WHERE NOT t.tgisinternal {version}",
        "pg_type": f"SELECT r.reltype FROM {relations('c')} r UNION ALL "
        + " UNION ALL ".join(f"SELECT t.id FROM {user_types(kind)} t" for kind in "edr"),
    }
    if session.version >= 100000:
        described["pg_statistic_ext"] = (
            f"SELECT x.oid FROM pg_statistic_ext x JOIN {relations('rpf')} r ON r.id = x.stxrelid"
        )
    for catalog, objects in described.items():
        yield (
            f"SELECT 1 FROM pg_description d WHERE d.classoid = 'pg_catalog.{catalog}'::regclass AND d.objsubid = 0 "
            f"AND d.objoid IN ({objects})"
        )
    yield (
        "SELECT 1 FROM pg_description d WHERE d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid > 0 "
        f"AND d.objoid IN (SELECT r.id FROM {relations('rpvmfc')} r)"
    )


def model_counts(model: Model) -> dict[str, int]:
    """Return how many objects of each kind a model holds, in the kinds of `catalog_counts`."""
    tables, views, columns = model.tables, model.views, [column for table in model.tables for column in table.columns]
    routines = [routine.kind for routine in model.routines]
    return {
        "aggregates": routines.count("aggregate"),
        "checks": _total(table.checks for table in tables),
        "columns": len(columns),
        "columns that are generated": sum(column.generated is not None for column in columns),
        "columns that are identities": sum(column.identity is not None for column in columns),
        "columns that are not null": sum(not column.nullable for column in columns),
        "columns with a default": sum(column.default is not None for column in columns),
        "comments": sum(bool(getattr(each, "comment", "")) for each in _described(model)),
        "composite fields": _total(each.fields for each in model.composite_types),
        "composite types": len(model.composite_types),
        "domain checks": _total(each.checks for each in model.domains),
        "domains": len(model.domains),
        "enum labels": _total(each.labels for each in model.enums),
        "enums": len(model.enums),
        "exclusion constraints": _total(table.exclusions for table in tables),
        "extensions": len(model.extensions),
        "foreign keys": _total(table.foreign_keys for table in tables),
        "foreign tables": sum(bool(table.external) for table in tables),
        "functions": routines.count("function"),
        "indexes": _total(table.indexes for table in tables) + _total(view.indexes for view in views),
        "inheritance": _total(table.inherits for table in tables),
        "materialised views": sum(view.materialised for view in views),
        "partitioned tables": sum(table.partitioning is not None for table in tables),
        "partitions": sum(table.partition_of is not None for table in tables),
        "policies": _total(table.policies for table in tables),
        "primary keys": sum(table.primary_key is not None for table in tables),
        "procedures": routines.count("procedure"),
        "range types": len(model.range_types),
        "schemas": len(model.schemas),
        "sequences": len(model.sequences),
        "statistics": _total(table.statistics for table in tables),
        "tables": len(tables),
        "triggers": _total(table.triggers for table in tables) + _total(view.triggers for view in views),
        "unique constraints": _total(table.unique_constraints for table in tables),
        "view columns": _total(view.columns for view in views),
        "views": sum(not view.materialised for view in views),
        "window functions": routines.count("window"),
    }


def _total(groups: Iterable[tuple[object, ...]]) -> int:
    return sum(len(group) for group in groups)


def _described(model: Model) -> Iterator[object]:
    """Yield everything of a model that can bear a comment, but for extensions."""
    yield from (*model.schemas, *model.enums, *model.domains, *model.composite_types, *model.range_types)
    yield from (*model.sequences, *model.routines, *model.tables, *model.views)
    yield from (each for kind in model.composite_types for each in kind.fields)
    for view in model.views:
        yield from (*view.columns, *view.indexes, *view.triggers)
    for table in model.tables:
        yield from (*table.columns, *table.keys, *table.foreign_keys, *table.checks, *table.exclusions)
        yield from (*table.indexes, *table.statistics, *table.triggers, *table.policies)
