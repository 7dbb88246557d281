"""What is installed, what of it works, and what to do about the rest."""

from __future__ import annotations

import platform
import re
from collections import defaultdict
from importlib import metadata
from typing import TYPE_CHECKING

from planroom.display import Displayable, card, html_table, text_table
from planroom.errors import PlanroomError, UnknownNameError
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from planroom.engines import EngineKind

__all__ = ["Check", "Health", "examine"]

CORE = "core"
_LEFT_OUT = {"dev", "all"}  # planroom's own tools, and the sum of the others
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?(?P<versions>[^;]*)(?:;(?P<marker>.*))?")
_EXTRA = re.compile(r"extra\s*==\s*['\"](?P<extra>[\w-]+)['\"]")
_NAMED_EXTRA = re.compile(r"planroom\[(?P<extra>[\w-]+)\]")
_GLYPHS = {"ok": "✓", "failed": "✗", "missing": "−", "cannot tell": "?"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        area: What it belongs to: ``core``, an extra, or an engine.
        name: What was looked at.
        result: ``ok``, ``failed``, ``missing`` (an extra that is not installed), or ``cannot tell``.
        detail: What was found.
        fix: What to do.
    """

    area: str
    name: str
    result: str
    detail: str
    fix: str = ""


@dataclass(frozen=True, repr=False)
class Health(Displayable):
    """Everything that was looked at.

    Attributes:
        checks: The checks, in the order in which they depend on each other.
        asked: The extras and engines that must work.
    """

    checks: tuple[Check, ...]
    asked: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[Check, ...]:
        """What must work and does not: whatever failed, and what was asked for and is missing."""
        return tuple(
            check
            for check in self.checks
            if check.result == "failed" or (check.result == "missing" and check.area in self.asked)
        )

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [(check.area, _GLYPHS[check.result], check.name, check.detail) for check in self.checks]

    def _fixes(self) -> list[str]:
        return list(dict.fromkeys(check.fix for check in self.checks if check.fix and check.result != "ok"))

    def _headline(self) -> str:
        number = len(self.failures)
        return f"{number} {'thing does' if number == 1 else 'things do'} not work" if number else "Everything works"

    def __str__(self) -> str:
        fixes = [f"fix: {fix}" for fix in self._fixes()]
        return "\n".join([text_table((), self._rows()), "", self._headline(), *fixes])

    def __repr__(self) -> str:
        return f"<Health: {self._headline()}>"

    def _html(self) -> str:
        return card(self._headline(), html_table((), self._rows()), html_table((), [(fix,) for fix in self._fixes()]))


def examine(*asked: str) -> Health:
    """Return what is installed and what works; engines are started to see whether they do.

    Args:
        asked: Extras and engines that must work; without them, what is installed must.

    Raises:
        UnknownNameError: There is no such extra or engine.
    """
    from planroom.engines import ENGINES

    extras = _requirements()
    known = {*extras, *ENGINES.names()} - {CORE}
    for name in asked:
        if name not in known:
            raise UnknownNameError.of("extra or engine", name, known, listing="planroom doctor")
    return Health(tuple(_checks(extras)), asked)


def _checks(extras: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[Check]:
    from planroom.engines import ENGINES

    yield Check(CORE, "python", "ok", f"{platform.python_version()} ({platform.python_implementation()})")
    yield Check(CORE, "planroom", "ok", metadata.version("planroom"))
    for area, packages in extras.items():
        for package, versions in packages:
            yield _package(area, package, versions)
    yield _tried("reads SQL", _read)
    yield _tried("draws with Graphviz", _draw)
    for kind in ENGINES:
        yield from _engine(kind, extras)


def _requirements() -> dict[str, list[tuple[str, str]]]:
    """Return the packages of the core and of every extra, each with its versions, as the installation declares them."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in metadata.requires("planroom") or ():
        match = _REQUIREMENT.match(line)
        extra = _EXTRA.search(line)
        area = extra["extra"] if extra else CORE
        if match and match["name"] != "planroom" and area not in _LEFT_OUT:
            found[area].append((match["name"], match["versions"].strip()))
    return dict(found)


def _package(area: str, name: str, versions: str) -> Check:
    try:
        return Check(area, name, "ok", metadata.version(name))
    except metadata.PackageNotFoundError:
        if area == CORE:
            return Check(area, name, "failed", "not installed", f"pip install '{name}{versions}'")
        return Check(area, name, "missing", "not installed", f"pip install 'planroom[{area}]'")


def _tried(name: str, step: Callable[[], str]) -> Check:
    try:
        return Check(CORE, name, "ok", step())
    except PlanroomError as error:
        return Check(CORE, name, "failed", " ".join(filter(None, (error.what, error.why))), error.fix)
    except ImportError as error:  # a package whose files are damaged, or made for another platform
        return Check(CORE, name, "failed", f"{error}.", "pip install --force-reinstall planroom")


_TINY = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a)"


def _read() -> str:
    from planroom.workbench.sources import read

    return f"{len(read(_TINY).tables)} tables of 2"


def _draw() -> str:
    from planroom.workbench.pictures import er

    note = er(_TINY).layout.note
    if note:
        raise PlanroomError(note, why="boxes are placed without it.", fix="pip install 'pygraphviz>=2'")
    return "2 boxes and a line"


def _engine(kind: EngineKind, extras: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[Check]:
    """Yield what an engine says of itself; one whose extra is not installed is missing, not broken."""
    state = kind.available()
    if not state.available and _lacks_extra(state.fix, extras):
        yield Check(kind.name, "engine", "missing", state.reason, state.fix)
        return
    for diagnosis in kind.diagnose():
        yield Check(kind.name, diagnosis.check, diagnosis.result, diagnosis.detail, diagnosis.fix)


def _lacks_extra(fix: str, extras: Mapping[str, Sequence[tuple[str, str]]]) -> bool:
    named = _NAMED_EXTRA.search(fix)
    packages = extras.get(named["extra"], ()) if named else ()
    return any(_package("", name, "").result == "missing" for name, _ in packages)
