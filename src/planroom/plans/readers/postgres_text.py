"""PostgreSQL's EXPLAIN in its text format, versions 12 to 18."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planroom.errors import SyntaxProblem
from planroom.plans.readers.base import PlanReader

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["PostgresText"]

_HEAD = 200_000
_COST = re.compile(r"\(cost=-?[\d.]+\.\.[\d.]+ rows=\d+ width=\d+\)")
_RUN = re.compile(r"\(actual (?:time=[\d.]+ )?rows=[\d.]+ loops=\d+\)")
_OTHER_ARROW = re.compile(r"^[ |]*-> \S", re.MULTILINE)  # MySQL's tree
_EMPTY = re.compile(r"^[ |]*(Query rewrites to nothing|Utility statements have no plan structure)\b", re.MULTILINE)


class PostgresText(PlanReader):
    """What psql shows and auto_explain logs, framed, quoted or indented as it may be.

    The text says less than FORMAT JSON does: what a node is to its parent follows from its place, zeros are left out,
    whether a join's inner side is unique is only told with VERBOSE, and a foreign key's trigger is named by its
    constraint alone. Both formats of one plan give equal `Plan` objects all the same.
    """

    order: ClassVar[int] = 9

    def describe(self) -> str:
        """Return what it reads, in a few words."""
        return "PostgreSQL's text plans"

    def recognises(self, text: str) -> bool:
        """Return whether the text has the figures that EXPLAIN prints, or a line that is a node of PostgreSQL's."""
        head = text[:_HEAD]
        if _COST.search(head) or _EMPTY.search(head):
            return True
        if _OTHER_ARROW.search(head):
            return False
        if _RUN.search(head):
            return True
        from planroom.plans._frames import bare
        from planroom.plans._postgres.text_lines import LineKind, lines_of

        return any(line.kind is LineKind.NODE and not line.arrow for line in lines_of(bare(head).lines[:200]))

    def read(self, text: str, *, source: str = "") -> Plan:
        """Return the plan; several plans of one rewritten statement become one."""
        from planroom.plans._frames import bare
        from planroom.plans._postgres.envelopes import plan_of_value
        from planroom.plans._postgres.text_tree import documents_of

        unframed = bare(text)
        if unframed.headings > 1:
            raise SyntaxProblem(
                f"There are {unframed.headings} plans in this text.",
                where=source,
                why="a plan is read at a time.",
                fix="paste each by itself.",
            )
        documents = documents_of(unframed.lines, source=source)
        if not documents:
            raise _no_plan(unframed.text, source)
        return plan_of_value(documents, kind="text", duration_ms=unframed.duration_ms, source=source)


def _no_plan(text: str, source: str) -> SyntaxProblem:
    found = _EMPTY.search(text)
    return SyntaxProblem(
        "There is no plan in this text.",
        where=source,
        why=f'it says "{found[1]}".' if found else "no line in it begins a node.",
        fix="explain a SELECT, INSERT, UPDATE, DELETE, MERGE or VALUES statement."
        if found
        else "paste the whole output of EXPLAIN, from its first line on.",
    )
