"""The page itself: one HTML text that holds its style, its script and its data, and asks for nothing.

The script's modules stand in `static` and are put into one in the order in which they need each other. What is
allowed to run is told to the browser by hash; names of a design are data, never markup.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from planroom.display import escape
from planroom.drawing.palette import HUES, dark_edge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

__all__ = ["as_json", "page"]

_IMPORT = re.compile(r'^import (?P<names>\{[^}]*\}) from "\./(?P<module>\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?P<declared>(?:function|class|const) (?P<name>\w+))", re.MULTILINE)
_PLACE = re.compile(r"\{\{(?P<name>\w+)\}\}")
# Controls, and characters that turn the direction of what follows, as JSON escapes.
_UNSEEN = re.compile(
    r"(?<!\\)(?P<before>(?:\\\\)*)\\u(?:00[01][0-9a-f]|007f|00[89][0-9a-f]|061c|200[ef]|202[a-e]|206[6-9])"
)


def page(data: Mapping[str, Any], *, title: str) -> str:
    """Return the page for data as `Content.data` gives it."""
    folder = files("planroom.exploring") / "static"
    style, script = _hues() + _text(folder, "style.css"), _script(folder)
    parts = {
        "policy": f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; base-uri 'none'; "
        "form-action 'none'",
        "title": escape(title),
        "style": style,
        "data": as_json(data),
        "script": script,
    }
    return _PLACE.sub(lambda found: parts[found["name"]], _text(folder, "page.html"))


def as_json(data: Mapping[str, Any]) -> str:
    r"""Return data as JSON in ASCII that can neither end a script element nor steer a text's direction.

    Example:
        >>> as_json({"name": "</script>"})
        '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(data, separators=(",", ":"))
    text = text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
    return _UNSEEN.sub(r"\g<before>\\ufffd", text)


def _text(folder: Traversable, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _hues() -> str:
    """Return the hues of all drawings as custom properties; the style sheet has those for the dark."""
    lines = (f"  --fill-{at}: {fill};\n  --edge-{at}: {dark_edge(fill)};\n" for at, fill in enumerate(HUES))
    return f"\n:root {{\n{''.join(lines)}}}\n"


def _script(folder: Traversable) -> str:
    """Return all modules as one script, each after those that it imports and in a scope of its own."""
    seen: set[str] = set()
    parts: list[str] = []

    def add(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        text = _text(folder, f"{name}.js")
        for found in _IMPORT.finditer(text):
            add(found["module"])
        parts.append(_scoped(name, text))

    add("main")
    return "\n" + "\n".join(parts)


def _scoped(name: str, text: str) -> str:
    given = ", ".join(found["name"] for found in _EXPORT.finditer(text))
    body = _EXPORT.sub(r"\g<declared>", _IMPORT.sub(r"const \g<names> = \g<module>Module;", text))
    return f"const {name}Module = (() => {{\n{body}\nreturn {{ {given} }};\n}})();\n"
