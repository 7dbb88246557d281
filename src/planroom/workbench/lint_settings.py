"""How a project wants to be judged: which rules, how hard, and what its paths are."""

from __future__ import annotations

import re
from dataclasses import field, replace
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from planroom.errors import UnknownNameError
from planroom.model import qualified
from planroom.model.names import DEFAULT_SCHEMA
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from planroom.findings import Finding, Severity
    from planroom.model import Model

__all__ = ["NEWEST", "PathSettings", "Settings", "file_of"]

NEWEST = 18
_CELL = re.compile(r"(?<=\.ipynb)#\d+$", re.IGNORECASE)


def file_of(source: str) -> str:
    """Return the file that a source is in: a notebook's cell is called ``notebook.ipynb#3``."""
    return _CELL.sub("", source)


@dataclass(frozen=True)
class PathSettings:
    """What holds for the files that a pattern matches.

    Attributes:
        pattern: A path from the folder of the settings' file, with ``*``, or the end of one; a folder means all below.
        judge_as: What the files are; empty where nothing is said.
        ignore: The codes of the rules to leave out.
        severity: Severities by the code of a rule.
    """

    pattern: str
    judge_as: str = ""
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)

    def matches(self, path: str) -> bool:
        """Whether a path, with slashes, is meant."""
        pattern = self.pattern.rstrip("/").removeprefix("**/")
        forms = (pattern, f"*/{pattern}", f"{pattern}/*", f"*/{pattern}/*")
        return any(fnmatch(path, form) for form in forms)


@dataclass(frozen=True)
class Settings:
    """What is judged, and how hard.

    Attributes:
        source: The file that it comes from; empty where there is none.
        folder: Where that file stands: patterns begin there.
        select: Rules to apply; all where empty.
        ignore: Rules to leave out.
        severity: Severities by the code of a rule, beside the rules' own.
        model: The design that migrations and queries meet.
        queries: Where the queries of the application are, which migrations are to leave working.
        version: PostgreSQL's major version.
        rows: Rows by table, as written.
        dialect: The SQL dialect.
        one_transaction: The runner wraps each file in a transaction.
        paths: Settings by pattern of path; of several that match, the later says more.
    """

    source: str = ""
    folder: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    model: str = ""
    queries: str = ""
    version: int = NEWEST
    rows: Mapping[str, float] = field(default_factory=dict)
    dialect: str = ""
    one_transaction: bool = False
    paths: tuple[PathSettings, ...] = ()

    def overridden(
        self,
        *,
        select: Collection[str] = (),
        ignore: Collection[str] = (),
        version: int | None = None,
        rows: Mapping[str, float] | None = None,
        dialect: str = "",
    ) -> Settings:
        """Return the settings with what a call says itself."""
        return replace(
            self,
            select=tuple(select) or self.select,
            ignore=(*self.ignore, *ignore),
            version=version if version is not None else self.version,
            rows={**self.rows, **(rows or {})},
            dialect=dialect or self.dialect,
        )

    def rows_of(self, model: Model | None, *, strict: bool = True) -> dict[str, float]:
        """Return the rows by table id.

        Args:
            model: The design that has the tables; None where that is not known.
            strict: Every table that is named has to be one of them.

        Raises:
            UnknownNameError: The model has no such table.
        """
        if model is None:
            return {name if "." in name else qualified(DEFAULT_SCHEMA, name): rows for name, rows in self.rows.items()}
        found = {name: _table_ids(model, name) for name in self.rows}
        for name, ids in found.items():
            if len(ids) != 1 and (strict or ids):
                raise UnknownNameError.of("table", name, ids or model.tables_by_id)
        return {each: self.rows[name] for name, ids in found.items() for each in ids}

    def judge_as(self, source: str) -> str:
        """Return what the settings say that a file is judged as; empty where they say nothing."""
        return next((each.judge_as for each in reversed(self._of(source)) if each.judge_as), "")

    def applies(self, rule: str) -> bool:
        """Whether a rule, by code or slug, is asked; one that there is not, counts as asked."""
        if self._asked is None:
            return True
        from planroom.linting.rulebook import rule_called

        try:
            return rule_called(rule).code in self._asked
        except UnknownNameError:
            return True

    def wants(self, finding: Finding) -> bool:
        """Whether a finding is asked for; what planroom says of its own is, unless it is ignored by name."""
        if self._asked is not None and finding.code in self._all and finding.code not in self._asked:
            return False
        return not any(finding.code in each.ignore for each in self._of(finding.location.source))

    def weighed(self, finding: Finding) -> Finding:
        """Return a finding with the severity that the settings give it."""
        given = self.severity.get(finding.code)
        for each in self._of(finding.location.source):
            given = each.severity.get(finding.code, given)
        return finding if given is None else replace(finding, severity=given)

    @cached_property
    def _asked(self) -> frozenset[str] | None:
        """The codes of the rules that are asked; None for all.

        Raises:
            UnknownNameError: A name means no rule.
        """
        if not self.select and not self.ignore:
            return None
        from planroom.linting.rulebook import chosen

        return chosen(self.select, self.ignore)

    @cached_property
    def _all(self) -> frozenset[str]:
        from planroom.linting.rulebook import chosen

        return chosen((), ())

    def check(self) -> None:
        """See that every rule that is selected or ignored is one.

        Raises:
            UnknownNameError: One is not.
        """
        _ = self._asked

    def _of(self, source: str) -> tuple[PathSettings, ...]:
        """Return the settings of the patterns that a path matches."""
        if not self.paths or not source:
            return ()
        if source not in self._matching:
            path = self._from_folder(file_of(source))
            self._matching[source] = tuple(each for each in self.paths if each.matches(path))
        return self._matching[source]

    @cached_property
    def _matching(self) -> dict[str, tuple[PathSettings, ...]]:
        return {}

    def _from_folder(self, path: str) -> str:
        """Return a path as it is called from the folder of the settings' file."""
        if self.folder is not None:
            try:
                return Path(path).resolve().relative_to(self.folder.resolve()).as_posix()
            except (ValueError, OSError):  # it is elsewhere, or no path
                pass
        return PurePath(path).as_posix()


def _table_ids(model: Model, name: str) -> tuple[str, ...]:
    """Return the tables that a name, with or without its schema, may mean."""
    if name in model.tables_by_id:
        return (name,)
    return tuple(each.id for each in model.tables if each.name == name)
