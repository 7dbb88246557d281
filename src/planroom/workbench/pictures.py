"""Pictures of whatever can be read, and the page to explore it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.workbench.sources import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planroom.diagrams import Diagram
    from planroom.exploring import Explorer
    from planroom.findings import Finding

__all__ = ["er", "explorer"]


def er(source: Any, **options: Any) -> Diagram:
    """Return the entity-relationship picture of a source.

    Args:
        source: Anything that `read` takes.
        options: What `planroom.diagrams.er` takes: ``focus``, ``hops``, ``detail``, ``cluster``, ``include``,
            ``exclude``, ``views``, ``overview``, ``relations``.

    Raises:
        UnknownNameError: No table is called what ``focus`` says; the message names the nearest.
    """
    from planroom.diagrams import er as draw

    return draw(read(source), **options)


def explorer(
    source: Any, *, findings: Iterable[Finding] = (), decisions: Iterable[tuple[str, str, str, Sequence[str]]] = ()
) -> Explorer:
    """Return a source as one HTML page to search, zoom and follow relations in; ``.save(path)`` writes it.

    The page needs no server and asks no host for anything.

    Args:
        source: Anything that `read` takes.
        findings: Shown at the tables that are their subjects, beside what the readers noticed.
        decisions: Shown at the tables that they affect: id, title, status, and selectors of tables or columns.

    Raises:
        ModelError: What a decision affects is no selector.

    Example:
        >>> print(explorer("create table planets (id int primary key, name text)"))
        Explorer of text: 1 table · 0 relations
        save('explorer.html') writes a page to search, zoom and follow relations in; it needs no server.
    """
    from planroom.exploring import Decision, Explorer
    from planroom.formats import FORMATS
    from planroom.workbench.unread import findings_of

    model = read(source)
    ddl = FORMATS[model.dialect].by_table(model) if model.dialect in FORMATS else {}
    judged = (*findings_of(model), *findings)
    return Explorer(model, judged, tuple(Decision(*each) for each in decisions), ddl)
