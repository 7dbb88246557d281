"""Lines of what is attached to relations: policies, rules and triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.fingerprinting.kind import Kind, user_relations

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.fingerprinting.kind import Kinds
    from planroom.engines.postgres.catalog.session import Session

__all__ = ["kinds"]


def kinds(session: Session) -> Kinds:
    """Yield the kinds."""
    yield "policy", _policy(session)
    yield "rule", _rule()
    yield "trigger", _trigger(session)
    yield "trigger of a constraint", _trigger_of_a_constraint()  # their names hold OIDs


def _policy(session: Session) -> Kind:
    since = session.since
    return Kind(
        "c.oid::regclass, '.', quote_ident(p.polname)",
        {
            "command": "p.polcmd",
            "permissive": since(100000, "p.polpermissive", "NULL"),
            "roles": "ARRAY(SELECT CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r)::text END "
            "FROM unnest(p.polroles) r ORDER BY 1)",
            "using": "pg_get_expr(p.polqual, p.polrelid)",
            "check": "pg_get_expr(p.polwithcheck, p.polrelid)",
        },
        user_relations("JOIN pg_policy p ON p.polrelid = c.oid"),
    )


def _rule() -> Kind:
    return Kind(
        "c.oid::regclass, '.', quote_ident(w.rulename)",
        {"enabled": "w.ev_enabled", "definition": "pg_get_ruledef(w.oid)"},
        user_relations("JOIN pg_rewrite w ON w.ev_class = c.oid"),
    )


def _trigger(session: Session) -> Kind:
    since = session.since
    parent = since(130000, "(SELECT p.tgrelid::regclass FROM pg_trigger p WHERE p.oid = t.tgparentid)", "NULL")
    return Kind(
        "c.oid::regclass, '.', quote_ident(t.tgname)",
        {"enabled": "t.tgenabled", "parent": parent, "definition": "pg_get_triggerdef(t.oid)"},
        user_relations("JOIN pg_trigger t ON t.tgrelid = c.oid", "NOT t.tgisinternal"),
    )


def _trigger_of_a_constraint() -> Kind:
    return Kind(
        "c.oid::regclass, '.', quote_ident(con.conname)",
        {"type": "t.tgtype", "enabled": "t.tgenabled", "function": "t.tgfoid::regproc"},
        user_relations(
            "JOIN pg_trigger t ON t.tgrelid = c.oid LEFT JOIN pg_constraint con ON con.oid = t.tgconstraint",
            "t.tgisinternal",
        ),
    )
