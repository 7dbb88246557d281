"""PostgreSQL's own parser: a thin binding to the libpg_query library that postgast's wheel carries.

The library's JSON form of the parse tree is used, not postgast's protobuf objects: importing those costs five
times the CPU of reading a small schema, and plain dictionaries are quicker to walk.

Source: https://github.com/pganalyze/libpg_query (pg_query.h of version 18).
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import PlanroomError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ParserError", "check", "deparse", "fingerprint", "normalise", "parse_tree"]


class ParserError(Exception):
    """The parser refused a text.

    Attributes:
        offset: Where, in bytes from the start of the text; -1 when the parser does not say.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class _Error(ctypes.Structure):
    _fields_ = (
        ("message", ctypes.c_char_p),
        ("funcname", ctypes.c_char_p),
        ("filename", ctypes.c_char_p),
        ("lineno", ctypes.c_int),
        ("cursorpos", ctypes.c_int),
        ("context", ctypes.c_char_p),
    )


class _Text(ctypes.Structure):
    """PgQueryParseResult: the tree as JSON."""

    _fields_ = (("text", ctypes.c_char_p), ("stderr", ctypes.c_char_p), ("error", ctypes.POINTER(_Error)))


class _Bytes(ctypes.Structure):
    _fields_ = (("length", ctypes.c_size_t), ("data", ctypes.POINTER(ctypes.c_char)))


class _Protobuf(ctypes.Structure):
    """PgQueryProtobufParseResult: the tree as protobuf."""

    _fields_ = (("tree", _Bytes), ("stderr", ctypes.c_char_p), ("error", ctypes.POINTER(_Error)))


class _Query(ctypes.Structure):
    """PgQueryNormalizeResult and PgQueryDeparseResult: a text."""

    _fields_ = (("text", ctypes.c_char_p), ("error", ctypes.POINTER(_Error)))


class _Fingerprint(ctypes.Structure):
    _fields_ = (
        ("number", ctypes.c_uint64),
        ("text", ctypes.c_char_p),
        ("stderr", ctypes.c_char_p),
        ("error", ctypes.POINTER(_Error)),
    )


@functools.cache
def _library() -> ctypes.CDLL:
    """Return the shared library, found without importing postgast."""
    suffix = {"darwin": "libpg_query.dylib", "win32": "pg_query.dll"}.get(sys.platform, "libpg_query.so")
    spec = importlib.util.find_spec("postgast")
    folders = spec.submodule_search_locations if spec and spec.submodule_search_locations else []
    for folder in folders:
        path = Path(folder) / suffix
        if path.exists():
            return _declared(ctypes.CDLL(str(path)))
    raise PlanroomError(
        "PostgreSQL's parser was not found.", why=f"postgast's {suffix} is missing.", fix="pip install postgast==0.2.0"
    )


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """Return the library with the signatures of the functions used here."""
    calls = {
        "parse": (_Text, [ctypes.c_char_p]),
        "parse_protobuf": (_Protobuf, [ctypes.c_char_p]),
        "deparse_protobuf": (_Query, [_Bytes]),
        "normalize": (_Query, [ctypes.c_char_p]),
        "fingerprint": (_Fingerprint, [ctypes.c_char_p]),
    }
    for name, (result, arguments) in calls.items():
        function = getattr(library, f"pg_query_{name}")
        function.restype, function.argtypes = result, arguments
    frees = {
        "parse": _Text,
        "protobuf_parse": _Protobuf,
        "deparse": _Query,
        "normalize": _Query,
        "fingerprint": _Fingerprint,
    }
    for name, result in frees.items():
        function = getattr(library, f"pg_query_free_{name}_result")
        function.restype, function.argtypes = None, [result]
    return library


def _check(error: Any) -> None:
    """Raise what the library reports."""
    if error:
        content = error.contents
        raise ParserError((content.message or b"").decode(errors="replace"), content.cursorpos - 1)


def parse_tree(sql: bytes) -> list[dict[str, Any]]:
    """Return the statements of a text: dictionaries with ``stmt``, ``stmt_location`` and ``stmt_len`` (bytes).

    Raises:
        ParserError: The text does not parse.
    """
    with _parsed(sql) as text:
        statements: list[dict[str, Any]] = json.loads(text.decode()).get("stmts", [])
        return statements


def check(sql: bytes) -> None:
    """See that a text parses, without its tree: to decode that takes twice as long.

    Raises:
        ParserError: The text does not parse.
    """
    with _parsed(sql):
        pass


@contextlib.contextmanager
def _parsed(sql: bytes) -> Iterator[bytes]:
    """Give the tree of a text as JSON."""
    library = _library()
    result = library.pg_query_parse(sql)
    try:
        _check(result.error)
        yield result.text
    finally:
        library.pg_query_free_parse_result(result)


def deparse(sql: bytes) -> str:
    """Return a text as the parser's own printer writes it: one line a statement, no comments.

    Raises:
        ParserError: The text does not parse.
    """
    library = _library()
    parsed = library.pg_query_parse_protobuf(sql)
    try:
        _check(parsed.error)
        printed = library.pg_query_deparse_protobuf(parsed.tree)
        try:
            _check(printed.error)
            return str(printed.text.decode())
        finally:
            library.pg_query_free_deparse_result(printed)
    finally:
        library.pg_query_free_protobuf_parse_result(parsed)


def normalise(sql: bytes) -> str:
    """Return a text with ``$1``, ``$2`` ... in place of its constants.

    Raises:
        ParserError: The text does not parse.
    """
    library = _library()
    result = library.pg_query_normalize(sql)
    try:
        _check(result.error)
        return str(result.text.decode())
    finally:
        library.pg_query_free_normalize_result(result)


def fingerprint(sql: bytes) -> str:
    """Return a hash that queries share which differ in constants and formatting alone.

    Raises:
        ParserError: The text does not parse.
    """
    library = _library()
    result = library.pg_query_fingerprint(sql)
    try:
        _check(result.error)
        return str(result.text.decode())
    finally:
        library.pg_query_free_fingerprint_result(result)
