"""A review as Markdown for a pull request: what changed and what is wrong, never longer than is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.markup import code, fence, prose, table
from planroom.reviews.words import by_rule, happened, plan_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.reviews.content import Review, Since

__all__ = ["LIMIT", "markdown"]

LIMIT = 65_536
"""Characters that GitHub takes in a comment or the description of a pull request."""

_ROOM = 24_000  # for the changes of the schema, which shorten themselves to 60,000
_MOST_RULES = 40
_MOST_OF_A_RULE = 5
_MOST_CELL = 300


def markdown(review: Review) -> str:
    """Return the headline, what changed, what is wrong, and the contents."""
    blocks = [f"## Design review: {prose(review.title)}", prose(review.headline)]
    if review.since is not None:
        blocks += _since(review, review.since)
    shown = review.new if review.since is not None else review.findings
    blocks += [_findings("New findings" if review.since is not None else "Findings", shown)] if shown else []
    blocks += [_folded("Notebooks", "\n".join(_contents(review)))] if review.chapters else []
    blocks += _decisions(review)
    return _within(blocks)


def _within(blocks: list[str]) -> str:
    """Return blocks as one text; what does not fit is said to be left out."""
    kept, room = [], LIMIT - 200
    for block in blocks:
        if len(block) + 2 <= room:
            kept.append(block)
            room -= len(block) + 2
        elif not kept[-1].startswith("… a part"):
            kept.append("… a part is left out: the page has it.")
    return "\n\n".join(kept) + "\n"


def _since(review: Review, since: Since) -> Iterator[str]:
    lines = [f"- {prose(each)}" for each in happened(review, since)]
    yield "\n".join([f"### Since {code(since.revision)}", "", *lines])
    for each in since.touched:
        named = ", ".join(map(code, each.selectors))
        yield f"- touches **{prose(each.record.id)}** {prose(each.record.title)} ({named})"
    if since.difference is not None and since.difference.changes:
        yield _folded("The schema", _cut(since.difference.markdown, _ROOM))
    for plan in since.plans:
        if plan.old is not None and plan.new is not None and plan.old.shape != plan.new.shape:
            yield _folded(f"Plan of {prose(plan.name)}: {plan.state}", fence("\n".join(plan_lines(plan)), "diff"))
    if review.gone:
        yield _folded("Findings that are gone", "\n".join(f"- {_told(each)}" for each in review.gone[:_MOST_RULES]))


def _findings(title: str, findings: tuple[Finding, ...]) -> str:
    groups = by_rule(findings)
    rows = [
        (
            f"{found[0].severity.glyph} {found[0].severity}",
            code(found[0].code),
            str(len(found)),
            "<br>".join(map(_told, found[:_MOST_OF_A_RULE])) + (" …" if len(found) > _MOST_OF_A_RULE else ""),
        )
        for found in groups[:_MOST_RULES]
    ]
    shown = table(("", "rule", "found", "what"), rows, numeric=frozenset({2}))
    more = f"\n\n… and {len(groups) - _MOST_RULES} more rules" if len(groups) > _MOST_RULES else ""
    return f"### {title}\n\n{shown}{more}"


def _told(finding: Finding) -> str:
    place = str(finding.location) or finding.subject
    return f"{prose(_cut(finding.message, _MOST_CELL))} {code(_cut(place, _MOST_CELL))}"


def _contents(review: Review) -> Iterator[str]:
    for at, each in enumerate(review.chapters, 1):
        yield f"{at}. **{prose(each.title)}** {code(each.path.as_posix())}"
    yield from (f"- ! {prose(each)}" for each in review.faults)


def _decisions(review: Review) -> list[str]:
    if review.decisions is None:
        return []
    red = [f"- {prose(str(each))}" for each in review.decisions.red]
    return ["\n".join([f"### Decisions\n\n{prose(review.decisions.headline)}\n", *red])]


def _folded(title: str, content: str) -> str:
    return f"<details>\n<summary>{title}</summary>\n\n{content}\n\n</details>"


def _cut(text: str, most: int) -> str:
    """Return a text of which whole lines are left out behind a number of characters."""
    if len(text) <= most:
        return text
    return text[:most].rpartition("\n")[0] + "\n…" if "\n" in text[:most] else f"{text[: most - 1]}…"
