"""A review in words that its forms share, and as text for a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planroom.comparison.card import headline as difference_headline
from planroom.display import text_table
from planroom.reviews.content import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.findings import Finding
    from planroom.reviews.content import FileChange, PlanChange, Review, Since

__all__ = ["by_rule", "happened", "plan_lines", "text"]

_MOST_NAMED = 4


def by_rule(findings: tuple[Finding, ...]) -> list[list[Finding]]:
    """Return findings by rule, the worst first."""
    groups: dict[tuple[int, str], list[Finding]] = {}
    for each in findings:
        groups.setdefault((-each.severity, each.code), []).append(each)
    return [groups[key] for key in sorted(groups)]


def happened(review: Review, since: Since) -> Iterator[str]:
    """Yield what changed since a revision, a phrase a kind of change."""
    if since.difference is not None:
        yield f"schema: {difference_headline(since.difference)}"
    if review.judged:
        yield f"new findings: {review.counts(review.new)}; gone: {review.counts(review.gone)}".replace(
            "nothing found", "none"
        )
    if since.plans:
        yield f"accepted plans: {', '.join(f'{each.name} {each.state}' for each in since.plans)}"
    if since.touched:
        yield f"decisions touched: {', '.join(each.record.id for each in since.touched)}"
    for word, files in (("record", since.records), ("notebook", since.notebooks)):
        if files:
            yield f"{counted(len(files), word)}: {_states(files)}"
    yield from since.untold


def _states(files: Sequence[FileChange]) -> str:
    """Return what became of files: each where they are few, else how many of them came to the same."""
    if len(files) <= _MOST_NAMED:
        return ", ".join(f"{each.path} {each.state}" for each in files)
    return ", ".join(f"{number} {state}" for state, number in Counter(each.state for each in files).most_common())


def plan_lines(change: PlanChange) -> tuple[str, ...]:
    """Return an accepted plan then and now, as the lines that are gone, new, and the same."""
    from difflib import ndiff

    old, new = (each.shape if each is not None else () for each in (change.old, change.new))
    return tuple(f"{line[0]} {line[2:]}".rstrip() for line in ndiff(old, new) if line[0] in "+- ")


def text(review: Review) -> str:
    """Return the review for a terminal: a line a fact, then what is wrong, the worst first."""
    lines = [f"Design review of {review.title}", review.headline]
    if review.since is not None:
        lines += ["", f"since {review.since.revision}", *(f"  {each}" for each in happened(review, review.since))]
        lines += [f"  {each}" for each in review.since.touched]
    lines += ["", *(f"{at}. {each.title} ({each.path})" for at, each in enumerate(review.chapters, 1))]
    lines += [f"! {each}" for each in review.faults]
    shown = review.new if review.since is not None else review.findings
    rows = [
        (
            f"{found[0].severity.glyph} {found[0].code}",
            len(found),
            found[0].slug.replace("-", " "),
            str(found[0].location),
        )
        for found in by_rule(shown)
    ]
    header = ("new" if review.since is not None else "rule", "found", "what", "first at")
    lines += ["", text_table(header, rows, numeric={1})] if rows else []
    return "\n".join(lines)
