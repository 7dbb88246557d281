"""What a project says of its decisions: ``[tool.planroom.adr]`` in pyproject.toml, or ``[adr]`` in planroom.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planroom.errors import SourceError, nearest

__all__ = ["RecordSettings", "record_settings"]

_KNOWN = ("folder", "style", "allow", "model")
_FOLDERS = ("adr", "doc/adr", "docs/adr", "docs/decisions", "docs/architecture/decisions", "doc/architecture/decisions")


@dataclass(frozen=True)
class RecordSettings:
    """Where the decisions are, and what their checks may run.

    Attributes:
        root: The folder of the settings' file; paths in records count from it.
        folder: The folder of the records.
        style: The style of new records; empty for that of most that are there.
        allow: The modules, and the packages, whose functions checks may call.
        model: The design that selectors are looked up in; a source, empty for none.
        said: Whether a file said so.
    """

    root: Path = field(default_factory=Path)
    folder: Path = field(default_factory=lambda: Path("adr"))
    style: str = ""
    allow: tuple[str, ...] = ()
    model: str = ""
    said: bool = False


def record_settings(start: Path | None = None) -> RecordSettings:
    """Return the settings of the nearest file at or above a folder; without one, the folder that most logs use.

    Raises:
        SourceError: The file cannot be read, or says what planroom does not know.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        for name, path in (("planroom.toml", ("adr",)), ("pyproject.toml", ("tool", "planroom", "adr"))):
            found = _table(folder / name, path)
            if found is not None:
                return _settings(folder, folder / name, found)
        if (folder / ".adr-dir").is_file():  # adr-tools' own
            named = (folder / ".adr-dir").read_text(encoding="utf-8", errors="replace").strip()
            return RecordSettings(root=folder, folder=folder / named)
        if (folder / ".git").exists():
            break
    root = next((each for each in (here, *here.parents) if (each / ".git").exists()), here)
    named = next((each for each in _FOLDERS if (root / each).is_dir()), _FOLDERS[0])
    return RecordSettings(root=root, folder=root / named)


def _table(file: Path, path: tuple[str, ...]) -> dict[str, Any] | None:
    if not file.is_file():
        return None
    import tomllib

    try:
        data: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, RecursionError) as error:
        raise SourceError(f"{file.name} cannot be read.", where=str(file), why=f"{error}.") from None
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else None


def _settings(root: Path, file: Path, found: dict[str, Any]) -> RecordSettings:
    for key in found:
        if key not in _KNOWN:
            close = nearest(key, _KNOWN)
            raise SourceError(
                f"There is no setting {key!r} of decision records.",
                where=str(file),
                why=f"there are {', '.join(_KNOWN)}.",
                fix=f"did you mean {close!r}?" if close else "",
            )
    allow = found.get("allow", [])
    if not isinstance(allow, list) or not all(isinstance(each, str) for each in allow):
        raise SourceError("`allow` is to be a list of modules.", where=str(file), fix='write allow = ["checks"].')
    texts = {key: str(found.get(key, "")) for key in ("style", "model")}
    folder = root / str(found.get("folder", "adr"))
    return RecordSettings(root=root, folder=folder, allow=tuple(allow), said=True, **texts)
