"""Functions, procedures and aggregates."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.datatypes import data_type
from planroom.engines.postgres.catalog.session import USER_SCHEMA, not_extension, not_internal, options, routine_name
from planroom.model import Argument, Routine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines.postgres.catalog.expressions import Expressions
    from planroom.engines.postgres.catalog.session import Row, Session

__all__ = ["routines", "user_routines"]

_KINDS = {"f": "function", "p": "procedure", "a": "aggregate", "w": "window"}
_MODES = {"i": "in", "o": "out", "b": "inout", "v": "variadic", "t": "table"}
_VOLATILITY = {"i": "immutable", "s": "stable", "v": "volatile"}
_PARALLEL = {"s": "safe", "r": "restricted", "u": "unsafe"}
_MODIFY = {"r": "read_only", "s": "shareable", "w": "read_write"}


def user_routines(session: Session) -> str:
    """Return a subquery for the user's routines: pg_proc's columns, ``nspname`` and ``kind``."""
    kind = session.since(
        110000,
        "p.prokind::text",
        "CASE WHEN p.proisagg THEN 'a' WHEN p.proiswindow THEN 'w' ELSE 'f' END",
    )
    # What is internal are the constructors of range types: nobody wrote them.
    return (
        f"(SELECT n.nspname, {kind} AS kind, p.oid AS id, p.* FROM pg_proc p "
        f"JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {USER_SCHEMA} "
        f"AND {not_extension('pg_proc', 'p')} AND {not_internal('pg_proc', 'p')})"
    )


def routines(session: Session, expressions: Expressions) -> tuple[Routine, ...]:
    """Return the routines, by their signatures."""
    arguments = _arguments(session, expressions)
    aggregates = _aggregates(session)
    since = session.since
    rows = session.run(f"""
        SELECT p.id::int8, p.nspname, p.proname, p.kind, format_type(p.prorettype, NULL), p.proretset,
               't' = ANY (coalesce(p.proargmodes::text[], '{{}}')), l.lanname, coalesce(p.prosrc, ''),
               {since(140000, "pg_get_function_sqlbody(p.id)", "NULL")}, coalesce(p.probin::text, ''),
               p.provolatile::text, p.proisstrict, p.prosecdef, p.proleakproof, p.proparallel::text,
               p.procost::float8, p.prorows::float8, p.proconfig,
               {since(120000, "sn.nspname, s.proname", "NULL, NULL")},
               ARRAY(SELECT format_type(k.type, NULL) FROM unnest(p.protrftypes) WITH ORDINALITY k(type, position)
                     ORDER BY k.position)
        FROM {user_routines(session)} p
        JOIN pg_language l ON l.oid = p.prolang
        {since(120000, "LEFT JOIN pg_proc s ON s.oid = p.prosupport", "")}
        {since(120000, "LEFT JOIN pg_namespace sn ON sn.oid = s.pronamespace", "")}
        ORDER BY 2, 3, 1""")
    found = (_routine(session, row, arguments, aggregates) for row in rows)
    return tuple(sorted(found, key=lambda routine: routine.id))


def _routine(
    session: Session,
    row: Row,
    arguments: Mapping[int, tuple[Argument, ...]],
    aggregates: Mapping[int, dict[str, str]],
) -> Routine:
    oid, schema, name, kind, result, returns_set, returns_table, language, source, atomic, *rest = row
    binary, volatility, strict, definer, leakproof, parallel, cost, rows, settings, *support, transforms = rest
    shared = {
        "schema": schema,
        "name": name,
        "kind": _KINDS[kind],
        "arguments": arguments.get(oid, ()),
        "parallel": _PARALLEL[parallel],
        "comment": session.comment("pg_proc", oid),
        "origin": session.origin,
    }
    if kind == "a":
        return Routine(**shared, options=tuple(sorted(aggregates[oid].items())))
    further = {
        "object_file": binary,
        "support": routine_name(*support),
        "transform": ", ".join(str(data_type(each)) for each in transforms),
    }
    return Routine(
        **shared,
        returns="" if kind == "p" or returns_table else f"{'SETOF ' if returns_set else ''}{data_type(result)}",
        language=language,
        body=source if atomic is None else atomic,
        atomic=atomic is not None,
        volatility=_VOLATILITY[volatility],
        strict=strict,
        security_definer=definer,
        leakproof=leakproof,
        cost=cost if cost != (1 if language in {"c", "internal"} else 100) else None,
        rows=rows if rows != (1000 if returns_set else 0) else None,
        options=tuple(sorted((*options(settings), *((key, value) for key, value in further.items() if value)))),
    )


def _arguments(session: Session, expressions: Expressions) -> Mapping[int, tuple[Argument, ...]]:
    """Return the arguments of every routine in their order, by its oid."""
    rows = session.run(f"""
        SELECT p.id::int8, format_type(k.type, NULL), coalesce(p.proargnames[k.position], ''),
               coalesce(p.proargmodes[k.position]::text, 'i'),
               CASE WHEN p.pronargdefaults > 0 THEN pg_get_function_arg_default(p.id, k.position::int) END
        FROM {user_routines(session)} p
        CROSS JOIN LATERAL unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY k(type, position)
        ORDER BY 1, k.position""")
    found: dict[int, list[Argument]] = defaultdict(list)
    for oid, kind, name, mode, default in rows:
        argument_type = data_type(kind)
        found[oid].append(
            Argument(
                type=argument_type,
                name=name,
                mode=_MODES[mode],
                default=expressions.of(default, target=argument_type),
            )
        )
    return {oid: tuple(each) for oid, each in found.items()}


_FUNCTIONS = {
    "sfunc": "aggtransfn",
    "finalfunc": "aggfinalfn",
    "combinefunc": "aggcombinefn",
    "serialfunc": "aggserialfn",
    "deserialfunc": "aggdeserialfn",
    "msfunc": "aggmtransfn",
    "minvfunc": "aggminvtransfn",
    "mfinalfunc": "aggmfinalfn",
}
"""The columns of pg_aggregate that name a function, by CREATE AGGREGATE's word for it."""


def _aggregates(session: Session) -> Mapping[int, dict[str, str]]:
    """Return the definition of every aggregate in CREATE AGGREGATE's words, by its oid; defaults are left out."""
    functions = ", ".join(
        f"(SELECT ARRAY[n.nspname::text, f.proname::text] FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace "
        f"WHERE f.oid = a.{column})"
        for column in _FUNCTIONS.values()
    )
    modify = session.since(110000, "a.aggfinalmodify::text, a.aggmfinalmodify::text", "NULL, NULL")
    rows = session.run(f"""
        SELECT p.id::int8, {functions}, format_type(a.aggtranstype, NULL),
               CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,
               a.aggtransspace, a.aggmtransspace, a.agginitval, a.aggminitval, a.aggfinalextra, a.aggmfinalextra,
               {modify}, a.aggkind::text, a.aggnumdirectargs, n.nspname, o.oprname
        FROM {user_routines(session)} p
        JOIN pg_aggregate a ON a.aggfnoid = p.id
        LEFT JOIN pg_operator o ON o.oid = a.aggsortop
        LEFT JOIN pg_namespace n ON n.oid = o.oprnamespace""")
    return {row[0]: _aggregate(row) for row in rows}


def _aggregate(row: Row) -> dict[str, str]:
    functions = dict(zip(_FUNCTIONS, row[1 : 1 + len(_FUNCTIONS)], strict=True))
    state, moving_state, space, moving_space, initial, moving_initial, *rest = row[1 + len(_FUNCTIONS) :]
    extra, moving_extra, modify, moving_modify, kind, direct, sort_schema, sort_operator = rest
    usual = "r" if kind == "n" else "w"
    given: dict[str, str | None] = {
        **{word: routine_name(*function) for word, function in functions.items() if function},
        "stype": str(data_type(state)),
        "mstype": str(data_type(moving_state)) if moving_state else None,
        "sspace": str(space) if space else None,
        "msspace": str(moving_space) if moving_space else None,
        "finalfunc_extra": "true" if extra else None,
        "mfinalfunc_extra": "true" if moving_extra else None,
        "finalfunc_modify": _MODIFY[modify] if modify and modify != usual else None,
        "mfinalfunc_modify": _MODIFY[moving_modify] if moving_modify and moving_modify != usual else None,
        "hypothetical": "true" if kind == "h" else None,
        "direct_arguments": str(direct) if kind != "n" else None,
        "sortop": _operator(sort_schema, sort_operator),
    }
    texts = {"initcond": initial, "minitcond": moving_initial}  # may be empty, which is not the same as missing
    return {
        **{word: value for word, value in given.items() if value},
        **{word: value for word, value in texts.items() if value is not None},
    }


def _operator(schema: str | None, name: str | None) -> str | None:
    return name if not name or schema in {"pg_catalog", "public"} else f"OPERATOR({routine_name(schema, '')}.{name})"
