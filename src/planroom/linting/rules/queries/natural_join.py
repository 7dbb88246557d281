"""NATURAL JOIN."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_edits import Place, precedes
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, quote_identifier

__all__ = ["NaturalJoin"]


class NaturalJoin(QueryRule):
    """NATURAL JOIN compares all columns that happen to bear the same name, today and after the next change.

    A column such as ``updated_at`` that is added to both tables joins the comparison without a word.
    """

    code = "QRY022"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "USING with the columns that are meant, or ON."
    source = "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-JOIN"
    before = "CREATE TABLE a (id int PRIMARY KEY, note text); CREATE TABLE b (id int PRIMARY KEY, note text);"
    bad = ("SELECT * FROM a NATURAL JOIN b",)
    good = ("SELECT * FROM a JOIN b USING (id)",)

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each NATURAL JOIN, with the columns that it compares where the model tells them."""
        for scope in query.scopes:
            for number, source in enumerate(scope.sources):
                if not source.natural:
                    continue
                sides = [query.columns(scope, each) for each in range(number + 1)]
                before = {each.name for columns in sides[:-1] for each in columns or ()}
                shared = sorted(before & {each.name for each in sides[-1] or ()})
                known = all(columns is not None for columns in sides)
                what = (
                    f"compares {', '.join(shared) or 'nothing at all'}"
                    if known
                    else "compares what bears the same name"
                )
                place = Node("", start=source.start, end=source.end)
                found = self.at(query, place, f"NATURAL JOIN of {source.name} {what}")
                names = [each.name for each in sides[0] or () if each.name in shared] if known and number == 1 else []
                yield self.mended(query, found, _edits(query, place, names) if names else ())


def _edits(query: QueryInModel, joined: Node, names: list[str]) -> list[Place]:
    """Return USING with the columns that are compared today."""
    start = precedes(query, joined.start, r"\bnatural\s+(?:(?:inner|(?:left|right|full)(?:\s+outer)?)\s+)?join\s+")
    using = f" USING ({', '.join(map(quote_identifier, names))})"
    blank = query.statement.script.text[start + len("natural") : start + len("natural") + 1]
    return [(start, start + len("natural") + len(blank), ""), (joined.end, joined.end, using)] if start >= 0 else []
