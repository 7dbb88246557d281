"""A selector that names nothing."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from planroom.adr.claims import MODEL_KINDS, matched, split_selector
from planroom.adr.record import PAST
from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.errors import ModelError, nearest
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["DeadSelector"]

_SYSTEM_KINDS = ("boundary", "component", "container", "node", "person", "scenario", "system")


def _dead(text: str, around: Surroundings) -> str | None:
    """Return why a selector names nothing; None where it names something, or nobody can tell."""
    kind, pattern = split_selector(text)
    if kind in MODEL_KINDS:
        if around.model is None:
            return None
        try:
            return None if matched(around.model, text) else _missing(kind, pattern, around)
        except ModelError as error:
            return f"{text!r} is no selector: {error.why}"
    if around.names is None:
        known = "" if kind in _SYSTEM_KINDS else nearest(kind, MODEL_KINDS)
        return f"{text!r} names a {kind}, which is nothing that a design has: is it {known}?" if known else None
    return (
        None if any(fnmatchcase(name, text) for name in around.names) else f"{text} names nothing in the architecture"
    )


def _missing(kind: str, pattern: str, around: Surroundings) -> str:
    names = [each.id.removeprefix("public.") for each in around.model.tables_and_views] if around.model else []
    close = nearest(pattern, names)
    return f"{kind}:{pattern} names nothing in the design" + (f": is it {close}?" if close else "")


class DeadSelector(RecordRule):
    """A record affects something that is not in the design.

    Where it was renamed or dropped, the decision may have lost its object; where it is misspelt, nobody hears of
    changes.
    """

    code = "ADR012"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Name what there is now, or supersede the decision."
    source = "https://github.com/adr/madr/blob/4.0.0/template/adr-template.md"
    ddl = "CREATE TABLE orders (id int PRIMARY KEY, email text)"
    bad = (
        {"0001-a.md": record("proposed", "affects: [table:order]")},
        {"0001-a.md": record("proposed", "affects: [column:orders.total]")},
        {"0001-a.md": record("proposed", "affects: [tabel:orders]")},
    )
    good = (
        {"0001-a.md": record("proposed", "affects: [table:orders, orders.email, column:*.id]")},
        {"0001-a.md": record("rejected", "affects: [table:gone]")},
    )

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each selector of a decision that is not past; without a design none is looked at."""
        for decision in around.log.records:
            if decision.status in PAST:
                continue
            for text in decision.affects():
                if (why := _dead(text, around)) is not None:
                    yield self.of(decision, why, start=decision.text.find(text), selector=text)
