"""Findings that a comment in the source lets pass: ``-- planroom: allow MIG006 because the table is empty``.

A comment above a statement, in it, or at the end of its last line holds for that statement; ``allow-file`` for all.
It has to say why. One without a reason, one that lets nothing pass, and one that names no rule are findings themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.errors import nearest
from planroom.findings import Finding, Fix, Location, Severity
from planroom.sqltext import line_comments, statement_lines
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

__all__ = ["Allowance", "allowances_in", "let_pass"]

_MARK = "planroom:"
_ALLOW = re.compile(
    r"--+\s*planroom:\s*(?P<verb>[\w-]*)\s*(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)?\s*(?:because\b\s*(?P<reason>.*?))?\s*$",
    re.IGNORECASE,
)
_HOW = "write `-- planroom: allow CODE because REASON`, or allow-file for the whole file."


@dataclass(frozen=True, slots=True)
class Allowance:
    """One comment that lets findings pass.

    Attributes:
        rules: Codes or slugs, as written.
        reason: Why; empty when the comment does not say.
        location: Where the comment stands.
        first: The first line that it holds for.
        last: The last one.
        problem: Why it cannot be heeded; empty for one that can.
    """

    rules: tuple[str, ...]
    reason: str
    location: Location
    first: int
    last: int
    problem: str = ""

    def rule_for(self, finding: Finding) -> str:
        """Return the rule in it that lets a finding pass, as written; empty where none does."""
        here = finding.location.source == self.location.source and self.first <= finding.location.line <= self.last
        if self.problem or not here:
            return ""
        meant = {finding.code.lower(), finding.slug.lower()}
        return next((rule for rule in self.rules if rule.lower() in meant), "")


def allowances_in(text: str, source: str) -> tuple[Allowance, ...]:
    """Return the comments of a script that speak to planroom."""
    if _MARK not in text:
        return ()
    return tuple(_allowances(text, source))


def _allowances(text: str, source: str) -> Iterator[Allowance]:
    ranges = statement_lines(text)
    for start, comment in line_comments(text):
        said = _ALLOW.match(comment) if _MARK in comment.lower() else None
        if said:
            line = text.count("\n", 0, start) + 1
            column = start - text.rfind("\n", 0, start)
            yield _allowance(said, Location(source, line, column, len(comment.rstrip())), ranges)


def _allowance(said: re.Match[str], location: Location, ranges: Sequence[tuple[int, int]]) -> Allowance:
    verb, reason = said["verb"].lower(), (said["reason"] or "").strip()
    rules = tuple(re.split(r"\s*,\s*", said["rules"])) if said["rules"] else ()
    problem = ""
    if verb not in {"allow", "allow-file"}:
        problem = f"{verb!r} is nothing that planroom is told in a comment"
    elif not rules:
        problem = "it names no rule"
    elif not reason:
        problem = "it gives no reason"
    first, last = (1, 1 << 62) if verb == "allow-file" else _held(location.line, ranges)
    return Allowance(rules, reason, location, first, last, problem)


def _held(line: int, ranges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the lines of the statement that a comment on ``line`` belongs to: the one there, else the next."""
    at = bisect_left([last for _, last in ranges], line)
    return ranges[at] if at < len(ranges) else (line, line)


def let_pass(
    findings: Sequence[Finding], allowances: Sequence[Allowance], known_rules: Collection[str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the findings that stand, those about the comments included, and those that a comment lets pass.

    Args:
        findings: What was found.
        allowances: The comments of the sources.
        known_rules: The codes and slugs of all rules.
    """
    standing: list[Finding] = []
    passed: list[Finding] = []
    used: set[tuple[Allowance, str]] = set()
    by_source: dict[str, list[Allowance]] = {}
    for allowance in allowances:
        by_source.setdefault(allowance.location.source, []).append(allowance)
    for finding in findings:
        covering = [(each, rule) for each in by_source.get(finding.location.source, ())
                    if (rule := each.rule_for(finding))]  # fmt: skip
        if covering:
            used.update(covering)
            passed.append(replace(finding, facts={**finding.facts, "because": covering[0][0].reason}))
        else:
            standing.append(finding)
    for allowance in allowances:
        unused = [rule for rule in allowance.rules if (allowance, rule) not in used]
        standing += _about(allowance, unused, known_rules)
    return tuple(standing), tuple(passed)


def _about(allowance: Allowance, unused: Collection[str], known_rules: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with a comment itself."""
    if allowance.problem:
        yield _finding("LNT001", "allowance-not-understood", f"This comment lets nothing pass: {allowance.problem}.",
                       allowance, _HOW)  # fmt: skip
        return
    lowered = {each.lower() for each in known_rules}
    unknown = [rule for rule in allowance.rules if rule.lower() not in lowered]
    for rule in unknown:
        close = nearest(rule, known_rules)
        yield _finding("LNT002", "allowance-of-unknown-rule", f"There is no rule {rule!r}.", allowance,
                       f"did you mean {close!r}?" if close else "`planroom rules` lists them.")  # fmt: skip
    idle = [rule for rule in unused if rule not in unknown]
    if idle:
        whole = len(idle) == len(allowance.rules)
        yield _finding("LNT003", "allowance-unused", f"Nothing here is found by {', '.join(idle)}.", allowance,
                       "remove the comment." if whole else f"remove {', '.join(idle)} from the comment.")  # fmt: skip


def _finding(code: str, slug: str, message: str, allowance: Allowance, fix: str) -> Finding:
    return Finding(
        code=code,
        slug=slug,
        severity=Severity.WARNING,
        message=message,
        location=allowance.location,
        why="A comment that no longer holds hides the next finding.",
        fix=Fix(fix),
    )
