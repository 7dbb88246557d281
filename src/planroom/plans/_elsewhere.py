"""What people paste that is no plan of PostgreSQL or DuckDB, told by its own words, and how to get one instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planroom.errors import SyntaxProblem

__all__ = ["problem_with"]

_HEAD = 50_000
_ERROR = re.compile(
    r"^(?:psql:[^\n]*?: )?(?:ERROR|FEHLER|ERREUR|ERRORE|ОШИБКА|(?:Binder|Parser|Catalog|Conversion|Constraint|"
    r"Invalid Input|Out of Memory|IO) Error): +(?P<message>[^\n]+)",
    re.MULTILINE,
)
_STATEMENT = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?P<word>explain|select|with|insert|update|delete|merge|values|create|table|from|begin|set)\b",
    re.IGNORECASE | re.DOTALL,
)
_PG = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ... in PostgreSQL"
_DUCK = "EXPLAIN (ANALYZE, FORMAT json) ... in DuckDB"


@dataclass(frozen=True, slots=True)
class _Sign:
    """What gives a text away.

    Attributes:
        what: What it is, in a sentence after "this is".
        pattern: What it has that nothing else has.
        fix: What to do; empty for the advice that fits all.
    """

    what: str
    pattern: re.Pattern[str]
    fix: str = ""


def _sign(what: str, pattern: str, fix: str = "") -> _Sign:
    return _Sign(what, re.compile(pattern, re.MULTILINE), fix)


_SIGNS = (
    _sign(
        "what DuckDB prints when it has measured nothing",
        r'^\s*\{\s*"result"\s*:\s*"\w+"\s*\}\s*$',
        "use EXPLAIN (FORMAT json) ...: DuckDB keeps no profile of some statements, such as a constant VALUES.",
    ),
    _sign(
        "a plan that DuckDB drew with boxes",
        r"┌─+┐[\s\S]*?│\s*(?:[A-Z]+_[A-Z_]+|PROJECTION|FILTER|UNNEST|Physical Plan|Query Profiling Information)\b",
        f"its text is not read: use {_DUCK}.",
    ),
    _sign(
        "a plan of MySQL or MariaDB",
        r'"query_block"\s*:|^[ |]*-> \S.*\((?:cost=[\d.e+]+ rows=|actual time=)|^[ |]*id +\| select_type +\|',
    ),
    _sign("a plan of SQL Server", r"<ShowPlanXML|schemas\.microsoft\.com/sqlserver"),
    _sign(
        "a plan of SQLite",
        r"^(?:QUERY PLAN\s*\n)?[|`]--(?:SCAN|SEARCH|USE TEMP|CO-ROUTINE|MATERIALIZE|COMPOUND)|^addr\s+opcode\s+p1",
    ),
    _sign("a plan of Oracle", r"^\| *Id +\| +Operation +\||^Plan hash value:"),
    _sign("a plan of Spark", r"== (?:Physical|(?:Optimized|Analyzed|Parsed) Logical) Plan ==|^AdaptiveSparkPlan"),
    _sign("a plan of Trino or Presto", r"^ *Fragment \d+ \[\w+\]"),
    _sign("a plan of CockroachDB", r"^ *distribution: (?:local|full|partial)\b"),
    _sign("a plan of MongoDB", r'"queryPlanner"\s*:|"winningPlan"\s*:'),
    _sign("a plan of ClickHouse", r"^(?:Expression|ReadFromMergeTree|ReadFromStorage) \("),
    _sign("a web page", r"^ *<(?:!DOCTYPE html|html)\b", "paste the plan, not the page that shows it."),
)  # fmt: skip


def problem_with(text: str, *, source: str, formats: tuple[str, ...]) -> SyntaxProblem:
    """Return the error for a text that no reader recognises: it says what the text is instead, as far as that shows.

    Args:
        text: The text; not empty.
        source: Where it is from.
        formats: What is read, in words.
    """
    head = text.lstrip()[:_HEAD]
    for sign in _SIGNS:
        if sign.pattern.search(head):
            fix = sign.fix or f"paste the output of {_PG}, or of {_DUCK}."
            return SyntaxProblem(
                "There is no plan to read in this text.", where=source, why=f"it is {sign.what}.", fix=fix
            )
    if error := _ERROR.search(head):
        return SyntaxProblem(
            "The statement failed, so there is no plan.",
            where=source,
            why=f"the server said: {_short(error['message'])}",
            fix="correct the statement and explain it again.",
        )
    if statement := _STATEMENT.match(head):
        return SyntaxProblem(
            "This is a statement, not its plan.",
            where=source,
            why=f"it begins with {statement['word'].upper()}.",
            fix=f"run {_PG}, or {_DUCK}, and paste what that prints.",
        )
    return SyntaxProblem(
        "There is no plan in this text.",
        where=source,
        why=f"it begins with {_short(text.strip())!r}; {', '.join(formats)} are read.",
        fix=f"paste the whole output of {_PG}, or of {_DUCK}.",
    )


def _short(text: str) -> str:
    line = text.splitlines()[0] if text else ""
    return line if len(line) <= 200 else f"{line[:197]}..."
