"""What a user wrote, in GitHub's Markdown: names as code, comments as prose, SQL in fences; and anchors of headings.

Sources: GitHub Flavored Markdown, https://github.github.com/gfm/; the anchors of headings follow github/markup's filter
(lower case; only letters, marks, digits, underscores, hyphens and blanks stay; blanks become hyphens; repetitions are
numbered).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from planroom.drawing.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Anchors", "code", "fence", "on_one_line", "prose", "slug", "table"]

_TAME = re.compile(r"(?!.*<[A-Za-z/!?])[^`|\\\s]+(?: [^`|\\\s]+)*")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_ACTIVE = re.compile(r"[\\`*\[\]<>&|~$]|(?<![^\W_])_|_(?![^\W_])")
_AT_START = re.compile(r"[-+=#]|\d{1,9}[.)](?=\s|$)")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;", "$": "&#36;"}
_KEPT = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})


def code(text: object) -> str:
    """Return a name or an expression as code that also stands in a cell of a table.

    Example:
        >>> print(code("order_id"), code("a|b"))
        `order_id` <code>a&#124;b</code>
    """
    shown = on_one_line(str(text))
    if _TAME.fullmatch(shown):
        return f"`{shown}`"
    return f"<code>{_PUNCTUATION.sub(lambda found: f'&#{ord(found[0])};', shown)}</code>"


def on_one_line(text: str) -> str:
    """Return a text of which every character shows, on one line."""
    return printable(" ".join(text.splitlines()))


def prose(text: str) -> str:
    """Return a comment as one line that says what it says, whatever Markdown or HTML would make of it.

    Example:
        >>> print(prose("a <b> | c"))
        a &lt;b&gt; &#124; c
    """
    lines = [_ACTIVE.sub(_inert, printable(line.strip())) for line in text.strip().splitlines()]
    line = "<br>".join(lines)
    start = _AT_START.match(line)
    return f"{line[: start.end() - 1]}\\{line[start.end() - 1 :]}" if start else line


def _inert(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0], f"\\{found[0]}")


def fence(text: str, language: str) -> str:
    """Return a text as a block of code, between fences longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    lines = (printable(line) for line in text.strip("\n").splitlines())
    return "\n".join([f"{marks}{language}", *lines, marks])


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: frozenset[int] = frozenset()) -> str:
    """Return a table of cells that are Markdown already; columns that are empty in every row are left out."""
    found = list(rows)
    shown = [at for at in range(len(header)) if any(row[at] for row in found)]
    rules = ["---:" if at in numeric else "---" for at in shown]
    lines = [[header[at] for at in shown], rules, *([row[at] for at in shown] for row in found)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def slug(text: str) -> str:
    """Return the anchor that GitHub gives to a heading of this text when it is the first.

    Example:
        >>> slug("ordering.order_lines"), slug("What was read?")
        ('orderingorder_lines', 'what-was-read')
    """
    kept = (each for each in text.strip().lower() if each in "- " or unicodedata.category(each) in _KEPT)
    return "".join(kept).replace(" ", "-")


class Anchors:
    """The anchors of a document's headings, in the order in which they are added."""

    def __init__(self) -> None:
        self._count: dict[str, int] = {}
        self._anchors: dict[tuple[str, str], str] = {}

    def add(self, kind: str, name: str, text: str) -> None:
        """Take in the heading of something; ``text`` is what it shows."""
        first = slug(text)
        found = first
        while found in self._count:
            self._count[first] += 1
            found = f"{first}-{self._count[first]}"
        self._count[found] = 0
        self._anchors[kind, name] = found

    def link(self, kind: str, name: str, shown: str = "") -> str:
        """Return a link to something by its name, or with another text; no link where it has no heading."""
        anchor, text = self._anchors.get((kind, name)), code(shown or name)
        return f"[{text}](#{anchor})" if anchor else text
