"""What a format is: a text, or a Python object, that stores a model."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from planroom.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import PurePath

    from planroom.findings import Finding
    from planroom.model import Model, ObjectId

__all__ = ["Document", "Format"]


@dataclass(frozen=True, slots=True)
class Document:
    """A text and where it came from; ``source`` is a path as the user gave it, or ``<text>``."""

    source: str
    text: str


class Format(ABC):
    """One format; the file it stands in bears its name.

    Attributes:
        summary: What it is, in one line.
        suffixes: The file suffixes that mean it, lower case, with the dot.
        project_file: The file that makes a folder one of this format, such as ``dbt_project.yml``.
        reads: Whether `read` gives a model.
        writes: Whether `write` gives a text.
        folders: Whether the files of a folder that belong to it are read as one.
        loses: What a model loses on the way through it, a phrase each.
        preferred: Of the formats that share a suffix, the one that is meant where the content does not tell.
    """

    summary: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]] = ()
    project_file: ClassVar[str] = ""
    reads: ClassVar[bool] = False
    writes: ClassVar[bool] = False
    folders: ClassVar[bool] = False
    loses: ClassVar[tuple[str, ...]] = ()
    preferred: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The format's name: its module's, with dashes."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")

    def belongs(self, path: PurePath) -> bool:
        """Whether a file of a folder, by its path within that, is part of the model that the folder describes."""
        return path.suffix.lower() in self.suffixes

    def recognises(self, head: str) -> bool:  # noqa: ARG002  (the default knows nothing about content)
        """Whether the beginning of a text looks like this format; asked when suffixes do not tell.

        At least the first 4,096 characters are given, if there are as many.
        """
        return False

    def accepts(self, source: object) -> bool:  # noqa: ARG002  (the default takes no objects)
        """Whether `read_object` takes this Python object. Must not import anything to find out."""
        return False

    def read(self, documents: Sequence[Document]) -> Model:  # noqa: ARG002
        """Return the model that the documents, in this order, describe.

        Raises:
            FormatError: The format cannot be read.
            SyntaxProblem: A text does not parse at all; single bad statements go to ``model.unread``.
        """
        raise FormatError(f"planroom does not read {self.name}.", fix="`planroom formats` lists what it reads.")

    def read_object(self, source: object) -> Model:  # noqa: ARG002
        """Return the model that a Python object describes.

        Raises:
            FormatError: The format has no objects.
        """
        raise FormatError(f"planroom reads no Python objects as {self.name}.")

    def losses(self, model: Model) -> tuple[Finding, ...]:  # noqa: ARG002
        """Return what writing this very model changes or leaves out, such as a type that its dialect has not.

        What any model loses stands in ``loses``.
        """
        return ()

    def by_table(self, model: Model) -> Mapping[ObjectId, str]:  # noqa: ARG002
        """Return how it writes each table by itself, by the table's id; empty where it has no such form."""
        return {}

    def write(self, model: Model) -> str:  # noqa: ARG002
        """Return the model as a text that ends with a newline.

        Raises:
            FormatError: The format cannot be written, or cannot hold this model at all.
        """
        raise FormatError(f"planroom does not write {self.name}.", fix="`planroom formats` lists what it writes.")
