"""What follows from changes of tables and their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.comparison.impact_rules.conditions import (
    identity_always,
    may_be_left_out,
    must_be_given,
    no_more,
    now,
    type_becomes,
)
from planroom.comparison.impact_rules.reasons import LEFT_OUT, NAME, OLD_NAME, TUNING
from planroom.comparison.impact_rules.rule import ADDITIVE, COMPATIBLE, DESTRUCTIVE, READERS, WRITERS, Rule
from planroom.comparison.widening import TypeChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.comparison.impact_rules.rule import Rules

__all__ = ["TABLES"]

TABLES: Mapping[str, Rules] = {
    "table": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(DESTRUCTIVE, "its rows are lost"), Rule(READERS, "queries of it fail")),
        "renamed": (Rule(READERS, OLD_NAME),),
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
            Rule(READERS, "rows that no policy allows are hidden, and writes of them refused", now),
            Rule(READERS, "rows that policies hid are shown", no_more),
        ),
        "force row security": (Rule(READERS, "its owner sees other rows"),),
        "unlogged": (
            Rule(DESTRUCTIVE, "a crash empties it", now),
            Rule(COMPATIBLE, "its rows survive a crash", no_more),
        ),
        "access method": (Rule(COMPATIBLE, TUNING),),
        "clustered on": (Rule(COMPATIBLE, TUNING),),
        "replica identity": (
            Rule(WRITERS, "UPDATE and DELETE are refused while it is published", lambda _, __, new: new == "nothing"),
            Rule(COMPATIBLE, "it is about what subscribers are sent", lambda _, __, new: new != "nothing"),
        ),
        "of type": (Rule(COMPATIBLE, "its columns say what changed"),),
        "external": (Rule(READERS, "its rows come from elsewhere"),),
    },
    "column": {
        "added": (
            Rule(ADDITIVE, "nobody uses it yet", may_be_left_out),
            Rule(WRITERS, LEFT_OUT, must_be_given),
        ),
        "removed": (Rule(DESTRUCTIVE, "its values are lost"), Rule(READERS, "queries of it fail")),
        "renamed": (Rule(READERS, OLD_NAME),),
        "type": (
            Rule(COMPATIBLE, TypeChange.WIDENED.value, type_becomes(TypeChange.WIDENED)),
            Rule(READERS, TypeChange.CONVERTED.value, type_becomes(TypeChange.CONVERTED)),
            Rule(DESTRUCTIVE, TypeChange.NARROWED.value, type_becomes(TypeChange.NARROWED)),
        ),
        "nullable": (
            Rule(READERS, "NULL may come where none was", now),
            Rule(WRITERS, "a write of NULL is refused", no_more),
        ),
        "not null name": (Rule(COMPATIBLE, NAME),),
        "not null inherited": (Rule(COMPATIBLE, "it is about tables that inherit from it later"),),
        "not null validated": (Rule(COMPATIBLE, "it is about rows that are there already"),),
        "default": (
            Rule(COMPATIBLE, "only rows that are written without it get another value", may_be_left_out),
            Rule(WRITERS, LEFT_OUT, must_be_given),
        ),
        "identity": (
            Rule(WRITERS, "an INSERT or UPDATE that gives it a value is refused", identity_always),
            Rule(WRITERS, LEFT_OUT, must_be_given),
            Rule(
                COMPATIBLE,
                "values that are given are taken",
                lambda *given: not identity_always(*given),
            ),
        ),
        "identity.always": (
            Rule(WRITERS, "an INSERT or UPDATE that gives it a value is refused", now),
            Rule(COMPATIBLE, "values that are given are taken", no_more),
        ),
        "identity.sequence": (Rule(COMPATIBLE, "it is about values to come"),),
        "identity.sequence name": (Rule(COMPATIBLE, NAME),),
        "generated": (
            Rule(DESTRUCTIVE, "what was written gives way to what is computed", now),
            Rule(WRITERS, "a write that gives it a value is refused", now),
            Rule(READERS, "new rows hold what is written, not what is computed", no_more),
        ),
        "generated.expression": (Rule(READERS, "it holds other values"),),
        "generated.stored": (Rule(COMPATIBLE, TUNING),),
        "collation": (Rule(READERS, "it sorts and compares otherwise"),),
        "compression": (Rule(COMPATIBLE, TUNING),),
        "statistics target": (Rule(COMPATIBLE, TUNING),),
        "inherited": (Rule(COMPATIBLE, "it is about what becomes of it when a parent changes"),),
    },
}
