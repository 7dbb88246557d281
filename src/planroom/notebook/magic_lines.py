"""The first line of a cell that begins with ``%%sql`` or ``%%explain``: which engine, which options, what SQL."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planroom.errors import PlanroomError, UnknownNameError
from planroom.quantities import parse_count, parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["EXPLAIN_OPTIONS", "SQL_OPTIONS", "Line", "Option", "parsed"]


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a magic.

    Attributes:
        help: What it does, in one line.
        value: What its value is called; empty for one that takes none.
        read: Makes the value of its text.
        many: Whether it may be given several times; the values come as a list.
    """

    help: str
    value: str = ""
    read: Callable[[str], Any] = str
    many: bool = False


def _variable(text: str) -> str:
    if not text.isidentifier():
        raise ValueError("it is no name of a variable")
    return text


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name:
        raise ValueError("it is not of the form name=value")
    return name, value


def _values(text: str) -> list[object] | str:
    """Return a Python list, or the name of a variable that holds one."""
    if text.isidentifier():
        return text
    found = ast.literal_eval(text)
    return list(found) if isinstance(found, list | tuple) else [found]


_COMMON = {
    "params": Option(
        "values for $1, $2 ...: a Python list without blanks, or a variable that holds one", "LIST", _values
    ),
    "timeout": Option("how long the statement may take, such as 30s or 5min", "TIME", parse_duration),
    "as": Option("the variable that gets the result", "NAME", _variable),
}
SQL_OPTIONS: Mapping[str, Option] = {"limit": Option("the most rows to fetch", "N", parse_count), **_COMMON}
EXPLAIN_OPTIONS: Mapping[str, Option] = {
    "analyze": Option("run the statement and measure it; what it changes is rolled back"),
    "generic": Option("the plan for any values, as a prepared statement has"),
    "set": Option("a setting for this plan alone; may be repeated", "NAME=VALUE", _pair, many=True),
    "allow-functions": Option("let --analyze run volatile functions on your database"),
    **_COMMON,
}


@dataclass(frozen=True, slots=True)
class Line:
    """What the line says.

    Attributes:
        engine: The word that names the engine; empty when there is none.
        options: The options that were given.
        rest: What follows them: SQL, in the form with one ``%``.
    """

    engine: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    rest: str = ""


_WORD = re.compile(r"\s*(?P<word>\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|\S+)")
_OPTION = re.compile(r"--(?P<name>[A-Za-z][\w-]*)(?:=(?P<value>.*))?", re.DOTALL)


def parsed(line: str, options: Mapping[str, Option], is_engine: Callable[[str], bool]) -> Line:
    """Return what a line says: options and the word for an engine in any order, then the rest.

    Args:
        line: What stands behind the magic's name.
        options: The options it may have.
        is_engine: Whether a word names an engine.

    Raises:
        UnknownNameError: There is no such option.
        PlanroomError: An option's value is missing or makes no sense.
    """
    engine, given, position = "", dict[str, Any](), 0
    while match := _WORD.match(line, position):
        if option := _OPTION.fullmatch(match["word"]):
            position = _take(option, match.end(), line, options, given)
        elif not engine and is_engine(_unquoted(match)):
            engine, position = _unquoted(match), match.end()
        else:
            break
    return Line(engine, given, line[position:].strip())


def _unquoted(word: re.Match[str]) -> str:
    return next(each for each in (word["double"], word["single"], word["word"]) if each is not None)


def _take(found: re.Match[str], position: int, line: str, options: Mapping[str, Option], given: dict[str, Any]) -> int:
    """Put an option's value among those given, and return where the line goes on."""
    name, text = found["name"], found["value"]
    if name not in options:
        raise UnknownNameError.of("option", f"--{name}", [f"--{each}" for each in options])
    option = options[name]
    if option.value and text is None:
        following = _WORD.match(line, position)
        if following is None:
            raise PlanroomError(f"--{name} wants {option.value}.", fix=f"{option.help}.")
        text, position = _unquoted(following), following.end()
    if not option.value and text is not None:
        raise PlanroomError(f"--{name} takes no value.", fix=f"{option.help}.")
    value = _read(name, option, text) if option.value else True
    given[name] = [*given.get(name, []), value] if option.many else value
    return position


def _read(name: str, option: Option, text: str) -> Any:
    try:
        return option.read(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise PlanroomError(f"--{name} {text!r} makes no sense.", why=f"{reason}.", fix=f"{option.help}.") from None
