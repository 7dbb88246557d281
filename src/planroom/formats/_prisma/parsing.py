"""A Prisma schema as syntax: block by block, and what is broken costs itself alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.errors import nearest
from planroom.formats._prisma.syntax import (
    Argument,
    Attribute,
    Block,
    Configuration,
    EnumBlock,
    Field,
    File,
    Label,
    Value,
)
from planroom.formats._prisma.tokens import tokens
from planroom.formats._text.cursor import Broken, Cursor
from planroom.formats._text.problems import PassedOver, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["parse"]

_HEAD = re.compile(r"(?:model|view|type|enum|datasource|generator)[ \t]++[^\s{}]++[ \t]*+\{")
_DEEPEST = 40  # lists and calls inside each other: more than any schema has, and far from Python's own limit


def parse(text: str) -> File:
    """Return what a text says. Linear in its length, whatever it holds."""
    cursor = Cursor(text, tokens(text))
    elements: list[Block | EnumBlock | Configuration | PassedOver] = []
    comment = _comment(cursor)
    while cursor.token.kind != "end":
        cursor.depth = 0
        place = cursor.token.place
        what = cursor.token.text[:40]
        try:
            elements.append(_block(cursor, comment))
        except Broken as broken:
            _recover(cursor, place)
            end = max(cursor.end, place + 1)
            cursor.problems.append(Problem(what, broken.reason, broken.fix, place, end, broken.fault))
        comment = _comment(cursor)
    return File(tuple(elements), tuple(cursor.problems))


def _comment(cursor: Cursor) -> str:
    """Pass the lines of a comment, and return it."""
    lines = []
    while cursor.token.kind == "doc":
        lines.append(cursor.advance().text)
    return "\n".join(lines)


def _recover(cursor: Cursor, begin: int) -> None:
    """Pass what is left of a broken block: to the brace that closes it, or to the line that begins another."""
    opened = cursor.depth > 0
    while cursor.token.kind != "end":
        if cursor.token.place > begin and _begins_block(cursor):
            return
        cursor.advance()
        opened = opened or cursor.depth > 0
        if opened and cursor.depth <= 0:
            return


def _begins_block(cursor: Cursor) -> bool:
    token = cursor.token
    return token.gap == "\n" and token.text in _BLOCKS and bool(_HEAD.match(cursor.text, token.place))


# -- blocks ------------------------------------------------------------------------------------------------------------


def _block(cursor: Cursor, comment: str) -> Block | EnumBlock | Configuration | PassedOver:
    token = cursor.token
    if token.kind != "word" or token.text not in _BLOCKS:
        close = nearest(token.text, _BLOCKS) if token.kind == "word" else ""
        known = ", ".join(_BLOCKS)
        hint = f"did you mean {close!r}?" if close else f"a schema has {known}."
        cursor.fail(f"a block begins with one of {known}, not {cursor.shown()}", hint)
    return _BLOCKS[token.text](cursor, comment)


def _open(cursor: Cursor) -> tuple[str, str, int]:
    """Pass the head of a block, and return its kind, its name and its place."""
    token = cursor.advance()
    name = cursor.name(token.text)
    cursor.expect("{", f"the {token.text} {name}", "open its body with {.")
    return token.text, name, token.place


def _fields(cursor: Cursor, comment: str) -> Block:
    kind, name, place = _open(cursor)
    fields: dict[str, Field] = {}
    attributes: list[Attribute] = []
    while True:
        above = _comment(cursor)
        if cursor.accept("}"):
            return Block(kind, name, tuple(fields.values()), tuple(attributes), comment, place, cursor.end)
        _stay_inside(cursor, f"the {kind} {name}")
        if cursor.token.kind == "@@":
            attributes.append(_attribute(cursor))
            cursor.end_line("an attribute of a block") if cursor.token.kind != "doc" else _comment(cursor)
            continue
        field = _field(cursor, above)
        if field.name in fields:
            cursor.fail(f"{name} has a field {field.name!r} already", "remove one of them.", at=field.place)
        fields[field.name] = field


def _stay_inside(cursor: Cursor, what: str) -> None:
    if cursor.token.kind == "end" or _begins_block(cursor):
        cursor.fail(f"{what} is not closed where {cursor.shown()} begins", "close it with } before.")


def _field(cursor: Cursor, above: str) -> Field:
    token = cursor.token
    name = cursor.name("a field")
    if cursor.token.kind != "word" or cursor.is_new_line():
        cursor.fail(f"the field {name!r} has no type", "write a type after its name.", at=token.place)
    kind = cursor.advance().text
    unsupported = kind == "Unsupported" and cursor.token.kind == "("
    if unsupported:
        cursor.advance()
        kind = cursor.expect("string", "Unsupported", 'write Unsupported("type").').text
        cursor.expect(")", "Unsupported")
    arity = _arity(cursor)
    attributes = []
    while cursor.token.kind == "@" and not cursor.is_new_line():
        attributes.append(_attribute(cursor))
    end = cursor.end
    beside = _comment(cursor) if cursor.token.gap != "\n" else ""
    cursor.end_line(f"the field {name!r}")
    comment = "\n".join(part for part in (above, beside) if part)
    return Field(name, kind, unsupported, arity, tuple(attributes), comment, token.place, end)


def _arity(cursor: Cursor) -> str:
    if cursor.accept("?"):
        return "?"
    if cursor.token.kind == "[":
        cursor.advance()
        cursor.expect("]", "a list's bracket", "a list is Type[].")
        cursor.accept("?")
        return "[]"
    return ""


def _enum(cursor: Cursor, comment: str) -> EnumBlock:
    _, name, place = _open(cursor)
    labels: dict[str, Label] = {}
    attributes: list[Attribute] = []
    while True:
        _comment(cursor)
        if cursor.accept("}"):
            break
        _stay_inside(cursor, f"the enum {name}")
        if cursor.token.kind == "@@":
            attributes.append(_attribute(cursor))
            continue
        token = cursor.token
        label = cursor.name("an enum")
        mapped = _attribute(cursor) if cursor.token.kind == "@" else None
        if label in labels:
            cursor.fail(f"the value {label!r} stands twice", "remove one of them.", at=token.place)
        labels[label] = Label(label, (mapped.text("name", first=True) if mapped else "") or label)
    if not labels:
        cursor.fail("an enum needs a value", "write its values, one a line.", at=place)
    return EnumBlock(name, tuple(labels.values()), tuple(attributes), comment, place, cursor.end)


def _datasource(cursor: Cursor, comment: str) -> Configuration:  # noqa: ARG001  (blocks share a signature)
    _, name, place = _open(cursor)
    properties: list[tuple[str, Value]] = []
    while True:
        _comment(cursor)
        if cursor.accept("}"):
            return Configuration(name, tuple(properties), place, cursor.end)
        _stay_inside(cursor, f"the datasource {name}")
        key = cursor.name("a datasource")
        cursor.expect("=", "a datasource", "write key = value.")
        properties.append((key, _value(cursor, 0)))


def _generator(cursor: Cursor, comment: str) -> PassedOver:  # noqa: ARG001  (blocks share a signature)
    place = cursor.advance().place
    cursor.name("a generator")
    cursor.skip_block("a generator")
    return PassedOver("session", "generator", "it makes clients, and no structure", place, cursor.end)


_BLOCKS: Mapping[str, Callable[[Cursor, str], Block | EnumBlock | Configuration | PassedOver]] = {
    "model": _fields, "view": _fields, "type": _fields, "enum": _enum, "datasource": _datasource,
    "generator": _generator,
}  # fmt: skip


# -- attributes --------------------------------------------------------------------------------------------------------


def _attribute(cursor: Cursor) -> Attribute:
    place = cursor.advance().place
    name = ".".join(cursor.dotted("an attribute"))
    arguments = _arguments(cursor, 0) if cursor.token.kind == "(" and cursor.token.gap != "\n" else ()
    return Attribute(name, arguments, place, cursor.end)


def _arguments(cursor: Cursor, depth: int) -> tuple[Argument, ...]:
    """Pass arguments in parentheses, and return them."""
    cursor.advance()
    found = []
    _comment(cursor)
    while not cursor.accept(")"):
        name = ""
        if cursor.token.kind == "word" and cursor.following.kind == ":":
            name = cursor.advance().text
            cursor.advance()
        found.append(Argument(name, _value(cursor, depth)))
        _comment(cursor)
        if cursor.token.kind != ")":
            cursor.expect(",", "a list of arguments", "separate arguments by commas and close them with ).")
            _comment(cursor)
    return tuple(found)


def _value(cursor: Cursor, depth: int) -> Value:
    if depth > _DEEPEST:
        cursor.fail("values are nested too deeply", f"{_DEEPEST} levels are the most.")
    token = cursor.token
    if token.kind in ("string", "number"):
        cursor.advance()
        return Value(token.kind, token.text)
    if token.kind == "[":
        return Value("list", "", _items(cursor, depth + 1))
    if token.kind != "word":
        cursor.fail(f"a value is expected, not {cursor.shown()}", 'write "text", a number, a name, [...] or name(...).')
    text = ".".join(cursor.dotted("a value"))
    if cursor.token.kind == "(" and not cursor.token.gap:
        return Value("call", text, (), _arguments(cursor, depth + 1))
    return Value("word", text)


def _items(cursor: Cursor, depth: int) -> tuple[Value, ...]:
    cursor.advance()
    found = []
    _comment(cursor)
    while not cursor.accept("]"):
        found.append(_value(cursor, depth))
        _comment(cursor)
        if cursor.token.kind != "]":
            cursor.expect(",", "a list", "separate its items by commas and close it with ].")
            _comment(cursor)
    return tuple(found)
