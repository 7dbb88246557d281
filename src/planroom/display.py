"""How planroom's objects show themselves: one mime bundle an object, and the HTML parts it is made of.

The bundle holds ``text/plain``, always; ``text/html``, in which a picture is an ``<img>`` with a data URI,
because that survives a notebook nobody has trusted yet; and ``image/svg+xml`` for front ends that prefer it.
It never holds scripts, style sheets, JSON, or anything that changes from run to run. A repr never raises.

This module knows no IPython: a front end asks any object for ``_repr_mimebundle_``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

__all__ = [
    "Displayable",
    "Muted",
    "Table",
    "caption_line",
    "card",
    "details",
    "escape",
    "figure",
    "html_table",
    "on_one_line",
    "page",
    "preformatted",
    "text_table",
]

INK = "var(--jp-ui-font-color1, #1f2328)"
SECONDARY_INK = "var(--jp-ui-font-color2, #59636e)"
HAIRLINE = "var(--jp-border-color2, #d0d7de)"
PAPER = "var(--jp-layout-color1, #ffffff)"

_SANS = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_CARD = f"{_SANS};font-size:13px;line-height:1.45;color:{INK};max-width:1100px"
_CELL = f"padding:3px 14px 3px 0;border:0;border-bottom:1px solid {HAIRLINE};text-align:%s;vertical-align:top"
_NUMERIC = ";font-variant-numeric:tabular-nums;white-space:nowrap"

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Displayable:
    """A mixin for everything that a notebook can show.

    A subclass gives ``__str__`` (the whole answer as text) and overrides ``_html`` and, when it is a
    picture, ``_svg``. Neither may open a socket or depend on the clock.
    """

    __slots__ = ()

    def _html(self) -> str:
        """Return the object as an HTML fragment without scripts; empty when it has none."""
        return ""

    def _svg(self) -> str:
        """Return the object as a stand-alone SVG document; empty when it is no picture."""
        return ""

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """Return the forms that a front end may choose from."""
        wanted = {"text/plain": self.__str__, "text/html": self._html, "image/svg+xml": self._svg}
        bundle = {
            mime: _safely(form, mime)
            for mime, form in wanted.items()
            if (not include or mime in include) and mime not in (exclude or ())
        }
        return {mime: text for mime, text in bundle.items() if text}


def _safely(form: Callable[[], str], mime: str) -> str:
    """Return what ``form`` gives, or say in its place why it gave nothing: a repr never raises."""
    try:
        return form()
    except Exception as error:  # noqa: BLE001, RUF100  (whatever went wrong, the notebook must go on)
        reason = f"This object could not be shown: {type(error).__name__}: {error}"
        return {"text/plain": reason, "text/html": preformatted(reason)}.get(mime, "")


def escape(text: object) -> str:
    """Return text safe inside HTML, both as content and as a quoted attribute.

    Control characters, which HTML forbids, and those that turn the direction of what follows are shown as escapes.
    """
    from html import escape as escaped

    return escaped(_UNSEEN.sub(lambda found: repr(found[0])[1:-1], str(text)), quote=True)


def card(headline: str, *parts: str) -> str:
    """Return a card: a headline that answers the first question, then HTML parts."""
    title = f'<div style="font-size:14px;font-weight:600;padding-bottom:6px">{escape(headline)}</div>'
    return f'<div class="planroom" style="{_CARD}">{title}{"".join(parts)}</div>'


def details(summary: str, content: str, *, opened: bool = False) -> str:
    """Return a fold with a summary and any HTML content."""
    state = " open" if opened else ""
    label = f'<summary style="cursor:pointer;color:{SECONDARY_INK};padding:4px 0">{escape(summary)}</summary>'
    return f"<details{state}>{label}{content}</details>"


def preformatted(text: str) -> str:
    """Return text as it stands, in a monospace block that wraps."""
    style = f"white-space:pre-wrap;font-size:12px;margin:4px 0;color:{INK};background:transparent;border:0;padding:0"
    return f'<pre style="{style}">{escape(text)}</pre>'


def figure(svg: str, alt: str, *, caption: str = "", width: int | None = None) -> str:
    """Return a picture that shows in an untrusted notebook, with its alternative text.

    Args:
        svg: A stand-alone SVG document.
        alt: What the picture says, in one sentence.
        caption: A line below it.
        width: The picture's natural width in pixels; it never grows beyond it and shrinks to fit.
    """
    import base64

    data = base64.b64encode(svg.encode()).decode()
    size = f"width:100%;max-width:{width}px" if width else "max-width:100%"
    picture = f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}" style="{size};height:auto"/>'
    below = (
        f'<figcaption style="color:{SECONDARY_INK};font-size:11px">{escape(caption)}</figcaption>' if caption else ""
    )
    return f'<figure style="margin:0 0 6px 0">{picture}{below}</figure>'


def page(title: str, body: str) -> str:
    """Return a page of its own; the picture brings its own paper, so the page only sets the text beside it."""
    head = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
    style = "margin:24px;font-family:system-ui,sans-serif;font-size:13px;background:#ffffff;color:#1f2328"
    return f'{head}\n<body style="{style}">\n{body}\n</body></html>\n'


def caption_line(tag: str, text: str) -> str:
    """Return a line in secondary ink; an empty text gives nothing."""
    return f'<{tag} style="color:{SECONDARY_INK};font-size:11px">{escape(text)}</{tag}>' if text else ""


class Muted(str):
    """A word in a table that stands for something that is not there, such as NULL: shown in secondary ink."""

    __slots__ = ()


def html_table(header: Sequence[str], rows: Iterable[Sequence[object]], *, numeric: Collection[int] = ()) -> str:
    """Return a plain table that follows the page's theme.

    Args:
        header: The column names; an empty sequence leaves the header out.
        rows: The cells, escaped here.
        numeric: The positions of columns to align right.
    """

    def cell(tag: str, position: int, value: object) -> str:
        number = position in numeric
        style = _CELL % ("right" if number else "left") + (_NUMERIC if number else "")
        weight = f";font-weight:600;color:{SECONDARY_INK}" if tag == "th" else ""
        shown = escape(value)
        if isinstance(value, Muted):
            shown = f'<span style="color:{SECONDARY_INK};font-style:italic">{shown}</span>'
        return f'<{tag} style="{style}{weight}">{shown}</{tag}>'

    def line(tag: str, values: Sequence[object]) -> str:
        return f"<tr>{''.join(cell(tag, position, value) for position, value in enumerate(values))}</tr>"

    head = f"<thead>{line('th', header)}</thead>" if header else ""
    body = "".join(line("td", row) for row in rows)
    style = f"border-collapse:collapse;border:0;margin:0 0 6px 0;font-size:12px;color:{INK};background:transparent"
    return f'<table style="{style}">{head}<tbody>{body}</tbody></table>'


def text_table(header: Sequence[str], rows: Iterable[Sequence[object]], *, numeric: Collection[int] = ()) -> str:
    """Return a table as aligned text that greps well: a row is a line; columns are two spaces apart.

    What would break the line, or steer a terminal, is written as its escape.

    Example:
        >>> print(text_table(("table", "rows"), [("orders", 30), ("items", 5)], numeric={1}))
        table   rows
        orders    30
        items      5
    """
    lines = [[on_one_line(str(value)) for value in row] for row in ([header] if header else []) + list(rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]

    def aligned(row: list[str]) -> str:
        cells = (
            text.rjust(width) if position in numeric else text.ljust(width)
            for position, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return "\n".join(aligned(row) for row in lines)


def on_one_line(text: str) -> str:
    """Return text in which every character shows; spaces that stand in numbers may be thin."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or unicodedata.category(each) == "Zs" else repr(each)[1:-1] for each in text
    )


@dataclass(frozen=True)
class Table(Displayable):
    """Rows with a header: a query's answer, a list of engines.

    Attributes:
        header: The column names.
        rows: The cells, a tuple a row.
        numeric: The positions of columns that hold numbers.
        caption: What the table says, or that rows were left out.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    numeric: frozenset[int] = frozenset()
    caption: str = ""

    def __str__(self) -> str:
        table = text_table(self.header, self.rows, numeric=self.numeric)
        return f"{table}\n{self.caption}" if self.caption else table

    def _html(self) -> str:
        table = html_table(self.header, self.rows, numeric=self.numeric)
        return f'<div class="planroom" style="{_CARD}">{table}{caption_line("div", self.caption)}</div>'
