"""Scripts in which a tool, a driver or psql puts something before the server sees them, read as if it had.

``{{ schema }}`` is of Jinja and Go, ``${schema}`` of Flyway, ``@schema@`` of Ant and Maven, ``:schema`` and
``:"schema"`` of psql; ``%s``, ``%(id)s``, ``:id`` and ``?`` are drivers'. What stands for a name becomes a quoted one
that says the same, what stands for a value a parameter; every other character keeps its place.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

__all__ = ["filled", "fillings", "names_put_in", "names_to_fill", "without_macros"]

_KEPT = (
    r"""'(?:[^']|'')*+(?:'|\Z)|"(?:[^"]|"")*+(?:"|\Z)|--[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)"""
    r"""|(?P<tag>\$(?:[^\W\d]\w{0,63})?\$).*?(?:(?P=tag)|\Z)"""
)
_MARK = re.compile(
    rf"""(?P<block>\{{%[^%]{{0,999}}%\}}|\{{\#[^\#]{{0,999}}\#\}})
    |(?P<mark>(?<!\w)\w*+(?:
        (?:"\{{\{{[^{{}}]{{0,999}}\}}\}}"|\{{\{{[^{{}}]{{0,999}}\}}\}}|[$\#]\{{[^{{}}\n]{{0,999}}\}}|@[a-z_]\w{{0,99}}@
        |%[a-z_]\w{{0,99}}%|\{{[a-z_]\w{{0,99}}\}}|(?<=[\s(,=<>.+*/|\[-]):(?:"\w{{1,99}}"|'\w{{1,99}}'|[a-z_]\w{{0,99}}))\w*+
        |%\([a-z_]\w{{0,99}}\)s|(?<!\w)%s\b|\?))
    |{_KEPT}""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_SIGN = re.compile(r"""\{[{%\#a-z_]|[$\#]\{|@[a-z_]\w*@|%[a-z_(]|(?<=[\s(,=<>.+*/|\[-]):["'a-z_]|\?""", re.IGNORECASE)
"""What every mark has in it: quicker to look for than a mark."""
_BEFORE_NAME = re.compile(
    r"(?:\.|\b(?:from|join|into|update|table|only|exists|references|schema|view|index|function|procedure|type|sequence"
    r"|trigger|policy|constraint|column|extension|role|to|path))\s*$",
    re.IGNORECASE,
)
_ON_TABLE = re.compile(r"\b(?:create|alter|drop|comment)\b[^;()]*\bon\s*$", re.IGNORECASE)
"""ON stands before a name too, unless it is that of a join."""
_BEFORE_VALUE = re.compile(
    r"(?:^|[(,=<>+\-*/|]|\b(?:limit|offset|in|like|ilike|and|or|not|between|then|else|when|select|values|is|returning"
    r"|where|any|all|case|fetch|first|by|set)\b)\s*$",
    re.IGNORECASE,
)
"""Behind these a ``?`` is a placeholder; behind a value it is an operator of JSON."""
_NEAR, _HEAD = 40, 400  # characters before a mark that tell what it stands for
_MOST = 5_000  # marks of a template
_EDGES = re.compile(r"\{\{-?\s*|\s*-?\}\}|[$#]?\{|\}|(?<!\w)[:@%]|[@%](?!\w)")
_CALL = re.compile(r"""(?:ref|source)\(\s*(?:['"](?P<schema>\w+)['"]\s*,\s*)?['"](?P<name>\w+)['"]\s*\)""")
"""dbt's names of models and sources."""


_MACRO = re.compile(r"\bsqlc\.(?:(?:n?arg|slice)\(\s*'?\w+'?\s*\)|embed\(\s*(?P<table>\w+)\s*\))")
"""Source: sqlc's reference, "Macros"."""


def fillings(text: str) -> Iterator[str]:
    """Yield a statement with what a tool could put in, as it is most likely meant first; nothing where it has no mark.

    Example:
        >>> next(fillings("create table ${app}.users (id int default :first)"))
        'create table "app" .users (id int default $1    )'
    """
    marks = [each for each in _marks(text) if not _is_operator(text, each)]
    if marks:
        yield _filled(text, marks, names=False)
        yield _filled(text, marks, names=True)


def filled(text: str) -> str:
    """Return a statement, or its beginning, with what a tool most likely puts in."""
    return next(fillings(text), text)


def names_to_fill(text: str) -> tuple[str, ...]:
    """Return the marks of a script that stand for names or larger parts, as written, each once."""
    found = (each for each in _marks(text) if each["block"] or _is_name(text, each))
    return tuple(dict.fromkeys(each[0] for each in found))


def names_put_in(text: str) -> frozenset[str]:
    """Return the names, in lower case and without schema, that `fillings` makes up for marks of a script."""
    marks = (each for each in names_to_fill(text) if not _CALL.search(each))
    return frozenset(_name(each).strip('"').lower() for each in marks)


def without_macros(text: str) -> str:
    """Return a query of sqlc's with what its macros stand for: parameters, and all columns of an embedded table."""
    return _MACRO.sub(lambda found: _padded(f"{found['table']}.*" if found["table"] else "$1", found[0]), text)


def _marks(text: str) -> Sequence[re.Match[str]]:
    """Return the marks of a text; none where there are more than a template has."""
    if not _SIGN.search(text):
        return ()
    found = (each for each in _MARK.finditer(text) if each["mark"] or each["block"])
    marks = list(itertools.islice(found, _MOST + 1))
    return marks if len(marks) <= _MOST else ()


def _is_operator(text: str, mark: re.Match[str]) -> bool:
    return mark[0] == "?" and not _BEFORE_VALUE.search(text[max(0, mark.start() - _NEAR) : mark.start()])


def _filled(text: str, marks: list[re.Match[str]], *, names: bool) -> str:
    pieces, position = [], 0
    for each in marks:
        pieces += [text[position : each.start()], _filling(each, name=names or _is_name(text, each))]
        position = each.end()
    return "".join([*pieces, text[position:]])


def _is_name(text: str, mark: re.Match[str]) -> bool:
    """Whether a mark stands for a name: part of a word, behind or before a dot, or where SQL asks for a name."""
    if mark["block"] or mark[0] == "?":
        return False
    if mark[0][0] == '"':
        return True
    grown = mark[0][0].isalnum() or (mark[0][-1].isalnum() and mark[0][0] in "{$#@%" and mark[0][-1:] != "s")
    head = text[max(0, mark.start() - _HEAD) : mark.start()]
    if grown or text[mark.end() : mark.end() + 1] == "." or _BEFORE_NAME.search(head[-_NEAR:]):
        return True
    return head[-_NEAR:].rstrip()[-2:].lower() == "on" and bool(_ON_TABLE.search(head))


def _filling(mark: re.Match[str], *, name: bool) -> str:
    """Return what takes the place of a mark, as long as it, every line's end where it was."""
    written = mark[0]
    if mark["block"]:
        filling = ""
    elif name and written != "?":
        filling = _name(written)
    else:
        filling = "$1" if len(written) > 1 else "1"
    return _padded(filling, written)


def _padded(filling: str, written: str) -> str:
    return filling + re.sub(r"[^\n]", " ", written[len(filling) :])


def _name(written: str) -> str:
    call = _CALL.search(written)
    if call is not None:
        return ".".join(f'"{each}"' for each in call.groups() if each)
    inner = _EDGES.sub("", written).strip()
    inner = inner[1:-1] if len(inner) > 2 and inner[0] in "\"'" and inner[0] == inner[-1] else inner
    inner = inner.replace('"', "'").replace("\n", " ")
    if len(inner) + 2 > len(written):  # no room for quotes
        return inner[: len(written)] if inner.isidentifier() else "_"
    return f'"{inner}"'
