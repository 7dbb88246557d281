"""YAML front matter: read as values, changed line by line, so that all else in it stays as it was written."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FrontMatter", "front_matter_of", "today", "with_key"]

_BLOCK = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY = r"^{key}[ \t]*:(?P<value>[^\n]*(?:\n(?:[ \t]+[^\n]*|[ \t]*-[ \t][^\n]*|[ \t]*(?=\n)))*)"


@dataclass(frozen=True)
class FrontMatter:
    """What stands between the two lines of dashes.

    Attributes:
        values: The keys, as YAML reads them; dates as text.
        start, end: Where the lines between the dashes begin and end; both 0 without front matter.
        body: Where the text behind it begins.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    start: int = 0
    end: int = 0
    body: int = 0

    def __bool__(self) -> bool:
        return self.body > 0


def front_matter_of(text: str, source: str = "") -> FrontMatter:
    """Return the front matter of a text.

    Raises:
        SyntaxProblem: It is no YAML, or no mapping.
    """
    found = _BLOCK.match(text)
    if found is None:
        return FrontMatter()
    import yaml

    try:
        values = yaml.load(found[1], Loader=_loader())  # noqa: S506  (a safe loader, without dates)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{source or '<text>'}:{mark.line + 2}:{mark.column + 1}" if mark else source
        why = str(getattr(error, "problem", None) or error)
        raise SyntaxProblem(
            "The front matter is no YAML.", where=place, why=f"{why}.", fix="put a value with a colon in quotes."
        ) from None
    if values is not None and not isinstance(values, dict):
        raise SyntaxProblem(
            "The front matter holds no keys.", where=source, fix="write `status: accepted`, a key a line."
        )
    return FrontMatter(
        {str(key): value for key, value in (values or {}).items()}, found.start(1), found.end(1), found.end()
    )


@cache
def _loader() -> Any:
    """Return YAML's safe loader as YAML 1.2 has it: ``on`` and ``no`` are words; and dates are left as written."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    left_out = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in left_out]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF")
    return Loader


def with_key(text: str, key: str, value: str) -> str:
    """Return the text with one key of its front matter set; the front matter is made where there is none.

    Args:
        text: The whole record.
        key: The key.
        value: What stands behind the colon, as YAML.
    """
    newline = "\r\n" if "\r\n" in text[:1000] else "\n"
    found = _BLOCK.match(text)
    if found is None:
        return f"---{newline}{key}: {value}{newline}---{newline}{newline}{text}"
    line = re.compile(_KEY.format(key=re.escape(key)), re.MULTILINE).search(text, found.start(1), found.end(1))
    if line is None:
        return f"{text[: found.end(1)]}{key}: {value}{newline}{text[found.end(1) :]}"
    end = line.end("value")
    carriage = "\r" if text[line.start("value") : end].endswith("\r") else ""
    return f"{text[: line.start('value')]} {value}{carriage}{text[end:]}"


def today() -> str:
    """Return the date of today, as ISO 8601 writes it."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()
