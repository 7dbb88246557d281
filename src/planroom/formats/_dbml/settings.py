"""Settings between brackets: which there are, and what value each takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.errors import nearest
from planroom.formats._dbml.syntax import Setting, Value
from planroom.formats._text.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.formats._dbml.cursor import DbmlCursor

__all__ = [
    "CHECK",
    "COLUMN",
    "GROUP",
    "INDEX",
    "LABEL",
    "MANY",
    "NOTE",
    "REF",
    "TABLE",
    "is_color",
    "settings",
    "string_of",
    "value_of",
]

_NO_VALUE = "no value"
_STRING = "a string"
_COLOR = "a colour such as #3498db"
_WORD = "a name"
_CODE = "an expression between backticks"
_DEFAULT = "a string, number, true, false, null, or an expression between backticks"
_REF = "one of < > - <> and a column"
_DEP = "-> or <- and a table or column"
_ACTION = "cascade, restrict, set null, set default or no action"

COLUMN = {
    "pk": _NO_VALUE, "primary key": _NO_VALUE, "not null": _NO_VALUE, "null": _NO_VALUE, "unique": _NO_VALUE,
    "increment": _NO_VALUE, "note": _STRING, "default": _DEFAULT, "ref": _REF, "check": _CODE, "dep": _DEP,
}  # fmt: skip
TABLE = {"headercolor": _COLOR, "note": _STRING, "dep": _DEP}
INDEX = {"pk": _NO_VALUE, "unique": _NO_VALUE, "name": _STRING, "type": _WORD, "note": _STRING}
CHECK = {"name": _STRING}
REF = {"delete": _ACTION, "update": _ACTION, "color": _COLOR, "inactive": _NO_VALUE}
GROUP = {"color": _COLOR, "note": _STRING}
LABEL = {"note": _STRING}
NOTE = {"color": _COLOR}

MANY = frozenset({"ref", "check", "dep"})
"""Settings that may stand more than once."""

_CUSTOM = (TABLE, COLUMN, GROUP)
"""Whose elements may have settings of the author's own, with a string or a colour."""

_HEX = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_SIGNS = ("<", ">", "-", "<>", "->", "<-")
_ACTIONS = ("cascade", "restrict", "set null", "set default", "no action")


def settings(cursor: DbmlCursor, known: Mapping[str, str], what: str) -> tuple[Setting, ...]:
    """Pass the list of settings at the place, if there is one, and return those that make sense.

    Args:
        cursor: Where the parser is; the settings that make no sense go to its problems.
        known: What kind of value each setting takes.
        what: Whose settings they are, in messages: ``a column``.

    Raises:
        Broken: It is no list of settings.
    """
    if cursor.token.kind != "[":
        return ()
    cursor.advance()
    found: list[Setting] = []
    if cursor.accept("]"):
        return ()
    while True:
        place = cursor.token.place
        setting = Setting(_name(cursor, what), _value(cursor) if cursor.accept(":") else None, place)
        problem = _problem(setting, found, known, what)
        if problem:
            reason, fix = problem
            cursor.problems.append(Problem(f"the setting {setting.name}", reason, fix, place, cursor.end, place))
        else:
            found.append(setting)
        if cursor.accept("]"):
            return tuple(found)
        cursor.expect(",", f"the list of settings of {what}", "separate settings by commas and close the list with ].")


def _name(cursor: DbmlCursor, what: str) -> str:
    """Pass the words of a setting's name and return them as one."""
    if cursor.token.kind != "word":
        cursor.fail(f"a setting of {what} expects a name, not {cursor.shown()}", "write [name: value].")
    name = cursor.advance().text.lower()
    while cursor.token.kind == "word":
        name += " " + cursor.advance().text.lower()
    return name


def _value(cursor: DbmlCursor) -> Value:
    token = cursor.token
    if token.kind in ("string", "quoted", "code", "color", "number"):
        cursor.advance()
        return Value("string" if token.kind == "quoted" else token.kind, token.text, token.place)
    if token.kind in _SIGNS or token.kind == "+":
        return _signed(cursor)
    parts = cursor.dotted("a setting")
    words = [".".join(parts)]
    while cursor.token.kind == "word" and len(parts) == 1:
        words.append(cursor.advance().text)
    return Value("word", " ".join(words), token.place, parts)


def _signed(cursor: DbmlCursor) -> Value:
    """Pass a number with its sign, or a sign and the column that a reference leads to."""
    sign = cursor.advance()
    while cursor.token.kind in ("+", "-"):
        cursor.advance()
    if sign.kind in ("+", "-") and cursor.token.kind == "number":
        text = cursor.text[sign.place : cursor.token.place].replace(" ", "")
        minus = "-" if text.count("-") % 2 else ""
        return Value("number", minus + cursor.advance().text, sign.place)
    parts = cursor.dotted("a reference")
    return Value("reference", ".".join(parts), sign.place, parts, sign.kind)


def _problem(setting: Setting, before: list[Setting], known: Mapping[str, str], what: str) -> tuple[str, str] | None:
    """Return what is wrong with a setting and what to do; None when nothing is."""
    wanted = known.get(setting.name)
    if wanted is None and known in _CUSTOM and setting.value and setting.value.kind in ("string", "color"):
        wanted = _STRING if setting.value.kind == "string" else _COLOR
    if wanted is None:
        close = nearest(setting.name, known)
        fix = f"did you mean {close!r}?" if close else f"{what} has {', '.join(sorted(known))}."
        return f"{what} has no setting {setting.name!r}", fix
    if not _fits(setting.value, wanted):
        return f"the setting {setting.name!r} of {what} takes {wanted}", f"give it {wanted}."
    if setting.name not in MANY and before and setting.name in {each.name for each in before}:
        return f"the setting {setting.name!r} stands twice", "keep one of them."
    return None


def _fits(value: Value | None, wanted: str) -> bool:
    if value is None:
        return wanted == _NO_VALUE
    match wanted:
        case "a string":
            return value.kind == "string"
        case "a name":
            return value.kind in ("word", "string")
    if wanted == _COLOR:
        return is_color(value.text) if value.kind == "color" else value.text.lower() == "none"
    if wanted == _CODE:
        return value.kind == "code"
    if wanted == _REF:
        return value.sign in ("<", ">", "-", "<>")
    if wanted == _DEP:
        return value.sign in ("->", "<-")
    if wanted == _ACTION:
        return value.kind == "word" and value.text.lower() in _ACTIONS
    return wanted == _DEFAULT and (value.kind in ("string", "number", "code") or _is_constant(value))


def _is_constant(value: Value) -> bool:
    """Whether a word is true, false or null, or a label of an enum: ``mood.good``, ``app.mood.good``."""
    if value.kind != "word":
        return False
    return len(value.parts) in (2, 3) or value.text.lower() in ("true", "false", "null")


def is_color(text: str) -> bool:
    """Whether a text is a colour as DBML writes them: ``#39d``, ``#3498db``."""
    return bool(_HEX.fullmatch(text))


def value_of(given: tuple[Setting, ...], name: str) -> Value | None:
    """Return the value of a setting; None when it is not there, or has none."""
    for each in given:
        if each.name == name:
            return each.value
    return None


def string_of(given: tuple[Setting, ...], name: str) -> str:
    """Return the text of a setting, or an empty one."""
    value = value_of(given, name)
    return value.text if value else ""
