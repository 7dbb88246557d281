"""Styles of elements written once: a page of cards says the same of thousands of cells, a fifth of its size."""

from __future__ import annotations

import re
from html import unescape

__all__ = ["shared_styles"]

_TAG = re.compile(r'<[a-z][a-z0-9]*(?: [a-z][a-z0-9:_-]*(?:="[^"]*")?)*/?>')
_STYLE = re.compile(r' style="([^"]*)"')
_CLASS = re.compile(r' class="([^"]*)"')
_PLAIN = re.compile(r"""(?:[\w\s:;,.#%+-]|'[\w .-]*'|"[\w .-]*"|\([\w\s,.#%+-]*\))+""")
"""Declarations that end where they should: in a sheet, an open bracket would take what follows with it."""


def shared_styles(html: str) -> tuple[str, str]:
    r"""Return HTML in which classes stand for the styles of elements, and the sheet that gives them their meaning.

    Args:
        html: HTML whose attributes are in double quotes. Styles that a sheet could misread stay where they are.

    Example:
        >>> shared_styles('<b style="color:red">a</b><i class="x" style="color:red">b</i>')
        ('<b class="s-1">a</b><i class="x s-1">b</i>', ':is(#_,.s-1){color:red}\n')
    """
    names: dict[str, str] = {}

    def found(tag: re.Match[str]) -> str:
        style = _STYLE.search(tag[0])
        value = unescape(style[1]).strip() if style else ""
        if style is None or not _PLAIN.fullmatch(value):
            return tag[0]
        name = names.setdefault(value, f"s-{len(names) + 1}")
        rest = tag[0].replace(style[0], "", 1)
        if own := _CLASS.search(rest):
            return rest.replace(own[0], f' class="{own[1]} {name}"', 1)
        end = -2 if rest.endswith("/>") else -1
        return f'{rest[:end]} class="{name}"{rest[end:]}'

    shared = _TAG.sub(found, html)
    # an element's own style is above any rule: an identifier that nothing bears lends that rank
    return shared, "".join(f":is(#_,.{name}){{{value}}}\n" for value, name in names.items())
