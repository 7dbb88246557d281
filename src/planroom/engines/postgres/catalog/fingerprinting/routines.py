"""Lines of functions, procedures and aggregates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.fingerprinting.kind import Kind, user

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.fingerprinting.kind import Kinds
    from planroom.engines.postgres.catalog.session import Session

__all__ = ["kinds"]


def kinds(session: Session) -> Kinds:
    """Yield the kinds."""
    yield "routine", _routine(session)
    yield "aggregate", _aggregate(session)


def _routine(session: Session) -> Kind:
    since = session.since
    aggregate = since(110000, "x.prokind = 'a'", "x.proisagg")
    return Kind(
        "x.oid::regprocedure",
        {
            "owner": "pg_get_userbyid(x.proowner)",
            "acl": "x.proacl",
            "kind": since(110000, "x.prokind", "row(x.proisagg, x.proiswindow)"),
            "definition": f"CASE WHEN NOT {aggregate} THEN pg_get_functiondef(x.oid) END",
            "result": "pg_get_function_result(x.oid)",
            "arguments": "pg_get_function_arguments(x.oid)",
            "volatility": "x.provolatile",
            "parallel": "x.proparallel",
            "strict": "x.proisstrict",
            "cost": "x.procost",
            "rows": "x.prorows",
            "settings": "x.proconfig",
        },
        user("pg_proc", "pronamespace"),
    )


def _aggregate(session: Session) -> Kind:
    since = session.since
    modify = since(110000, "row(a.aggfinalmodify, a.aggmfinalmodify)", "NULL")
    return Kind(
        "x.oid::regprocedure",
        {
            "kind": "a.aggkind",
            "direct": "a.aggnumdirectargs",
            "functions": "row(a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, "
            "a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn)",
            "extra": "row(a.aggfinalextra, a.aggmfinalextra)",
            "modify": modify,
            "sort": "nullif(a.aggsortop, 0)::regoperator",
            "types": "row(a.aggtranstype::regtype, a.aggmtranstype::regtype)",
            "space": "row(a.aggtransspace, a.aggmtransspace)",
            "initial": "a.agginitval",
            "moving_initial": "a.aggminitval",
        },
        user("pg_proc", "pronamespace", "JOIN pg_aggregate a ON a.aggfnoid = x.oid"),
    )
