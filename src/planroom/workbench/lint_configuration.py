"""Settings of the linter in a file: ``[tool.planroom.lint]`` in pyproject.toml, or ``[lint]`` in planroom.toml.

Whatever is not known, or cannot be meant, is an error with its place: a setting that is silently without effect is
worse than none.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import QuantityError, SourceError, UnknownNameError, nearest
from planroom.findings import Severity
from planroom.values import dataclass
from planroom.workbench.files import read_text
from planroom.workbench.lint_settings import NEWEST, PathSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

__all__ = ["settings_for"]

_OWN = "planroom.toml"
_KINDS = ("schema", "queries", "migrations")
_MAY_SAY = re.compile(
    r"""\btool["']?\s*\.\s*["']?planroom["']?\s*(?:\]|\.\s*["']?(?!(?:adr|review)\b)\w)"""
    r"""|^\s*["']?planroom["']?\s*(?:\.|=\s*\{)""",
    re.MULTILINE,
)
"""How a table of planroom's begins that is none of the others; TOML is not read without one."""
_VERSIONS = range(12, NEWEST + 1)


def settings_for(config: str | Path | None) -> Settings:
    """Return the settings of a file, or of the nearest one above the working directory that has some.

    Raises:
        SourceError: The file cannot be read, is no TOML, or says what planroom does not know.
    """
    if config is not None:
        return _from_file(Path(config)) or Settings(source=str(config))
    here = Path.cwd()
    for folder in (here, *here.parents):
        for name in (_OWN, "pyproject.toml"):
            found = _from_file(folder / name) if (folder / name).is_file() else None
            if found is not None:
                return found
    return Settings()


def _from_file(path: Path) -> Settings | None:
    text = read_text(path)
    own = path.name != "pyproject.toml"
    if not own and not ("planroom" in text and _MAY_SAY.search(text)):
        return None
    import tomllib

    try:
        data: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        place = f"{path}:{found[1]}:{found[2]}" if found else str(path)
        raise SourceError(f"{str(path)!r} is not TOML.", where=place, why=f"{error}.") from None
    for key in () if own else ("tool", "planroom"):
        data = data.get(key) if isinstance(data, dict) else None
    if data is None:
        return None
    file = _File(path, text)
    file.table(data, {"lint", "adr", "review"})
    return _settings(file, data["lint"]) if "lint" in data else None


@dataclass(frozen=True)
class _File:
    """A file of settings, for errors that name the place."""

    path: Path
    text: str

    def wrong(self, word: str, why: str, known: Iterable[str] = ()) -> SourceError:
        """Return the error about a word in it."""
        line, names = self._line(word), sorted(known)
        close = nearest(word, names)
        return SourceError(
            f"The settings in {str(self.path)!r} cannot be used.",
            where=f"{self.path}:{line}" if line else str(self.path),
            why=f"{why}.",
            fix=f"did you mean {close!r}?" if close else f"known are {', '.join(names)}." if names else "",
        )

    def _line(self, word: str) -> int:
        """Return the line that a key or value stands in, from planroom's own tables on; 0 where it is not found."""
        lines = self.text.splitlines()
        first = next((at for at, line in enumerate(lines) if re.match(r"\s*\[+(tool\.planroom|lint)\b", line)), 0)
        whole = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        return next((at for at, line in enumerate(lines[first:], first + 1) if whole.search(line)), 0)

    def table(self, value: Any, known: Collection[str], name: str = "") -> dict[str, Any]:
        """Return a value that is a table with known keys alone."""
        if not isinstance(value, dict):
            raise self.wrong(name or "lint", f"{name or 'lint'!r} is to be a table")
        for key in value:
            if known and key not in known:
                raise self.wrong(key, f"there is no setting {key!r}", known)
        return value

    def names(self, value: Any, name: str) -> tuple[str, ...]:
        """Return a list of names of rules."""
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.wrong(name, f"{name!r} is to be a list of rules, not {value!r}")
        self.codes(value)
        return tuple(value)

    def codes(self, names: Collection[str]) -> frozenset[str]:
        """Return the codes of the rules that names mean."""
        if not names:
            return frozenset()
        from planroom.linting.rulebook import codes_of, known_names

        found: frozenset[str] = frozenset()
        for name in names:
            try:
                found |= codes_of([name])
            except UnknownNameError:
                close = nearest(name, known_names())
                raise self.wrong(name, f"there is no rule {name!r}", [close] if close else ()) from None
        return found

    def severities(self, value: Any) -> dict[str, Severity]:
        """Return severities by the code of a rule."""
        known = [each.lower() for each in Severity.__members__]
        found: dict[str, Severity] = {}
        for rule, level in self.table(value, (), "severity").items():
            if level not in known:
                raise self.wrong(str(level), f"{level!r} is no severity", known)
            found |= dict.fromkeys(self.codes([rule]), Severity[level.upper()])
        return found

    def of_type(self, value: Any, name: str, kind: type) -> Any:
        """Return a value that is of a type."""
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(name, f"{name!r} cannot be {value!r}")
        return value

    def rows(self, value: Any) -> dict[str, float]:
        """Return rows by table; a number, or what people write, such as ``"400M"``."""
        from planroom.quantities import parse_count

        found: dict[str, float] = {}
        for name, number in self.table(value, (), "rows").items():
            if isinstance(number, bool) or not isinstance(number, (int, float, str)):
                raise self.wrong(name, f"{number!r} is no number of rows")
            try:
                found[name] = float(parse_count(number))
            except QuantityError as error:
                raise self.wrong(name, error.what.rstrip(".")) from None
        return found

    def version(self, value: Any) -> int:
        """Return a version of PostgreSQL."""
        if value not in _VERSIONS or isinstance(value, bool):
            known = f"{_VERSIONS[0]} to {_VERSIONS[-1]}"
            raise self.wrong("pg-version", f"{value!r} is no version that planroom knows the locks of: {known}")
        return int(value)

    def source(self, value: Any, name: str) -> str:
        """Return a source; a path is meant from the folder of the file."""
        source = str(self.of_type(value, name, str))
        return source if ":" in source else str(self.path.parent / source)

    def paths(self, value: Any) -> tuple[PathSettings, ...]:
        """Return the settings by pattern of path."""
        return tuple(self._path(pattern, found) for pattern, found in self.table(value, (), "paths").items())

    def _path(self, pattern: str, value: Any) -> PathSettings:
        found = self.table(value, {"as", "ignore", "severity"}, pattern)
        judge_as = found.get("as", "")
        if judge_as and judge_as not in _KINDS:
            raise self.wrong(str(judge_as), f"{judge_as!r} is no way to judge", _KINDS)
        ignore = self.codes(self.names(found.get("ignore", []), "ignore"))
        return PathSettings(pattern, judge_as, ignore, self.severities(found.get("severity", {})))


def _settings(file: _File, data: Any) -> Settings:
    readers: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
        "select": ("select", lambda value: file.names(value, "select")),
        "ignore": ("ignore", lambda value: file.names(value, "ignore")),
        "severity": ("severity", file.severities),
        "model": ("model", lambda value: file.source(value, "model")),
        "queries": ("queries", lambda value: file.source(value, "queries")),
        "pg-version": ("version", file.version),
        "rows": ("rows", file.rows),
        "dialect": ("dialect", lambda value: file.of_type(value, "dialect", str)),
        "one-transaction": ("one_transaction", lambda value: file.of_type(value, "one-transaction", bool)),
        "paths": ("paths", file.paths),
    }
    given = file.table(data, readers)
    found: dict[str, Any] = {readers[name][0]: readers[name][1](value) for name, value in given.items()}
    return Settings(source=file.path.name, folder=file.path.parent, **found)
