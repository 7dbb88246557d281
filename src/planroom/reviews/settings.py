"""What a project reviews: ``[tool.planroom.review]`` in pyproject.toml, or ``[review]`` in planroom.toml."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planroom.errors import SourceError, nearest
from planroom.workbench.files import read_text
from planroom.workbench.lint_configuration import settings_for

__all__ = ["ReviewSettings", "review_settings"]

_KNOWN = ("notebooks", "schema", "queries", "migrations", "since")
_NOTEBOOKS = "notebooks/*.ipynb"
_PLACES = (("planroom.toml", ("review",)), ("pyproject.toml", ("tool", "planroom", "review")))
_WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class ReviewSettings:
    """What a review is made of. Paths are written from the working directory.

    Attributes:
        root: The folder of the settings' file.
        title: What the project is called.
        notebooks: The notebooks, in the order in which they are read.
        schema: The design; a source, empty for none.
        queries: Files and folders of the queries that use it.
        migrations: Files and folders of migrations that change it; each stands for itself.
        since: The git revision that changes are told against; empty for none.
    """

    root: Path = field(default_factory=Path)
    title: str = ""
    notebooks: tuple[Path, ...] = ()
    schema: str = ""
    queries: tuple[str, ...] = ()
    migrations: tuple[str, ...] = ()
    since: str = ""


def review_settings(start: Path | None = None) -> ReviewSettings:
    """Return the settings of the nearest file at or above a folder that has some, else what most projects have.

    Without settings a review holds the notebooks in ``notebooks/`` of the repository, and the linter's model.

    Raises:
        SourceError: The file cannot be read, says what planroom does not know, or names what is not there.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        for name, keys in _PLACES:
            found = _table(folder / name, keys)
            if found is not None:
                return _Said(folder, folder / name, found).settings()
        if (folder / ".git").exists():
            break
    root = next((each for each in (here, *here.parents) if (each / ".git").exists()), here)
    return _Said(root, root / _PLACES[1][0], {}).settings()


def _table(file: Path, keys: tuple[str, ...]) -> dict[str, Any] | None:
    data = _toml(file)
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    if data is not None and not isinstance(data, dict):
        raise SourceError(f"{keys[-1]!r} is to be a table.", where=str(file), fix=f"write [{'.'.join(keys)}].")
    return data


def _toml(file: Path) -> Any:
    if not file.is_file():
        return None
    import tomllib

    try:
        return tomllib.loads(read_text(file))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SourceError(f"{file.name} is not TOML.", where=str(file), why=f"{error}.") from None


@dataclass(frozen=True)
class _Said:
    """What a file says, and where it is."""

    root: Path
    file: Path
    table: dict[str, Any]

    def settings(self) -> ReviewSettings:
        for key in self.table:
            if key not in _KNOWN:
                raise self._wrong(f"there is no setting {key!r} of reviews: there are {', '.join(_KNOWN)}", key)
        return ReviewSettings(
            root=self.root,
            title=self._title(),
            notebooks=self._notebooks(),
            schema=self._source(self._text("schema")) or settings_for(None).model or "",
            queries=tuple(map(self._existing, self._texts("queries"))),
            migrations=tuple(map(self._existing, self._texts("migrations"))),
            since=self._text("since"),
        )

    def _title(self) -> str:
        project = (_toml(self.root / "pyproject.toml") or {}).get("project", {})
        name = project.get("name", "") if isinstance(project, dict) else ""
        return str(name) or self.root.name

    def _notebooks(self) -> tuple[Path, ...]:
        found: list[Path] = []
        for pattern in self._texts("notebooks") or (_NOTEBOOKS,):
            matched = sorted(self.root.glob(pattern)) if _WILD.search(pattern) else [self.root / pattern]
            if "notebooks" in self.table and not (matched and all(each.is_file() for each in matched)):
                raise self._wrong(f"there is no notebook {pattern!r}")
            found += matched
        return tuple(dict.fromkeys(Path(_from_here(each)) for each in found))

    def _source(self, source: str) -> str:
        return source if not source or ":" in source else self._existing(source)

    def _existing(self, name: str) -> str:
        path = self.root / name
        if not path.exists():
            raise self._wrong(f"there is no file or folder {name!r}")
        return _from_here(path)

    def _text(self, key: str) -> str:
        value = self.table.get(key, "")
        if not isinstance(value, str):
            raise self._wrong(f"{key!r} is to be a text, not {value!r}")
        return value

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise self._wrong(f"{key!r} is to be a list of paths, not {value!r}")
        return tuple(values)

    def _wrong(self, why: str, word: str = "") -> SourceError:
        close = nearest(word, _KNOWN) if word else None
        return SourceError(
            "The settings of the review cannot be used.",
            where=str(self.file),
            why=f"{why}.",
            fix=f"did you mean {close!r}?" if close else "",
        )


def _from_here(path: Path) -> str:
    """Return a path as it is written from the working directory: what findings name is then short."""
    return Path(os.path.relpath(path)).as_posix()
