"""Evidence in a record: what a notebook would show, as Markdown that needs nothing beside it."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from planroom.display import escape

if TYPE_CHECKING:
    from planroom.display import Displayable

__all__ = ["embedded"]

_MOST_TEXT = 20_000  # characters of a text; a record is to be read


def embedded(shown: Displayable) -> str:
    """Return an object as Markdown: its picture as a data URI where it has one, and its text in a fold.

    Any object with planroom's forms will do; nothing is run, and no address outside is named.
    """
    forms = shown._repr_mimebundle_()
    text = forms.get("text/plain", "")
    svg = forms.get("image/svg+xml", "")
    parts = []
    if svg:
        data = base64.b64encode(svg.encode()).decode()
        parts.append(f'<img alt="{escape(_first(text))}" src="data:image/svg+xml;base64,{data}"/>')
    if text:
        cut = text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}\n… {len(text) - _MOST_TEXT} characters more"
        fence = "`" * max(3, 1 + max((len(each) for each in re.findall(r"`+", cut)), default=0))
        block = f"{fence}text\n{cut}\n{fence}"
        parts.append(f"<details><summary>As text</summary>\n\n{block}\n\n</details>" if svg else block)
    return "\n\n".join(parts)


def _first(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:200]
