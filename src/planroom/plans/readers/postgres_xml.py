"""PostgreSQL's EXPLAIN (FORMAT XML): the keys of FORMAT JSON as tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planroom.errors import SyntaxProblem
from planroom.plans.readers.base import PlanReader

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["PostgresXml"]

_START = re.compile(r"<explain\b|<Query>|<Plan>")
_END = re.compile(r"</(?:explain|Query|Plan)>(?!.*</(?:explain|Query|Plan)>)", re.DOTALL)


class PostgresXml(PlanReader):
    """The element ``explain``; or, from auto_explain, its query alone."""

    order: ClassVar[int] = 4

    def describe(self) -> str:
        """Return what it reads, in a few words."""
        return "PostgreSQL's XML plans"

    def recognises(self, text: str) -> bool:
        """Return whether the text has the tags of a plan."""
        return "<Node-Type>" in text or "postgresql.org/2009/explain" in text

    def read(self, text: str, *, source: str = "") -> Plan:
        """Return the plan."""
        from xml.etree import ElementTree

        from planroom.plans._frames import bare
        from planroom.plans._postgres.envelopes import plan_of_value
        from planroom.plans._postgres.xml_tree import value_of

        unframed = bare(text)
        body = unframed.text
        start, end = _START.search(body), body.rfind(">") + 1
        if start is None or "<!" in body:
            raise SyntaxProblem("This XML holds no plan of PostgreSQL.", where=source, fix="paste it whole.")
        try:
            root = ElementTree.fromstring(body[start.start() : end])  # noqa: S314  (see above)
        except ElementTree.ParseError as error:
            raise SyntaxProblem(
                "The plan is cut off, or no valid XML.", where=source, why=f"{error}.", fix="copy it again, whole."
            ) from None
        return plan_of_value(value_of(root), kind="XML", duration_ms=unframed.duration_ms, source=source)
