"""PostgreSQL's EXPLAIN (FORMAT JSON), versions 12 to 18."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from planroom.errors import SyntaxProblem
from planroom.plans._json import as_document
from planroom.plans._postgres.document import plan_of_documents
from planroom.plans.readers.base import PlanReader

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["PostgresJson"]


class PostgresJson(PlanReader):
    """The list that the server writes, one of its objects, or a bare plan node; auto_explain's object too."""

    order: ClassVar[int] = 1

    def describe(self) -> str:
        """Return what it reads, in a few words."""
        return "PostgreSQL's JSON plans"

    def recognises(self, text: str) -> bool:
        """Return whether the text holds PostgreSQL's words for a plan in JSON."""
        head = text[:20_000]
        return ("{" in head or "[" in head) and ('"Node Type"' in head or '""Node Type""' in head or '"Plan"' in head)

    def read(self, text: str, *, source: str = "") -> Plan:
        """Return the plan; several documents of one rewritten statement become one."""
        documents = [_document(each) for each in _listed(as_document(text, source=source))]
        if not documents or any(each is None for each in documents):
            raise _no_plan(documents, source)
        return plan_of_documents([each for each in documents if each is not None], source=source)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        return value[0]
    return value if isinstance(value, list) else [value]


def _document(value: Any) -> dict[str, Any] | None:
    """Return the object that holds a plan; a driver may put it below the column's name ``QUERY PLAN``."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("QUERY PLAN"), list | dict):
        inner = value["QUERY PLAN"]
        return _document(inner[0] if isinstance(inner, list) and inner else inner)
    if _is_node(value.get("Plan")):
        return value
    return {"Plan": value} if _is_node(value) else None


def _is_node(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("Node Type"), str):
        return False
    children = value.get("Plans", [])
    return isinstance(children, list)


def _no_plan(documents: list[dict[str, Any] | None], source: str) -> SyntaxProblem:
    why = (
        "it is an empty list: a rule turned the statement into nothing."
        if not documents
        else 'no object in it has a plan node with a "Node Type".'
    )
    return SyntaxProblem(
        "This JSON holds no plan of PostgreSQL.",
        where=source,
        why=why,
        fix="paste the output of EXPLAIN (FORMAT JSON) ....",
    )
