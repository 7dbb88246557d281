"""``%%sql`` and ``%%explain``: SQL in cells of its own, values bound from the notebook's variables.

``%load_ext planroom`` brings them::

    %%sql db --limit 20 --as top
    SELECT name, total FROM orders WHERE total > :least ORDER BY total DESC

    %%explain db --analyze
    SELECT * FROM orders WHERE customer_id = {{ customer }}

``db`` is a variable that holds an engine, a model or a URL, or it is a URL or a path itself; without one, it is the
engine that was used last. A value is bound as a parameter and never becomes part of the SQL.
"""

from __future__ import annotations

import contextlib
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand

from planroom.display import Displayable
from planroom.engines import ENGINES
from planroom.engines.base import DEFAULT_LIMIT, DEFAULT_TIMEOUT_S, Engine
from planroom.errors import PlanroomError, SourceError, UnknownNameError
from planroom.model import Model
from planroom.notebook.magic_lines import EXPLAIN_OPTIONS, SQL_OPTIONS, Line, parsed
from planroom.sqltext.placeholders import numbered
from planroom.workbench.asking import ask, engine_of, is_database
from planroom.workbench.explaining import explain
from planroom.workbench.secrets import scrubbed
from planroom.workbench.sources import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["PlanroomMagics", "load_ipython_extension"]

_ENGINE_NAMES = tuple(kind.name for kind in ENGINES if kind.owns)
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics: what ``%load_ext planroom`` calls."""
    shell.register_magics(PlanroomMagics)


def _without_traceback(magic: Callable[..., Any]) -> Callable[..., Any]:
    """Show an error of planroom's as its message alone: the traceback would be one through planroom."""

    @functools.wraps(magic)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        try:
            return magic(*arguments, **named)
        except PlanroomError as error:
            shown = f"{type(error).__name__}: {scrubbed(error)}"
            error._render_traceback_ = lambda: [shown]  # type: ignore[attr-defined]  # IPython's hook
            raise error from None

    return wrapped


def _any_word(_word: str) -> bool:
    """Whether a word may name an engine, where no SQL can stand."""
    return True


@magics_class
class PlanroomMagics(Magics):  # type: ignore[misc]  # IPython is untyped here
    """The magics of one shell, and the engine that was used last in it."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._last: object = None
        self._made: list[tuple[object, Engine]] = []

    @no_var_expand  # type: ignore[untyped-decorator]
    @line_cell_magic  # type: ignore[untyped-decorator]
    @_without_traceback
    def sql(self, line: str, cell: str | None = None) -> object:
        """Send SQL and return the rows.

        %%sql [ENGINE] [--limit N] [--timeout TIME] [--params LIST] [--as NAME], then SQL in the lines below; or
        %sql [ENGINE] [options] SQL on one line. ENGINE alone chooses it for what follows.
        """
        said, text = self._said(line, cell, SQL_OPTIONS)
        with self._engine(said.engine) as engine:
            if cell is None and not text:
                return _Card(str(engine), engine._repr_mimebundle_()["text/html"])
            bound, values = self._bound(text, said)
            limit = said.options.get("limit", DEFAULT_LIMIT)
            timeout_s = said.options.get("timeout", DEFAULT_TIMEOUT_S)
            return self._kept(ask(engine, bound, params=values, limit=limit, timeout_s=timeout_s), said)

    @no_var_expand  # type: ignore[untyped-decorator]
    @line_cell_magic  # type: ignore[untyped-decorator]
    @_without_traceback
    def explain(self, line: str, cell: str | None = None) -> object:
        """Return the plan of a statement.

        %%explain [ENGINE] [--analyze] [--generic] [--set NAME=VALUE] [--params LIST] [--timeout TIME]
        [--allow-functions] [--as NAME], then the statement in the lines below; or all on one line with %explain.
        """
        said, text = self._said(line, cell, EXPLAIN_OPTIONS)
        generic = said.options.get("generic", False)
        with self._engine(said.engine) as engine:
            bound, values = self._bound(text, said)
            plan = explain(
                bound,
                on=engine,
                analyze=said.options.get("analyze", False),
                params=values,
                generic=generic,
                settings=dict(said.options.get("set", [])),
                allow_functions=said.options.get("allow-functions", False),
                timeout_s=said.options.get("timeout", DEFAULT_TIMEOUT_S),
            )
            return self._kept(plan, said)

    def _said(self, line: str, cell: str | None, options: Mapping[str, Any]) -> tuple[Line, str]:
        """Return what the first line says, and the SQL."""
        said = parsed(line, options, self._is_engine if cell is None else _any_word)
        if cell is None:
            return said, said.rest
        if said.rest:
            raise SourceError(
                f"{said.rest.split()[0]!r} has no place on this line.",
                why="it takes one engine and options; the SQL is on the lines below.",
            )
        return said, cell

    def _kept(self, result: object, said: Line) -> object:
        if name := said.options.get("as"):
            self.shell.user_ns[name] = result
        return result

    # -- values ------------------------------------------------------------------------------------------------------

    def _bound(self, text: str, said: Line) -> tuple[str, tuple[object, ...]]:
        """Return the SQL with ``$n`` in place of named values, and all values."""
        given = said.options.get("params", [])
        listed = self._listed(given) if isinstance(given, str) else given
        sql, names = numbered(text, after=len(listed))
        return sql, (*listed, *(self._variable(name) for name in names))

    def _variable(self, name: str) -> object:
        if name not in self.shell.user_ns:
            raise UnknownNameError.of("variable", name, self._visible())
        return self.shell.user_ns[name]

    def _listed(self, name: str) -> list[object]:
        value = self._variable(name)
        if not isinstance(value, list | tuple):
            raise SourceError(
                f"{name} is a {type(value).__name__}.", why="--params takes a list.", fix=f"use :{name} in the SQL."
            )
        return list(value)

    def _visible(self) -> list[str]:
        hidden = self.shell.user_ns_hidden
        return [name for name in self.shell.user_ns if not name.startswith("_") and name not in hidden]

    # -- engines -----------------------------------------------------------------------------------------------------

    def _named(self, word: str) -> object:
        """Return what a variable, or an attribute of one, holds; None where there is none."""
        if not _DOTTED.fullmatch(word):
            return None
        first, *attributes = word.split(".")
        value = self.shell.user_ns.get(first)
        for attribute in attributes:
            value = vars(value).get(attribute) if hasattr(value, "__dict__") else None
        return value

    def _is_engine(self, word: str) -> bool:
        """Whether a word can only mean an engine: behind ``%sql`` SQL may begin with it."""
        value = self._named(word)
        return isinstance(value, Engine | Model) or is_database(value) or is_database(word)

    @contextlib.contextmanager
    def _engine(self, word: str) -> Iterator[Engine]:
        """Give the engine that a word names, or the last one; one on the user's own database is closed at the end."""
        source = self._source(word)
        engine = self._engine_of(source)
        self._last = source
        try:
            yield engine
        finally:
            if engine is not source and not engine.owned:
                engine.close()

    def _engine_of(self, source: object) -> Engine:
        """Return an engine; a database of planroom's own stays for the cells that follow."""
        for known, engine in self._made:
            if known is source or known == source:
                return engine
        engine = engine_of(source)
        if engine.owned and engine is not source:
            self._made.append((source, engine))
        return engine

    def _source(self, word: str) -> object:
        """Return what a word stands for: an engine, a model, or the URL or file of a database."""
        if not word:
            return self._last if self._last is not None else self._only_engine()
        value = self._named(word)
        if value is None and word.isidentifier() and word not in _ENGINE_NAMES:
            raise UnknownNameError.of("engine", word, [*self._engines(), *_ENGINE_NAMES])
        value = word if value is None else value
        return value if isinstance(value, Engine) or is_database(value) else read(value)

    def _engines(self) -> list[str]:
        return [name for name in self._visible() if isinstance(self.shell.user_ns[name], Engine)]

    def _only_engine(self) -> object:
        names = self._engines()
        if len(names) == 1:
            return self.shell.user_ns[names[0]]
        raise SourceError(
            "Which database is this for?",
            why=f"there are {len(names)} engines: {', '.join(sorted(names))}." if names else "there is no engine yet.",
            fix="name it on the first line: %%sql db, where db = pr.postgres(url) or pr.duckdb(path).",
        )


@dataclass(frozen=True)
class _Card(Displayable):
    """An engine as it was when it was chosen."""

    text: str
    html: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def _html(self) -> str:
        return self.html
