"""PostgreSQL scripts, read into a model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planroom.collector import put_off
from planroom.ddl.catalog import Catalog
from planroom.ddl.fold import apply_all
from planroom.ddl.noticing import unknown_types
from planroom.model import Model
from planroom.sqltext import parse_postgres

__all__ = ["read_postgres"]


@put_off()
def read_postgres(scripts: Iterable[tuple[str, str]], *, name: str = "") -> Model:
    """Return the model that PostgreSQL scripts, run in this order on an empty database, make.

    Args:
        scripts: The source and the text of each; a search path set in one holds in the next.
        name: What to call the model.
    """
    catalog = Catalog()
    apply_all(catalog, tuple(each for source, text in scripts for each in parse_postgres(text, source, templates=True)))
    model = catalog.model(name)
    return replace(model, findings=unknown_types(model.tables, model.extensions))
