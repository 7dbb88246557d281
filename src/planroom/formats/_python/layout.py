r"""Python expressions laid out as ``ruff format`` lays them out, so that formatting changes nothing.

A bracket stands on one line where that fits, else it has an item a line and a trailing comma. A text that is too long
is broken into several that Python joins.

Source: the Ruff formatter's documentation, and Black's "Code style" ("How Black wraps lines", "Strings").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from planroom.formats._python.code import Call, Name, Ref, Value

__all__ = ["MAX_WIDTH", "Layout", "docstring", "literal"]

MAX_WIDTH = 88
_INDENT = 4
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


class Layout:
    """Prints values; the names of what the module defines are known.

    Args:
        names: What each `Ref` is called, by its key.
    """

    def __init__(self, names: Mapping[object, str]) -> None:
        self._names = names

    def assignment(self, target: str, value: Value, *, indent: int = 0) -> list[str]:
        """Return the lines of ``target = value``."""
        if isinstance(value, str) and not _fits(f"{target} = {literal(value)}", indent):
            return [f"{_pad(indent)}{target} = (", *_chunked(value, "", "", indent + _INDENT), f"{_pad(indent)})"]
        return self._laid_out(value, f"{target} = ", "", indent)

    def statement(self, value: Value) -> list[str]:
        """Return the lines of an expression that stands alone."""
        return self._laid_out(value, "", "", 0)

    def annotated(self, target: str, annotation: str, value: Value | None, *, indent: int) -> list[str]:
        """Return the lines of ``target: annotation = value``; of ``target: annotation`` without a value.

        Where not even the value's opening bracket fits, the value moves into parentheses; at last, an annotation is
        broken in its outermost brackets.
        """
        head = f"{target}: {annotation}"
        if value is None:
            return [_pad(indent) + head] if _fits(head, indent) else _broken(head, indent)
        flat = self._flat(value)
        first = flat[: flat.index("(") + 1] if isinstance(value, Call) and _arguments(value) else flat
        if _fits(f"{head} = {first}", indent) or not head.endswith("]"):
            return self._laid_out(value, f"{head} = ", "", indent)
        if _fits(f"{head} = (", indent):
            inner = self._laid_out(value, "", "", indent + _INDENT)
            return [f"{_pad(indent)}{head} = (", *inner, _pad(indent) + ")"]
        lines = _broken(head, indent)
        return [*lines[:-1], *self._laid_out(value, f"{lines[-1].strip()} = ", "", indent)]

    def _laid_out(self, value: Value, before: str, after: str, indent: int) -> list[str]:
        flat = f"{before}{self._flat(value)}{after}"
        if _fits(flat, indent):
            return [_pad(indent) + flat]
        if isinstance(value, str):
            return _chunked(value, before, after, indent)
        opening, items, closing = self._parts(value)
        if not items:
            return [_pad(indent) + flat]
        inner = [line for before_, item in items for line in self._laid_out(item, before_, ",", indent + _INDENT)]
        return [f"{_pad(indent)}{before}{opening}", *inner, f"{_pad(indent)}{closing}{after}"]

    def _parts(self, value: Value) -> tuple[str, list[tuple[str, Value]], str]:
        """Return the brackets of a value, and the items between them, each with what stands before it."""
        match value:
            case Call():
                return f"{value.function}(", _arguments(value), ")"
            case tuple():
                return "(", [("", each) for each in value], ")"
            case list():
                return "[", [("", each) for each in value], "]"
            case dict():
                return "{", [(f"{self._flat(key)}: ", each) for key, each in value.items()], "}"
        return "", [], ""

    def _flat(self, value: Value) -> str:
        match value:
            case str():
                return literal(value)
            case Name():
                return value.text
            case Ref():
                return self._names[value.key]
            case Call() | tuple() | list() | dict():
                opening, items, closing = self._parts(value)
                single = "," if isinstance(value, tuple) and len(items) == 1 else ""
                return opening + ", ".join(f"{before}{self._flat(item)}" for before, item in items) + single + closing
        return repr(value)


def _arguments(call: Call) -> list[tuple[str, Value]]:
    return [("", each) for each in call.arguments] + [(f"{name}=", each) for name, each in call.keywords]


def _broken(head: str, indent: int) -> list[str]:
    before, _, rest = head.partition("[")
    return [f"{_pad(indent)}{before}[", f"{_pad(indent + _INDENT)}{rest[:-1]}", f"{_pad(indent)}]"]


def _pad(indent: int) -> str:
    return " " * indent


def _fits(line: str, indent: int) -> bool:
    return indent + _width(line) <= MAX_WIDTH


def _width(text: str) -> int:
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(character: str) -> int:
    """Return how many cells of a terminal a character takes, as the formatter counts them."""
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


# -- texts -------------------------------------------------------------------------------------------------------------


def literal(text: str) -> str:
    r"""Return a string literal with the quotes that need fewer escapes; what cannot be seen is escaped.

    Example:
        >>> print(literal('it\'s "so"'), literal("a\u202eb"))
        'it\'s "so"' "a\u202eb"
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_escaped(character, quote) for character in text) + quote


def _escaped(character: str, quote: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character == quote:
        return "\\" + character
    return character if character.isprintable() else repr(character)[1:-1]


def _chunked(text: str, before: str, after: str, indent: int) -> list[str]:
    """Return a literal in pieces, a line each; all but the last leave no room for another word."""
    pieces = list(_pieces(text, MAX_WIDTH - indent, len(before), len(after)))
    lines = [literal(piece) for piece in pieces]
    lines[0] = before + lines[0]
    lines[-1] += after
    return [_pad(indent) + line for line in lines]


def _pieces(text: str, room: int, first: int, last: int) -> Iterator[str]:
    taken, used, blank = 0, first, 0
    start = 0
    for place, character in enumerate(text):
        # A quote may cost its escape: which of the two it is depends on the piece.
        cost = 2 if character in "'\"" else _width(_escaped(character, ""))
        if used + cost > room - 2 - last and place > start:
            end = blank if blank > start else place
            yield text[start:end]
            used = sum(2 if each in "'\"" else _width(_escaped(each, "")) for each in text[end:place])
            start = end
        used += cost
        if character == " ":
            blank = place + 1
        taken = place
    yield text[start : taken + 1]


def docstring(text: str, *, indent: int) -> list[str]:
    r"""Return the lines of a docstring that says a text on as many lines as it needs, its blanks made single.

    Example:
        >>> docstring('What customers "order".', indent=4)
        ['    \"\"\"What customers "order".\"\"\"']
    """
    escaped = "".join(_escaped(each, "") for each in " ".join(text.split()))
    whole = re.sub(r'^"|"(?=")|(?<=")"|"$', r"\"", escaped)
    words = whole.split(" ")
    if _fits(f'"""{whole}"""', indent) or len(words) == 1:
        return [f'{_pad(indent)}"""{whole}"""']
    lines = _wrapped(words, MAX_WIDTH - indent, 3)
    if len(lines) == 1:  # the closing quotes would go to its end
        lines = [" ".join(words[:-1]), words[-1]]
    return [f'{_pad(indent)}"""{lines[0]}', *(_pad(indent) + line for line in lines[1:]), f'{_pad(indent)}"""']


def _wrapped(words: Sequence[str], room: int, first: int) -> list[str]:
    lines = [""]
    used = first
    for word in words:
        needed = _width(word) + (1 if lines[-1] else 0)
        if used + needed > room and lines[-1]:
            lines.append(word)
            used = _width(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
            used += needed
    return lines
