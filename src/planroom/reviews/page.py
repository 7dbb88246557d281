"""A review as one HTML page: no script, no host, contents that can be clicked; light, dark and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planroom.display import escape
from planroom.findings import Severity
from planroom.model.summary import counts
from planroom.reviews import parts
from planroom.reviews.content import counted
from planroom.reviews.shared_styles import shared_styles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.notebook.fragments import Fragment
    from planroom.reviews.content import Review

__all__ = ["page_of"]

_STYLE = Path(__file__).parent / "page.css"
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_LEVELS_LISTED = 2  # of a notebook: its title is the first

_LAYOUT = """<div class="layout">
<nav aria-label="Contents"><ol>%s</ol></nav>
<main>
%s%s<footer>Made by planroom. This page asks no host for anything and runs no script.</footer>
</main>
</div>
"""

Part = tuple[str, str, str]
"""An anchor, a title, and HTML."""


def page_of(review: Review) -> str:
    """Return the page."""
    found = [part for part in _parts(review) if part[2]]
    body = "".join(
        f'<section id="{anchor}"><h2>{escape(title)}</h2>{html}</section>\n' for anchor, title, html in found
    )
    chapters = "".join(_chapter(at, each) for at, each in enumerate(review.chapters, 1))
    shown, styles = shared_styles(f"{_cover(review)}{_LAYOUT % (_contents(found, review.chapters), body, chapters)}")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Design review: {escape(review.title)}</title>\n<style>\n{_style()}{styles}</style>\n</head>\n<body>\n"
        f"{shown}</body>\n</html>\n"
    )


def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def _parts(review: Review) -> Iterator[Part]:
    if review.since is not None:
        yield "since", f"Since {review.since.revision}", parts.since(review, review.since)
    yield "findings", "Findings", parts.findings(review)
    yield "decisions", "Decisions", parts.decisions(review)
    yield "design", "The design", parts.design(review)


# -- the cover ---------------------------------------------------------------------------------------------------------


def _cover(review: Review) -> str:
    tiles = "".join(
        f'<li><a href="#{anchor}"><b>{number}</b><span>{escape(words)}</span></a></li>'
        for anchor, number, words in _tiles(review)
    )
    title = f'<p class="kicker">Design review</p>\n<h1>{escape(review.title)}</h1>'
    return f'<header class="cover">\n{title}\n<ul class="tiles">{tiles}</ul>\n</header>\n'


def _tiles(review: Review) -> Iterator[tuple[str, str, str]]:
    """Yield an anchor, a number and what it counts."""
    if review.since is not None:
        changes = len(review.since.difference.changes) if review.since.difference is not None else 0
        yield "since", str(changes), f"schema change{'s' * (changes != 1)} since {review.since.revision}"
        yield "since", str(len(review.new)), f"new finding{'s' * (len(review.new) != 1)}"
    if review.judged:
        yield "findings", _severities(review), "errors, warnings, notes"
    if review.decisions is not None:
        known, red = len(review.decisions.claims), len(review.decisions.red)
        checks = f", {counted(known, 'check')}" + (f", {red} not known to be true" if red else "")
        records = len(review.decisions.log.records)
        yield "decisions", str(records), f"decision{'s' * (records != 1)}{checks}"
    if review.model is not None:
        tables = counts(review.model)["tables"]
        yield "design", str(tables), f"table{'s' * (tables != 1)} in {review.model.name}"
    if review.chapters:
        number = len(review.chapters)
        cells = sum(each.cells for each in review.chapters)
        yield "n1", str(number), f"notebook{'s' * (number != 1)}, {counted(cells, 'cell')} of code"


def _severities(review: Review) -> str:
    numbers = [(each, sum(one.severity is each for one in review.findings)) for each in reversed(Severity)]
    return " ".join(f'<span class="{each}" style="font-size:inherit">{each.glyph}</span>{n}' for each, n in numbers)


# -- the contents ------------------------------------------------------------------------------------------------------


def _contents(found: Sequence[Part], chapters: Sequence[Fragment]) -> str:
    items = [f'<li><a href="#{anchor}">{escape(title)}</a></li>' for anchor, title, _ in found]
    items += ['<li class="group">Notebooks</li>'] if chapters else []
    return "".join([*items, *(_entry(at, each) for at, each in enumerate(chapters, 1))])


def _entry(at: int, chapter: Fragment) -> str:
    listed = [each for each in chapter.headings if each.level == _LEVELS_LISTED]
    below = "".join(f'<li><a href="#{escape(each.anchor)}">{escape(each.text)}</a></li>' for each in listed)
    inner = f"<ol>{below}</ol>" if below else ""
    return f'<li><a href="#n{at}">{at}. {escape(chapter.title)}</a>{inner}</li>'


def _chapter(at: int, chapter: Fragment) -> str:
    faults = "".join(f'<p class="fault">{escape(each)}</p>' for each in chapter.faults)
    head = f'<p class="file">{at} · {escape(chapter.path.as_posix())}</p>{faults}'
    titled = any(each.level == 1 for each in chapter.headings[:1])
    title = "" if titled else f"<h2>{escape(chapter.title)}</h2>"
    return f'<section class="chapter" id="n{at}">{head}{title}{chapter.html}</section>\n'
