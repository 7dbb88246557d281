"""SVG by presentation attributes: no style sheet, no script, nothing that a sanitiser would drop.

Everything that comes from a user passes through ``text`` or ``attributes``, which escape it; coordinates
are rounded to a tenth of a pixel so that a picture's bytes do not depend on the last bits of a float.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from planroom.drawing.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["MONO", "SANS", "circle", "document", "element", "group", "line", "number", "path", "rect", "shift", "text"]

SANS = "Helvetica, Arial, 'Liberation Sans', sans-serif"
MONO = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"

Value = str | int | float | None


def number(value: float) -> str:
    """Return a coordinate rounded to one decimal, without a trailing zero and never ``-0``.

    Example:
        >>> number(3.04), number(-0.01), number(12.25)
        ('3', '0', '12.2')
    """
    rounded = f"{value:.1f}"
    return "0" if rounded == "-0.0" else rounded.removesuffix(".0")


def shift(x: float, y: float) -> str:
    """Return the ``transform`` that moves what it is given to by (x, y)."""
    return f"translate({number(x)} {number(y)})"


def element(tag: str, attributes: dict[str, Value], content: str = "") -> str:
    """Return one element; underscores in attribute names are dashes, and None leaves an attribute out."""
    pairs = "".join(
        f' {name.replace("_", "-")}="{_value(value)}"' for name, value in attributes.items() if value is not None
    )
    return f"<{tag}{pairs}>{content}</{tag}>" if content else f"<{tag}{pairs}/>"


def _value(value: str | float) -> str:
    return escape(printable(value), quote=True) if isinstance(value, str) else number(value)


def _titled(title: str) -> str:
    return f"<title>{escape(printable(title), quote=False)}</title>" if title else ""


def rect(
    x: float, y: float, width: float, height: float, *, radius: float = 0, title: str = "", **attributes: Value
) -> str:
    """Return a rectangle."""
    place: dict[str, Value] = {"x": x, "y": y, "width": width, "height": height, "rx": radius or None}
    return element("rect", place | attributes, _titled(title))


def line(x1: float, y1: float, x2: float, y2: float, **attributes: Value) -> str:
    """Return a straight line."""
    place: dict[str, Value] = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return element("line", place | attributes)


def circle(x: float, y: float, radius: float, **attributes: Value) -> str:
    """Return a circle."""
    place: dict[str, Value] = {"cx": x, "cy": y, "r": radius}
    return element("circle", place | attributes)


def path(data: str, *, title: str = "", **attributes: Value) -> str:
    """Return a path; ``data`` is planroom's own, never a user's."""
    return element("path", {"d": data, **attributes}, _titled(title))


def text(x: float, y: float, content: str, **attributes: Value) -> str:
    """Return one line of text whose baseline starts at (x, y)."""
    place: dict[str, Value] = {"x": x, "y": y}
    return element("text", {**place, **attributes}, escape(printable(content), quote=False))


def group(parts: Iterable[str], *, title: str = "", **attributes: Value) -> str:
    """Return a group of elements, with a tooltip for a saved file."""
    return element("g", dict(attributes), _titled(title) + "".join(parts))


def document(width: float, height: float, parts: Sequence[str], *, title: str) -> str:
    """Return a stand-alone SVG document with its accessible name, one top-level part a line."""
    head: dict[str, Value] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": width,
        "height": height,
        "viewBox": f"0 0 {number(width)} {number(height)}",
        "role": "img",
        "aria-label": title,
        "font-family": SANS,
    }
    return element("svg", head, "\n".join(["", _titled(title), *parts, ""])) + "\n"
