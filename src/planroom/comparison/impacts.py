"""What follows from each change: a table of rules, one a line.

A rule is for a kind of object and for what happened to it: ``added``, ``removed``, ``renamed``, or the property that
changed. Readers are those who query, writers those who insert, update and delete. All rules that apply are kept; the
worst decides. What no rule is for is taken for breaking, so that a new property of the model is not waved through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from planroom.comparison.changes import Change, ChangeState, Facet, Impact, Judgement
from planroom.comparison.widening import TypeChange, type_change

__all__ = ["Rule", "judged", "rules_for"]

ADDITIVE, COMPATIBLE, DESTRUCTIVE = Impact.ADDITIVE, Impact.COMPATIBLE, Impact.DESTRUCTIVE
READERS, WRITERS = Impact.BREAKING_READERS, Impact.BREAKING_WRITERS

Condition = Callable[[Change, Any, Any], bool]
"""Asked with the change and the property's old and new value; None for both where the object came or went."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows from one kind of change, under a condition if there is one."""

    impact: Impact
    reason: str
    when: Condition | None = None


def _now(_: Change, __: Any, new: Any) -> bool:
    return bool(new)


def _no_more(_: Change, __: Any, new: Any) -> bool:
    return not new


def _must_be_given(change: Change, *_: Any) -> bool:
    column = change.new
    return not (column.nullable or column.default or column.identity or column.generated)


def _may_be_left_out(change: Change, *_: Any) -> bool:
    return not _must_be_given(change)


def _identity_always(_: Change, __: Any, new: Any) -> bool:
    return new is not None and new.always


def _types(wanted: TypeChange) -> Condition:
    return lambda _, old, new: type_change(old, new) is wanted


def _is_unique(change: Change, *_: Any) -> bool:
    return bool((change.old or change.new).unique or (change.new or change.old).unique)


def _not_unique(change: Change, *_: Any) -> bool:
    return not _is_unique(change)


def _enforced(change: Change, *_: Any) -> bool:
    return bool(getattr(change.new, "enforced", True))  # a domain's checks always are


def _not_enforced(change: Change, *_: Any) -> bool:
    return not _enforced(change)


def _refuses_more(_: Change, old: str, new: str) -> bool:
    return (old, new) != ("restrict", "no action")


def _materialised(change: Change, *_: Any) -> bool:
    return bool(change.old.materialised)


def _lost_labels(_: Change, old: Any, new: Any) -> bool:
    return not set(old) <= set(new)


def _new_labels(_: Change, old: Any, new: Any) -> bool:
    return not set(new) <= set(old)


def _reordered(_: Change, old: Any, new: Any) -> bool:
    return [each for each in old if each in new] != [each for each in new if each in old]


def _narrower(_: Change, old: Any, new: Any) -> bool:
    return old is None or new is None or abs(new) < abs(old)


_LEFT_OUT = "an INSERT that does not name it is refused: it is NOT NULL without a default"
_KEY_GIVES = "INSERT ... ON CONFLICT that relies on it fails"
_NAME_ONLY = "only DDL and ON CONFLICT ON CONSTRAINT use the name"
_TUNING = "it changes speed or storage, not answers"
_REMARK = "it is for people"
_NAME = "only DDL uses the name"
_OLD_NAME = "what uses the old name fails"

_ANY: Mapping[str, tuple[Rule, ...]] = {
    "comment": (Rule(COMPATIBLE, _REMARK),),
    "annotations": (Rule(COMPATIBLE, _REMARK),),
    "storage": (Rule(COMPATIBLE, _TUNING),),
    "tablespace": (Rule(COMPATIBLE, _TUNING),),
    "parent": (Rule(COMPATIBLE, "it is kept together with another table's"),),
    "deferrable": (
        Rule(WRITERS, "it is checked later, and ON CONFLICT cannot rely on it", _now),
        Rule(WRITERS, "it is checked at once, even within a transaction that mends it later", _no_more),
    ),
    "initially deferred": (
        Rule(COMPATIBLE, "it is checked later", _now),
        Rule(WRITERS, "it is checked at once, even within a transaction that mends it later", _no_more),
    ),
    "validated": (Rule(COMPATIBLE, "it is about rows that are there already"),),
    "enforced": (
        Rule(WRITERS, "writes that were let through are refused", _now),
        Rule(COMPATIBLE, "what was refused is let through", _no_more),
    ),
}

_KEY: Mapping[str, tuple[Rule, ...]] = {
    "added": (Rule(WRITERS, "a write that repeats a key is refused"),),
    "removed": (Rule(WRITERS, _KEY_GIVES),),
    "renamed": (Rule(COMPATIBLE, _NAME_ONLY),),
    "columns": (Rule(WRITERS, "other writes are refused than before"),),
    "include": (Rule(COMPATIBLE, _TUNING),),
    "without overlaps": (Rule(WRITERS, "other writes are refused than before"),),
    "nulls not distinct": (
        Rule(WRITERS, "a second NULL is refused", _now),
        Rule(COMPATIBLE, "what was refused is let through", _no_more),
    ),
}

_RULES: Mapping[str, Mapping[str, tuple[Rule, ...]]] = {
    "model": {
        "dialect": (Rule(READERS, "types and expressions may mean something else"),),
    },
    "schema": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "names in it lead nowhere"),),
        "renamed": (Rule(READERS, _OLD_NAME),),
    },
    "extension": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "the types, functions and operators that it brings are gone"),),
        "renamed": (Rule(READERS, _OLD_NAME),),
        "schema": (Rule(READERS, "names in its old schema lead nowhere"),),
    },
    "table": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(DESTRUCTIVE, "its rows are lost"), Rule(READERS, "queries of it fail")),
        "renamed": (Rule(READERS, _OLD_NAME),),
        "order of columns": (
            Rule(READERS, "SELECT * gives its columns in another order"),
            Rule(WRITERS, "INSERT without a list of columns puts values elsewhere"),
        ),
        "partitioning": (Rule(WRITERS, "rows that no partition takes are refused; the table has to be made anew"),),
        "partition of": (
            Rule(READERS, "queries of the partitioned table give other rows"),
            Rule(WRITERS, "rows outside the bound are refused"),
        ),
        "inherits": (Rule(READERS, "queries of its parents give other rows"),),
        "row security": (
            Rule(READERS, "rows that no policy allows are hidden, and writes of them refused", _now),
            Rule(READERS, "rows that policies hid are shown", _no_more),
        ),
        "force row security": (Rule(READERS, "its owner sees other rows"),),
        "unlogged": (
            Rule(DESTRUCTIVE, "a crash empties it", _now),
            Rule(COMPATIBLE, "its rows survive a crash", _no_more),
        ),
        "access method": (Rule(COMPATIBLE, _TUNING),),
        "clustered on": (Rule(COMPATIBLE, _TUNING),),
        "replica identity": (
            Rule(WRITERS, "UPDATE and DELETE are refused while it is published", lambda _, __, new: new == "nothing"),
            Rule(COMPATIBLE, "it is about what subscribers are sent", lambda _, __, new: new != "nothing"),
        ),
        "of type": (Rule(COMPATIBLE, "its columns say what changed"),),
        "external": (Rule(READERS, "its rows come from elsewhere"),),
    },
    "column": {
        "added": (
            Rule(ADDITIVE, "nobody uses it yet", _may_be_left_out),
            Rule(WRITERS, _LEFT_OUT, _must_be_given),
        ),
        "removed": (Rule(DESTRUCTIVE, "its values are lost"), Rule(READERS, "queries of it fail")),
        "renamed": (Rule(READERS, _OLD_NAME),),
        "type": (
            Rule(COMPATIBLE, TypeChange.WIDENED.value, _types(TypeChange.WIDENED)),
            Rule(READERS, TypeChange.CONVERTED.value, _types(TypeChange.CONVERTED)),
            Rule(DESTRUCTIVE, TypeChange.NARROWED.value, _types(TypeChange.NARROWED)),
        ),
        "nullable": (
            Rule(READERS, "NULL may come where none was", _now),
            Rule(WRITERS, "a write of NULL is refused", _no_more),
        ),
        "not null name": (Rule(COMPATIBLE, _NAME),),
        "not null inherited": (Rule(COMPATIBLE, "it is about tables that inherit from it later"),),
        "not null validated": (Rule(COMPATIBLE, "it is about rows that are there already"),),
        "default": (
            Rule(COMPATIBLE, "only rows that are written without it get another value", _may_be_left_out),
            Rule(WRITERS, _LEFT_OUT, _must_be_given),
        ),
        "identity": (
            Rule(WRITERS, "an INSERT or UPDATE that gives it a value is refused", _identity_always),
            Rule(WRITERS, _LEFT_OUT, _must_be_given),
            Rule(
                COMPATIBLE,
                "values that are given are taken",
                lambda *given: not _identity_always(*given),
            ),
        ),
        "identity.always": (
            Rule(WRITERS, "an INSERT or UPDATE that gives it a value is refused", _now),
            Rule(COMPATIBLE, "values that are given are taken", _no_more),
        ),
        "identity.sequence": (Rule(COMPATIBLE, "it is about values to come"),),
        "identity.sequence name": (Rule(COMPATIBLE, _NAME),),
        "generated": (
            Rule(DESTRUCTIVE, "what was written gives way to what is computed", _now),
            Rule(WRITERS, "a write that gives it a value is refused", _now),
            Rule(READERS, "new rows hold what is written, not what is computed", _no_more),
        ),
        "generated.expression": (Rule(READERS, "it holds other values"),),
        "generated.stored": (Rule(COMPATIBLE, _TUNING),),
        "collation": (Rule(READERS, "it sorts and compares otherwise"),),
        "compression": (Rule(COMPATIBLE, _TUNING),),
        "statistics target": (Rule(COMPATIBLE, _TUNING),),
        "inherited": (Rule(COMPATIBLE, "it is about what becomes of it when a parent changes"),),
    },
    "primary key": {
        **_KEY,
        "removed": (Rule(READERS, "GROUP BY that relies on it fails"), Rule(WRITERS, _KEY_GIVES)),
    },
    "unique": _KEY,
    "foreign key": {
        "added": (
            Rule(WRITERS, "a write that refers to no row is refused", _enforced),
            Rule(COMPATIBLE, "it is not enforced", _not_enforced),
        ),
        "removed": (Rule(COMPATIBLE, "what was refused is let through"),),
        "renamed": (Rule(COMPATIBLE, _NAME),),
        "columns": (Rule(WRITERS, "other writes are refused than before"),),
        "referenced table": (Rule(WRITERS, "other writes are refused than before"),),
        "referenced columns": (Rule(WRITERS, "other writes are refused than before"),),
        "on update": (
            Rule(WRITERS, "an UPDATE of the referenced key does something else, or is refused", _refuses_more),
            Rule(COMPATIBLE, "it is checked later", lambda *given: not _refuses_more(*given)),
        ),
        "on delete": (
            Rule(WRITERS, "a DELETE of the referenced row does something else, or is refused", _refuses_more),
            Rule(COMPATIBLE, "it is checked later", lambda *given: not _refuses_more(*given)),
        ),
        "on delete columns": (Rule(WRITERS, "a DELETE of the referenced row does something else"),),
        "match full": (
            Rule(WRITERS, "a key that is NULL in part is refused", _now),
            Rule(COMPATIBLE, "what was refused is let through", _no_more),
        ),
        "period": (Rule(WRITERS, "other writes are refused than before"),),
    },
    "check": {
        "added": (
            Rule(WRITERS, "a write that breaks it is refused", _enforced),
            Rule(COMPATIBLE, "it is not enforced", _not_enforced),
        ),
        "removed": (Rule(COMPATIBLE, "what was refused is let through"),),
        "renamed": (Rule(COMPATIBLE, _NAME),),
        "expression": (Rule(WRITERS, "other writes are refused than before"),),
        "no inherit": (
            Rule(COMPATIBLE, "tables that inherit go without it", _now),
            Rule(WRITERS, "it holds for tables that inherit too", _no_more),
        ),
    },
    "exclusion": {
        "added": (Rule(WRITERS, "a write that conflicts with a row is refused"),),
        "removed": (Rule(COMPATIBLE, "what was refused is let through"),),
        "renamed": (Rule(COMPATIBLE, _NAME_ONLY),),
        "elements": (Rule(WRITERS, "other writes are refused than before"),),
        "predicate": (Rule(WRITERS, "other writes are refused than before"),),
        "method": (Rule(COMPATIBLE, _TUNING),),
        "include": (Rule(COMPATIBLE, _TUNING),),
    },
    "index": {
        "added": (
            Rule(WRITERS, "a write that repeats a key is refused", _is_unique),
            Rule(COMPATIBLE, _TUNING, _not_unique),
        ),
        "removed": (Rule(WRITERS, _KEY_GIVES, _is_unique), Rule(COMPATIBLE, _TUNING, _not_unique)),
        "renamed": (Rule(COMPATIBLE, _NAME),),
        "columns": (
            Rule(WRITERS, "other writes are refused than before", _is_unique),
            Rule(COMPATIBLE, _TUNING, _not_unique),
        ),
        "predicate": (
            Rule(WRITERS, "other writes are refused than before", _is_unique),
            Rule(COMPATIBLE, _TUNING, _not_unique),
        ),
        "unique": (
            Rule(WRITERS, "a write that repeats a key is refused", _now),
            Rule(WRITERS, _KEY_GIVES, _no_more),
        ),
        "nulls not distinct": _KEY["nulls not distinct"],
        "method": (Rule(COMPATIBLE, _TUNING),),
        "include": (Rule(COMPATIBLE, _TUNING),),
        "only": (Rule(COMPATIBLE, "it is about partitions to come"),),
    },
    "extended statistics": dict.fromkeys(
        ("added", "removed", "renamed", "kinds", "columns", "expressions", "target"), (Rule(COMPATIBLE, _TUNING),)
    ),
    "trigger": {
        "added": (Rule(WRITERS, "it runs with every such write, and may change or refuse it"),),
        "removed": (Rule(WRITERS, "what it did with every such write is no longer done"),),
        "renamed": (Rule(WRITERS, "triggers fire in the order of their names"),),
        **dict.fromkeys(
            (
                "timing",
                "events",
                "function",
                "update of",
                "for each row",
                "when",
                "arguments",
                "constraint",
                "referenced table",
                "old table",
                "new table",
                "enabled",
                "deferrable",
                "initially deferred",
            ),
            (Rule(WRITERS, "something else is done with writes"),),
        ),
    },
    "policy": {
        "added": (Rule(READERS, "other rows are shown, and other writes refused, where row security is on"),),
        "removed": (Rule(READERS, "other rows are shown, and other writes refused, where row security is on"),),
        "renamed": (Rule(COMPATIBLE, _NAME),),
        **dict.fromkeys(
            ("command", "permissive", "roles", "using"),
            (Rule(READERS, "other rows are shown where row security is on"),),
        ),
        "check": (Rule(WRITERS, "other writes are refused where row security is on"),),
    },
    "view": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (
            Rule(DESTRUCTIVE, "the rows that it keeps are lost", _materialised),
            Rule(READERS, "queries of it fail"),
        ),
        "renamed": (Rule(READERS, _OLD_NAME),),
        "query": (Rule(READERS, "it gives other rows or columns"),),
        "materialised": (Rule(READERS, "it gives rows as they are, or as they were when it was refreshed"),),
        "options": (Rule(READERS, "it shows other rows, or takes other writes"),),
    },
    "enum": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "what names the type fails"),),
        "renamed": (Rule(READERS, "what names the type fails"),),
        "labels": (
            Rule(DESTRUCTIVE, "values that are stored have no label any more", _lost_labels),
            Rule(READERS, "values sort otherwise", _reordered),
            Rule(ADDITIVE, "nobody has the new values yet", _new_labels),
        ),
    },
    "domain": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "what names the type fails"),),
        "renamed": (Rule(READERS, "what names the type fails"),),
        "default": (Rule(COMPATIBLE, "only rows that are written without it get another value"),),
    },
    "domain check": {},
    "composite type": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "what names the type fails"),),
        "renamed": (Rule(READERS, "what names the type fails"),),
        "order of fields": (Rule(READERS, "values are written and read in another order"),),
    },
    "field": {
        "added": (Rule(WRITERS, "a ROW(...) without it is refused"),),
        "removed": (Rule(DESTRUCTIVE, "its values are lost"),),
        "renamed": (Rule(READERS, _OLD_NAME),),
    },
    "range type": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "what names the type fails"),),
        "renamed": (Rule(READERS, "what names the type fails"),),
        "subtype": (Rule(DESTRUCTIVE, "it is another type"),),
        "options": (Rule(READERS, "it compares otherwise"),),
    },
    "sequence": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(WRITERS, "nextval of it fails"),),
        "renamed": (Rule(WRITERS, "nextval of its old name fails"),),
        "type": (
            Rule(COMPATIBLE, "it counts further", _types(TypeChange.WIDENED)),
            Rule(WRITERS, "it ends earlier", lambda _, old, new: type_change(old, new) is not TypeChange.WIDENED),
        ),
        "options": (Rule(COMPATIBLE, "it is about values to come"),),
        "options.minimum": (Rule(WRITERS, "it may end earlier"),),
        "options.maximum": (
            Rule(WRITERS, "it may end earlier", _narrower),
            Rule(COMPATIBLE, "it counts further", lambda *given: not _narrower(*given)),
        ),
        "options.cycle": (
            Rule(WRITERS, "values come again", _now),
            Rule(WRITERS, "it ends where it began anew", _no_more),
        ),
        "owned by": (Rule(COMPATIBLE, "it is about what it is dropped with"),),
        "unlogged": (Rule(WRITERS, "after a crash it begins anew", _now), Rule(COMPATIBLE, _TUNING, _no_more)),
    },
    "routine": {
        "added": (Rule(ADDITIVE, "nobody calls it yet"),),
        "removed": (Rule(READERS, "calls of it fail"),),
        "renamed": (Rule(READERS, "calls of its old name fail"),),
        **dict.fromkeys(
            ("kind", "arguments", "returns", "security definer", "strict", "volatility"),
            (Rule(READERS, "calls of it may fail or answer otherwise"),),
        ),
        **dict.fromkeys(
            ("body", "language", "options", "atomic"),
            (Rule(READERS, "it may answer otherwise: what code does is not compared, only its text"),),
        ),
        **dict.fromkeys(("leakproof", "parallel", "cost", "rows"), (Rule(COMPATIBLE, _TUNING),)),
    },
}

_LIKE = {"domain": "column", "field": "column", "domain check": "check"}
"""Kinds for which the rules of another hold where they have none of their own."""

_NO_ORDER = (Rule(COMPATIBLE, "their order says nothing"),)
_NO_RULE = (Rule(WRITERS, "planroom has no rule for this property"),)


def rules_for(kind: str, what: str) -> tuple[Rule, ...]:
    """Return the rules for what happened to a kind of object; empty when there are none.

    Args:
        kind: Such as ``column``.
        what: ``added``, ``removed``, ``renamed``, or the path of a property, such as ``identity.sequence.start``.
    """
    return _rules_for(kind, what.replace("_", " "))


@cache
def _rules_for(kind: str, what: str) -> tuple[Rule, ...]:
    """Return the rules of the property, else of what it is part of; of the kind, else of its like, else of any."""
    if what.startswith("order of ") and what not in _RULES.get(kind, {}):
        return _NO_ORDER
    tables = [_RULES.get(kind, {}), _RULES.get(_LIKE.get(kind, ""), {}), _ANY]
    path = what.split(".")
    for length in range(len(path), 0, -1):
        for table in tables:
            if ".".join(path[:length]) in table:
                return table[".".join(path[:length])]
    return ()


def judged(change: Change) -> Change:
    """Return a change with what follows from it, the worst first."""
    found = [each for what, facet in _happenings(change) for each in _judgements(change, what, facet)]
    worst_first = sorted(dict.fromkeys(found), key=lambda each: -each.impact.rank)
    return replace(change, judgements=tuple(worst_first))


def _happenings(change: Change) -> list[tuple[str, Facet | None]]:
    own = [] if change.state is ChangeState.CHANGED else [(change.state.value, None)]
    return [*own, *((facet.name, facet) for facet in change.facets)]


def _judgements(change: Change, what: str, facet: Facet | None) -> list[Judgement]:
    old, new = (facet.old, facet.new) if facet else (None, None)
    rules = rules_for(change.kind, what) or _NO_RULE
    found = [Judgement(rule.impact, rule.reason) for rule in rules if rule.when is None or rule.when(change, old, new)]
    return found or [Judgement(_NO_RULE[0].impact, _NO_RULE[0].reason)]
