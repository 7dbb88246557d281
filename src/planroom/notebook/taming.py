"""HTML of notebooks made fit to stand in a larger page: balanced, inert, its anchors its own, without secrets.

What a cell printed may close what it never opened, hold a script or a style sheet for all of the page, or bear the same
anchors as another notebook. The page's policy already keeps the browser from running or loading anything; here it is
left out, so that the page holds nothing of the kind.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from planroom.display import escape
from planroom.markup import slug
from planroom.workbench.secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Heading", "Tamed", "svg_address", "tamed"]

_WITH_CONTENT = frozenset(
    "script style iframe object noscript template title audio video applet frameset noembed xmp plaintext math".split()
)
_TAG_ALONE = frozenset(
    "html head body main form input button select option textarea label link meta base embed source track param frame "
    "dialog portal".split()
)
_VOID = frozenset({"area", "br", "col", "hr", "img", "wbr"})
_LEFT_OPEN = frozenset("p li dt dd td th tr thead tbody tfoot colgroup".split())
_HEADING = re.compile(r"h([1-6])")
_NAMES = frozenset({"id", "name", "for", "headers"}) | {
    f"aria-{each}" for each in ("labelledby", "describedby", "controls")
}
_LOADING = frozenset(
    "srcset srcdoc action formaction ping poster background data cite longdesc manifest usemap autofocus target "
    "xmlns contenteditable".split()
)
_OUTWARD = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_REFERENCE = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_STYLE = re.compile(
    r"url\(\s*['\"]?(?!#|data:image/)|position\s*:\s*(?:fixed|sticky)|\\|@import|expression", re.IGNORECASE
)
_SVG = "data:image/svg+xml;base64,"
_AS_TEXT = "data:image/svg+xml,"
_TITLE = re.compile(r"<title>[^<]*</title>")
_TAG = re.compile(r"<[^<>]*>")
_VALUE = re.compile(r'="([^"]*)"')
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x1f\"#%&\x7f]|\s+(?=[<>])|(?<=>)\s+|  +")  # what HTML or URLs would change


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in tamed HTML: its level in the source, 1 to 6, its text, and its anchor in the page."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Tamed:
    """HTML that can stand anywhere, and the headings in it that can be linked to."""

    html: str
    headings: tuple[Heading, ...]


def tamed(html: str, *, prefix: str, links: Mapping[str, str] | None = None, demote: int = 0) -> Tamed:
    """Return HTML that can stand within a larger page.

    Args:
        html: What a notebook became.
        prefix: What its anchors begin with, so that they are its own.
        links: The anchors of other parts of the page, by the file that a relative link names.
        demote: By how many levels its headings stand lower.
    """
    tamer = _Tamer(prefix, links or {}, demote)
    tamer.feed(html)
    tamer.close()
    return Tamed("".join(tamer.resolved()) + tamer.still_open(), tuple(tamer.headings))


class _Tamer(HTMLParser):
    """Writes HTML anew, as it reads it."""

    def __init__(self, prefix: str, links: Mapping[str, str], demote: int) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self.headings: list[Heading] = []
        self._prefix, self._links, self._demote = prefix, links, demote
        self._open: list[str] = []
        self._skipped: list[str] = []
        self._times: Counter[str] = Counter()
        self._heading: tuple[int, str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped or tag in _WITH_CONTENT:
            self._skipped += [tag] if tag not in _VOID else []
        elif tag not in _TAG_ALONE:
            attrs = self._named_once(attrs)
            shown, kept = self._lower(tag), self._kept(tag, attrs)
            self.parts.append(f"<{shown}{''.join(kept)}>")
            self._open += [tag] if tag not in _VOID else []
            if level := _HEADING.fullmatch(tag):
                self._heading = (int(level[1]), self._anchor(attrs), len(self.parts))

    def _named_once(self, attrs: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
        """Return attributes in which an anchor that was there before is numbered."""
        found: list[tuple[str, str | None]] = []
        for name, value in attrs:
            if name == "id" and value:
                self._times[value] += 1
                value = value if self._times[value] == 1 else f"{value}-{self._times[value]}"
            found.append((name, value))
        return found

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._skipped and tag not in _WITH_CONTENT and tag not in _TAG_ALONE:
            self.parts.append(f"<{self._lower(tag)}{''.join(self._kept(tag, attrs))}/>")
            self._open += [tag] if not self._is_closed(tag) else []

    def _is_closed(self, tag: str) -> bool:
        """Whether an element that ends as it begins does so: in HTML it does not, in a picture within it does."""
        return tag in _VOID or "svg" in self._open or tag == "svg"

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag in self._skipped:
                del self._skipped[len(self._skipped) - 1 - self._skipped[::-1].index(tag) :]
        elif tag in self._open:
            while self._open:
                last = self._open.pop()
                if last == tag or last not in _LEFT_OPEN:
                    self._close(last)
                if last == tag:
                    break

    def _close(self, tag: str) -> None:
        if self._heading is not None and _HEADING.fullmatch(tag):
            level, anchor, start = self._heading
            text = re.sub(r"<[^>]*>", "", "".join(self.parts[start:])).strip()
            if anchor and text:
                self.headings.append(Heading(level, _characters(text), anchor))
            self._heading = None
        self.parts.append(f"</{self._lower(tag)}>")

    def resolved(self) -> Iterator[str]:
        """Yield the parts, with links within the notebook that lead somewhere.

        Markdown that was written for GitHub names a heading by GitHub's anchor, and not by nbconvert's.
        """
        known = {f"{self._prefix}{slug(each.text)}": each.anchor for each in self.headings}
        inner = re.compile(rf' href="#({re.escape(escape(self._prefix))}[^"]*)"')

        def found(link: re.Match[str]) -> str:
            target = unescape(link[1])
            anchor = target if target.removeprefix(self._prefix) in self._times else known.get(target, "")
            return f' href="#{escape(anchor)}"' if anchor else ""

        yield from (inner.sub(found, part) if part.startswith("<a ") else part for part in self.parts)

    def still_open(self) -> str:
        """Return the ends of what was not closed."""
        return "".join(f"</{self._lower(each)}>" for each in reversed(self._open) if each not in _LEFT_OPEN)

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(without_secrets(data).replace("<", "&lt;").replace(">", "&gt;"))

    def handle_entityref(self, name: str) -> None:
        self.parts += [] if self._skipped else [f"&{name};"]

    def handle_charref(self, name: str) -> None:
        self.parts += [] if self._skipped else [f"&#{name};"]

    def _lower(self, tag: str) -> str:
        level = _HEADING.fullmatch(tag)
        return f"h{min(6, int(level[1]) + self._demote)}" if level else tag

    def _anchor(self, attrs: list[tuple[str, str | None]]) -> str:
        found = next((value for name, value in attrs if name == "id" and value), "")
        return f"{self._prefix}{found}" if found else ""

    def _kept(self, tag: str, attrs: list[tuple[str, str | None]]) -> list[str]:
        kept = []
        for name, value in attrs:
            text = self._value(tag, name, value or "")
            if text is not None and re.fullmatch(r"[a-z][a-z0-9:_-]*", name):
                shown = text if text.startswith(_AS_TEXT) else escape(text)
                kept.append(f" {name}" if value is None else f' {name}="{shown}"')
        return kept

    def _value(self, tag: str, name: str, value: str) -> str | None:
        """Return what becomes of an attribute; None where it goes."""
        if name.startswith("on") or name in _LOADING:
            return None
        if name in {"href", "xlink:href"}:
            return self._link(value) if tag == "a" else self._inner(value)
        if name == "src":
            return _picture(value) if tag == "img" else None
        if name == "style" and _STYLE.search(value):
            return None
        if name in _NAMES:
            return " ".join(f"{self._prefix}{each}" for each in value.split())
        return without_secrets(_REFERENCE.sub(rf"url(#{self._prefix}\1)", value))

    def _inner(self, value: str) -> str | None:
        return f"#{self._prefix}{value[1:]}" if value.startswith("#") else None

    def _link(self, value: str) -> str | None:
        """Return where a link leads: within the notebook, to another part of the page, or out into the world."""
        if value.startswith("#"):
            return f"#{self._prefix}{unquote(value[1:])}"
        if _OUTWARD.match(value):
            return without_secrets(value)
        anchor = self._links.get(unquote(value.partition("#")[0]).rpartition("/")[2])
        return f"#{anchor}" if anchor else None


def _picture(value: str) -> str | None:
    """Return the address of a picture that is inside the page; what is written in a drawing is read for secrets."""
    if not value.startswith("data:image/"):
        return None
    if not value.startswith(_SVG):
        return value
    try:
        drawing = base64.b64decode(value.removeprefix(_SVG), validate=False).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return svg_address(without_secrets(drawing))


def svg_address(drawing: str) -> str:
    """Return the address of a drawing that is inside the page: as text, which takes a quarter less than Base64.

    Titles within it are left out: they are tooltips, and an image has none; what it shows is said beside it.
    """
    swapped = _TAG.sub(lambda tag: _VALUE.sub(_requoted, tag[0]), _TITLE.sub("", drawing))
    return _AS_TEXT + _NOT_IN_ADDRESS.sub(lambda found: quote(found[0], safe=""), swapped)


def _requoted(value: re.Match[str]) -> str:
    """Return a value of an attribute between the quotes that it does not hold: the other ones are written longer."""
    text = value[1].replace("&#x27;", "'") if "'" not in value[1] else value[1]
    return f"='{value[1]}'" if "'" not in text else f'="{text}"'


def _characters(text: str) -> str:
    return " ".join(unescape(text).removesuffix("¶").split())
