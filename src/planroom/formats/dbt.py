"""dbt: the properties files of a project, read and written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planroom.formats._dbt import PROJECT_FILE
from planroom.formats.base import Format

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePath

    from planroom.findings import Finding
    from planroom.formats.base import Document
    from planroom.model import Model

__all__ = ["DbtFormat"]

_NOT_OURS = frozenset({"dbt_packages", "dbt_modules", "target", "logs"})
_KEYS = re.compile(r"^(?:models|sources|seeds|snapshots)\s*:|^config-version\s*:", re.MULTILINE)


class DbtFormat(Format):
    """What ``schema.yml`` files say of models, seeds, snapshots and sources; the SQL beside them is not read.

    Constraints are the database's own where the contract is enforced. A data test is a query that finds out later: it
    becomes a foreign key or check that is *not enforced*; ``unique`` and ``not_null`` become a key and a NOT NULL,
    which have no such form, and on the one column that has both, the primary key, as dbt itself takes it.
    """

    summary: ClassVar[str] = "dbt properties: models with contracts, constraints and data tests; sources"
    suffixes: ClassVar[tuple[str, ...]] = (".yml", ".yaml")
    project_file: ClassVar[str] = PROJECT_FILE
    folders: ClassVar[bool] = True
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "extensions, sequences, routines, triggers, policies and extended statistics",
        "types: the labels of enums become accepted_values tests, and a domain's rules go",
        "views: their query goes, and they are read as tables",
        "partitions (rows stay in the parent) and inheritance",
        "indexes, exclusion constraints, and what is special about a key (INCLUDE, NULLS NOT DISTINCT, deferral ...)",
        "the actions, MATCH and deferral of foreign keys, and those over several columns that are not enforced",
        "checks that are not enforced, unless they list the values of a column",
        "the names of constraints that are not enforced and of NOT NULLs, and that one is not validated",
        "defaults, identity, generated columns, collations, storage",
        "comments on anything but tables and columns; schemas without tables",
        "that a table's contract is not enforced",
    )

    def belongs(self, path: PurePath) -> bool:
        """Whether a YAML file is the project's own: no package's, nothing that dbt made, no annotations."""
        *folders, name = path.parts
        foreign = any(each in _NOT_OURS or each.startswith(".") for each in folders)
        is_notes = name.removesuffix(path.suffix).rpartition(".")[2] == "notes"
        return super().belongs(path) and not foreign and not is_notes

    def recognises(self, head: str) -> bool:
        """Whether a key of dbt's stands at the beginning of a line."""
        return bool(_KEYS.search(head))

    def read(self, documents: Sequence[Document]) -> Model:
        """Return the model that the YAML files of a project, in any order, describe.

        Raises:
            SyntaxProblem: None of them is YAML.
            SourceError: They describe no table, or unfold into far more than they say.
        """
        from planroom.formats._dbt.reading import model_of

        return model_of(documents)

    def losses(self, model: Model) -> tuple[Finding, ...]:
        """Return what of this model is left out though it could have been a constraint or test."""
        from planroom.formats._dbt.writing import losses_of

        return losses_of(model)

    def write(self, model: Model) -> str:
        """Return one properties file with a model for each table and view."""
        from planroom.formats._dbt.writing import document

        return document(model)
