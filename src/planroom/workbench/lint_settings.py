"""How a project wants to be judged: ``[tool.planroom.lint]`` in pyproject.toml, or ``[lint]`` in planroom.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from planroom.errors import SourceError, UnknownNameError, nearest
from planroom.findings import Severity
from planroom.workbench.files import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.findings import Finding
    from planroom.model import Model

__all__ = ["Settings", "settings_for"]

_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "select": list, "ignore": list, "severity": dict, "model": str, "pg-version": int, "rows": dict,
    "dialect": str, "one-transaction": bool, "paths": dict,
}  # fmt: skip
_PATH_KEYS: Mapping[str, type | tuple[type, ...]] = {"as": str, "ignore": list, "severity": dict}
_NEWEST = 18


@dataclass(frozen=True)
class Settings:
    """What is judged, and how hard.

    Attributes:
        source: The file that it comes from; empty where there is none.
        select: Rules to apply; all where empty.
        ignore: Rules to leave out.
        severity: Severities by rule, beside the rules' own.
        model: The design that migrations and queries meet.
        version: PostgreSQL's major version.
        rows: Rows by table, as written.
        dialect: The SQL dialect.
        one_transaction: The runner wraps each file in a transaction.
        paths: Settings by pattern of path.
    """

    source: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    model: str = ""
    version: int = _NEWEST
    rows: Mapping[str, float] = field(default_factory=dict)
    dialect: str = ""
    one_transaction: bool = False
    paths: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def chooses(self) -> bool:
        """Whether some rules are left out."""
        return bool(self.select or self.ignore)

    def overridden(
        self, *, select: tuple[str, ...], ignore: tuple[str, ...], version: int | None, rows: Mapping[str, float],
        dialect: str,
    ) -> Settings:  # fmt: skip
        """Return the settings with what a call says itself."""
        return replace(
            self,
            select=select or self.select,
            ignore=(*self.ignore, *ignore),
            version=version if version is not None else self.version,
            rows={**self.rows, **rows},
            dialect=dialect or self.dialect,
        )

    def check(self) -> None:
        """See that every rule that is selected or ignored is one.

        Raises:
            UnknownNameError: One is not.
        """
        if self.chooses:
            self._chosen()

    def rows_of(self, model: Model | None) -> dict[str, float]:
        """Return the rows by table id.

        Raises:
            UnknownNameError: The model has no such table.
        """
        if model is None:
            return dict(self.rows)
        return {_table_id(model, name): float(number) for name, number in self.rows.items()}

    def judge_as(self, name: str) -> str:
        """Return what the settings say that a path is judged as; empty where they say nothing."""
        return next((str(found["as"]) for found in self._of(name) if "as" in found), "")

    def applies(self, rule: str) -> bool:
        """Whether a rule, by code or slug, is among the chosen."""
        from planroom.linting.rulebook import rule_called

        try:
            return rule_called(rule).code in self._chosen()
        except UnknownNameError:
            return True

    def wants(self, finding: Finding) -> bool:
        """Whether a finding is asked for; what planroom says of its own reading always is."""
        if self.chooses and finding.code not in self._chosen() and finding.code[:3] in {"SCH", "MIG", "QRY"}:
            return False
        ignored = {str(each).lower() for found in self._of(finding.location.source) for each in found.get("ignore", ())}
        return ignored.isdisjoint({finding.code.lower(), finding.slug})

    def weighed(self, finding: Finding) -> Finding:
        """Return a finding with the severity that the settings give it."""
        given = dict(self.severity)
        for found in self._of(finding.location.source):
            given |= {name: Severity[str(level).upper()] for name, level in found.get("severity", {}).items()}
        severity = given.get(finding.code, given.get(finding.slug))
        return finding if severity is None else replace(finding, severity=severity)

    def _of(self, name: str) -> list[Mapping[str, Any]]:
        """Return the settings of the patterns that a path matches."""
        path = PurePath(name.partition("#")[0]).as_posix()
        matching = (each for each in self.paths if fnmatch(path, each) or fnmatch(path, f"*/{each}"))
        return [self.paths[each] for each in matching]

    def _chosen(self) -> frozenset[str]:
        from planroom.linting.rulebook import chosen

        return chosen(self.select, self.ignore)


def _table_id(model: Model, name: str) -> str:
    if name in model.tables_by_id:
        return name
    alike = [each for each in model.tables_by_id if each.rpartition(".")[2] == name]
    if len(alike) == 1:
        return alike[0]
    raise UnknownNameError.of("table", name, alike or model.tables_by_id)


def settings_for(config: str | Path | None) -> Settings:
    """Return the settings of a file, or of the nearest one that has some.

    Raises:
        SourceError: The file cannot be read, is no TOML, or says what planroom does not know.
    """
    if config is not None:
        return _from_file(Path(config)) or Settings(source=str(config))
    here = Path.cwd()
    for folder in (here, *here.parents):
        for name in ("planroom.toml", "pyproject.toml"):
            found = _from_file(folder / name) if (folder / name).is_file() else None
            if found is not None:
                return found
    return Settings()


def _from_file(path: Path) -> Settings | None:
    text = read_text(path)
    if "lint" not in text:
        return None
    try:
        data: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SourceError(f"{str(path)!r} is not TOML.", where=str(path), why=f"{error}.") from None
    for key in ("lint",) if path.name == "planroom.toml" else ("tool", "planroom", "lint"):
        data = data.get(key) if isinstance(data, dict) else None
    return None if data is None else _settings(path, text, data)


def _settings(path: Path, text: str, data: Mapping[str, Any]) -> Settings:
    _check(path, text, data, _KEYS)
    for found in data.get("paths", {}).values():
        _check(path, text, found, _PATH_KEYS)
    return Settings(
        source=path.name,
        select=tuple(map(str, data.get("select", ()))),
        ignore=tuple(map(str, data.get("ignore", ()))),
        severity={name: _level(path, text, level) for name, level in data.get("severity", {}).items()},
        model=str(path.parent / data["model"]) if "model" in data else "",
        version=data.get("pg-version", _NEWEST),
        rows=data.get("rows", {}),
        dialect=data.get("dialect", ""),
        one_transaction=data.get("one-transaction", False),
        paths=data.get("paths", {}),
    )


def _level(path: Path, text: str, level: object) -> Severity:
    known = [each.lower() for each in Severity.__members__]
    if str(level) not in known:
        raise _wrong(path, text, str(level), f"{level!r} is no severity", known)
    return Severity[str(level).upper()]


def _check(path: Path, text: str, data: Any, known: Mapping[str, type | tuple[type, ...]]) -> None:
    if not isinstance(data, dict):
        raise SourceError(f"The settings in {str(path)!r} cannot be used.", where=str(path), why="a table is expected.")
    for name, value in data.items():
        if name not in known:
            raise _wrong(path, text, name, f"there is no setting {name!r}", known)
        if not isinstance(value, known[name]):
            raise _wrong(path, text, name, f"{name!r} cannot be {value!r}", ())
    for level in data.get("severity", {}).values():
        _level(path, text, level)


def _wrong(path: Path, text: str, name: str, why: str, known: Any) -> SourceError:
    lines = text.splitlines()
    line = next((at for at, each in enumerate(lines, 1) if name in each), 0)
    close = nearest(name, known)
    return SourceError(
        f"The settings in {str(path)!r} cannot be used.",
        where=f"{path}:{line}" if line else str(path),
        why=f"{why}.",
        fix=f"did you mean {close!r}?" if close else f"known are {', '.join(known)}." if known else "",
    )
