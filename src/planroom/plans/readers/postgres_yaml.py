"""PostgreSQL's EXPLAIN (FORMAT YAML): the keys of FORMAT JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from planroom.errors import SyntaxProblem
from planroom.plans.readers.base import PlanReader

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["PostgresYaml"]

_SIGN = re.compile(r'^ *(?:- )?(?:Plan: *$|Node Type: "|Query Text: ")', re.MULTILINE)
_START = re.compile(r"^ *- (?:Plan|Query Text):", re.MULTILINE)


class PostgresYaml(PlanReader):
    """The list that the server writes."""

    order: ClassVar[int] = 3

    def describe(self) -> str:
        """Return what it reads, in a few words."""
        return "PostgreSQL's YAML plans"

    def recognises(self, text: str) -> bool:
        """Return whether the text has a plan's first keys as YAML."""
        if "Plan:" not in text and 'Node Type: "' not in text:
            return False
        from planroom.plans._frames import bare

        return bool(_SIGN.search(bare(text[:20_000]).text))

    def read(self, text: str, *, source: str = "") -> Plan:
        """Return the plan."""
        import yaml

        from planroom.plans._frames import bare
        from planroom.plans._postgres.envelopes import plan_of_value

        unframed = bare(text)
        body = unframed.text
        start = _START.search(body)
        try:
            value: Any = yaml.load(body[start.start() if start else 0 :], getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  (both are the safe one)
        except (yaml.YAMLError, RecursionError) as error:
            raise SyntaxProblem(
                "This is no valid YAML.",
                where=source,
                why=" ".join(str(error).split()),
                fix="paste it whole, with its indentation, or use EXPLAIN (FORMAT JSON) ....",
            ) from None
        return plan_of_value(value, kind="YAML", duration_ms=unframed.duration_ms, source=source)
