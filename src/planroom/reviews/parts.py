"""The sections of the page: what changed, findings, decisions, the design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.evidence import State
from planroom.display import escape
from planroom.linting.reporting.report import headline as report_headline
from planroom.notebook.taming import tamed
from planroom.reviews.content import PlanState
from planroom.reviews.words import by_rule, happened, plan_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planroom.display import Displayable
    from planroom.findings import Finding
    from planroom.reviews.content import FileChange, Judged, PlanChange, Review, Since

__all__ = ["decisions", "design", "findings", "since"]

_STATES = {"added": ("plus", "+"), "removed": ("minus", "−"), "changed": ("warning", "~")}
_KINDS = {"+": "plus", "-": "minus"}
_MOST_PLACES = 4
_ORDER = (State.FALSE, State.CANNOT_TELL, State.CHANGED, State.UNTRIED, State.TRUE)


def _embedded(value: Displayable, prefix: str) -> str:
    """Return an object's own HTML as a part of the page."""
    html = value._repr_mimebundle_(include=("text/html",)).get("text/html", "")
    return tamed(html, prefix=prefix).html


def _fold(title: str, content: str, anchor: str = "") -> str:
    identity = f' id="{anchor}"' if anchor else ""
    return f'<details class="fold"{identity}><summary>{title}</summary>{content}</details>'


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: frozenset[int] = frozenset()) -> str:
    """Return a table of cells that are HTML already."""

    def line(tag: str, cells: Sequence[str]) -> str:
        numbers = (' class="number"' if at in numeric else "" for at in range(len(cells)))
        cells_ = (f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(numbers, cells, strict=True))
        return f"<tr>{''.join(cells_)}</tr>"

    body = "".join(line("td", row) for row in rows)
    return f'<div class="wide"><table><thead>{line("th", header)}</thead><tbody>{body}</tbody></table></div>'


# -- findings ----------------------------------------------------------------------------------------------------------


def findings(review: Review) -> str:
    """Return the findings by rule, then each part's own report."""
    if not review.judged:
        return ""
    lead = f'<p class="lead">{escape(review.counts(review.findings))}</p>'
    return lead + _by_rule(review.findings) + "".join(_report(at, each) for at, each in enumerate(review.judged, 1))


def _by_rule(found: tuple[Finding, ...]) -> str:
    if not found:
        return ""
    rows = [
        (_severity(alike[0]), escape(alike[0].slug.replace("-", " ")), str(len(alike)), _places(alike))
        for alike in by_rule(found)
    ]
    return _table(("rule", "what", "found", "where"), rows, numeric=frozenset({2}))


def _severity(finding: Finding) -> str:
    glyph = f'<span class="glyph {finding.severity}" title="{finding.severity}">{finding.severity.glyph}</span>'
    return f'<span style="white-space:nowrap">{glyph}<b>{escape(finding.code)}</b></span>'


def _places(alike: Sequence[Finding]) -> str:
    shown = [f"<code>{escape(str(each.location) or each.subject)}</code>" for each in alike[:_MOST_PLACES]]
    more = len(alike) - len(shown)
    return "<br>".join([*shown, *([f"and {more} more"] if more else [])])


def _report(at: int, judged: Judged) -> str:
    title = f"{escape(judged.subject.capitalize())} <code>{escape(judged.source)}</code>: "
    return _fold(title + escape(report_headline(judged.report)), _embedded(judged.report, f"f{at}-"))


# -- decisions ---------------------------------------------------------------------------------------------------------


def decisions(review: Review) -> str:
    """Return the log as a table, what is not known to be true, and the text of each record, folded."""
    log = review.decisions
    if log is None:
        return ""
    rows = [
        (
            f'<a href="#d{at}">{escape(each.id)}</a>',
            escape(each.status or "none"),
            f'<span style="white-space:nowrap">{escape(each.date)}</span>',
            escape(each.title),
            _checks(review, each.name),
        )
        for at, each in enumerate(log.log.records, 1)
    ]
    red = "".join(f"<li>{escape(str(each))}</li>" for each in log.red)
    wrong = "".join(
        f'<li><span class="glyph {each.severity}">{each.severity.glyph}</span>{escape(each.code)} '
        f"<code>{escape(str(each.location))}</code> {escape(each.message)}</li>"
        for each in log.findings
    )
    told = f'<ul class="plain">{red}{wrong}</ul>' if red or wrong else ""
    head = f'<p class="lead">{escape(log.headline)}</p>'
    return (
        head
        + _table(("id", "status", "date", "decision", "checks"), rows)
        + told
        + f'<div class="records">{"".join(_texts(review))}</div>'
    )


def _checks(review: Review, name: str) -> str:
    known = {each.state for each in review.decisions.by_record.get(name, ())} if review.decisions else set()
    worst = next((each for each in _ORDER if each in known), None)
    return f'<span style="white-space:nowrap">{worst.glyph} {escape(str(worst))}</span>' if worst else ""


def _texts(review: Review) -> Iterator[str]:
    records = review.decisions.log.records if review.decisions is not None else ()
    for at, each in enumerate(records, 1):
        text = review.records.get(each.source)
        title = f"{escape(each.id)} · {escape(each.title)}"
        yield _fold(title, text.html if text is not None else "", f"d{at}")


# -- the design --------------------------------------------------------------------------------------------------------


def design(review: Review) -> str:
    """Return what the design holds, and its picture."""
    if review.model is None:
        return ""
    from planroom.display import figure
    from planroom.workbench import er

    drawn = er(review.model)
    picture = tamed(figure(drawn.svg, drawn.shown.summary, width=int(drawn.width)), prefix="m-").html
    return f'<p class="file">{escape(review.source)}</p>{_embedded(review.model, "m-")}{picture}'


# -- what changed ------------------------------------------------------------------------------------------------------


def since(review: Review, changes: Since) -> str:
    """Return everything that changed since the revision."""
    facts = "".join(f"<li>{escape(each)}</li>" for each in happened(review, changes))
    parts = [f"<ul>{facts}</ul>" if facts else "<p>Nothing that a review is about.</p>"]
    if changes.difference is not None and changes.difference.changes:
        parts += ["<h3>The schema</h3>", _embedded(changes.difference, "s-")]
    if review.new:
        parts += ["<h3>New findings</h3>", _told(review.new)]
    if review.gone:
        parts += ["<h3>Findings that are gone</h3>", _told(review.gone)]
    if changes.plans:
        parts += ["<h3>Accepted plans</h3>", *map(_plan, changes.plans)]
    if changes.touched:
        parts += ["<h3>Decisions touched</h3>", _touched(review, changes)]
    for title, files in (("Decision records", changes.records), ("Notebooks", changes.notebooks)):
        parts += [f"<h3>{title}</h3>", _files(review, files)] if files else []
    return "".join(parts)


def _told(found: Sequence[Finding]) -> str:
    rows = [
        (_severity(each), escape(each.message), f"<code>{escape(str(each.location) or each.subject)}</code>")
        for alike in by_rule(tuple(found))
        for each in alike
    ]
    return _table(("rule", "what", "where"), rows)


def _plan(change: PlanChange) -> str:
    title = f"<h4>{escape(change.name)}: {escape(change.state)}{escape(_cost(change))}</h4>"
    if change.state is PlanState.REPRICED:
        return title
    lines = "".join(f'<span class="{_KINDS.get(line[0], "")}">{escape(line)}</span>' for line in plan_lines(change))
    return f'{title}<pre class="plan">{lines}</pre>'


def _cost(change: PlanChange) -> str:
    costs = [f"{each.cost:g}" for each in (change.old, change.new) if each is not None and each.cost is not None]
    return f", cost {' → '.join(costs)}" if costs else ""


def _touched(review: Review, changes: Since) -> str:
    anchors = _anchors(review)
    rows = [
        (
            _linked(each.record.id, anchors.get(each.record.source, "")),
            escape(each.record.title),
            " ".join(f"<code>{escape(one)}</code>" for one in each.selectors),
        )
        for each in changes.touched
    ]
    return _table(("id", "decision", "because it affects"), rows)


def _anchors(review: Review) -> dict[str, str]:
    records = review.decisions.log.records if review.decisions is not None else ()
    return {each.source: f"d{at}" for at, each in enumerate(records, 1)}


def _linked(text: str, anchor: str) -> str:
    return f'<a href="#{anchor}">{escape(text)}</a>' if anchor else escape(text)


def _files(review: Review, files: Sequence[FileChange]) -> str:
    chapters = {each.path.as_posix(): f"n{at}" for at, each in enumerate(review.chapters, 1)}
    items = []
    for each in files:
        kind, glyph = _STATES[each.state]
        sign = f'<span class="glyph {kind}">{glyph}</span>'
        title = f'<span class="quiet">{escape(each.title)}</span>'
        name = _linked(each.path, chapters.get(each.path, ""))
        items.append(f"<li>{sign}{name} {escape(each.state)} {title}</li>")
    return f'<ul class="plain">{"".join(items)}</ul>'
