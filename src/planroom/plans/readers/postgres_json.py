"""PostgreSQL's EXPLAIN (FORMAT JSON), versions 12 to 18."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planroom.plans.readers.base import PlanReader

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["PostgresJson"]

_SIGN = re.compile(r'"Node Type"+\s*:|"Plan"+\s*:\s*[{\[]|[\[{]\s*"+Plan"*$')


class PostgresJson(PlanReader):
    """The list that the server writes, one of its objects, or a bare plan node; auto_explain's object too."""

    order: ClassVar[int] = 1

    def describe(self) -> str:
        """Return what it reads, in a few words."""
        return "PostgreSQL's JSON plans"

    def recognises(self, text: str) -> bool:
        """Return whether the text holds PostgreSQL's words for a plan in JSON."""
        return bool(_SIGN.search(text))

    def read(self, text: str, *, source: str = "") -> Plan:
        """Return the plan; several documents of one rewritten statement become one."""
        from planroom.plans._frames import logged_ms
        from planroom.plans._json import as_document
        from planroom.plans._postgres.envelopes import plan_of_value

        value = as_document(text, source=source)
        return plan_of_value(value, kind="JSON", duration_ms=logged_ms(text), source=source)
