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
_MERGE = re.compile(r"^( *)  (Tuples (?:Inserted|Updated|Deleted|Skipped): \d+)$", re.MULTILINE)
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
            value = _loaded(body[start.start() if start else 0 :])
        except (yaml.YAMLError, RecursionError) as error:
            raise SyntaxProblem(
                "This is no valid YAML.",
                where=source,
                why=" ".join(str(error).split()),
                fix="paste it whole, with its indentation, or use EXPLAIN (FORMAT JSON) ....",
            ) from None
        _drop_empty(value)
        return plan_of_value(value, kind="YAML", duration_ms=unframed.duration_ms, source=source)


def _loaded(body: str) -> Any:
    """Return the value; the server indents the counts of a MERGE into several tables as if they were in their list."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(body, loader)  # noqa: S506  (both loaders are safe ones)
    except yaml.YAMLError:
        mended = _MERGE.sub(r"\1\2", body)
        if mended == body:
            raise
        return yaml.load(mended, loader)  # noqa: S506


def _drop_empty(value: Any) -> None:
    """Drop keys without a value: the server prints an empty list in YAML as nothing at all."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            for key in [key for key, inner in each.items() if inner is None]:
                del each[key]
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
