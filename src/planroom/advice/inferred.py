"""Inferred relations, and how they show themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.display import Displayable, caption_line, card, details, html_table, text_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Relation

__all__ = ["Inference", "InferredRelations"]

_HEADER = ("child", "parent", "score", "evidence", "doubt")
_SCORES = {2}
_SHOWN = 20  # about one screen


@dataclass(frozen=True, slots=True)
class Inference:
    """One inferred relation.

    Attributes:
        relation: The relation, with its score in (0, 1] and the reason.
        doubt: What speaks most against it; empty when nothing does.
    """

    relation: Relation
    doubt: str = ""

    @property
    def row(self) -> tuple[str, str, str, str, str]:
        """Child, parent, score, evidence and doubt, in words."""
        relation = self.relation
        return (
            f"{relation.child} ({', '.join(relation.columns)})",
            f"{relation.parent} ({', '.join(relation.referenced_columns)})",
            f"{relation.score:.2f}",
            relation.reason,
            self.doubt,
        )

    @property
    def as_object(self) -> dict[str, object]:
        """The same for programs."""
        relation = self.relation
        return {
            "child": relation.child,
            "columns": list(relation.columns),
            "parent": relation.parent,
            "referenced_columns": list(relation.referenced_columns),
            "child_cardinality": str(relation.child_cardinality),
            "parent_cardinality": str(relation.parent_cardinality),
            "score": relation.score,
            "reason": relation.reason,
            "doubt": self.doubt,
        }


@dataclass(frozen=True, repr=False)
class InferredRelations(Displayable):
    """Relations that no foreign key declares, each with a score and its reasons; iterating gives the relations.

    Attributes:
        inferences: Sorted by child and columns.
        name: The model's name.
        declared: How many relations the model declares; none of them is among the inferred.
        minimum: The lowest score that was asked for.
        polymorphic: Pairs of columns that refer to rows of several tables, which are not guessed at.
        measured: What data was looked at, in words; empty when names and types alone were.
    """

    inferences: tuple[Inference, ...]
    name: str = ""
    declared: int = 0
    minimum: float = 0.5
    polymorphic: tuple[str, ...] = ()
    measured: str = ""

    def __iter__(self) -> Iterator[Relation]:
        return (each.relation for each in self.inferences)

    def __len__(self) -> int:
        return len(self.inferences)

    @property
    def headline(self) -> str:
        """How many, how sure, and beside how many declared ones."""
        number = len(self.inferences)
        doubts = sum(bool(each.doubt) for each in self.inferences)
        parts = [f"{number} inferred {'relation' if number == 1 else 'relations'}"]
        parts += [f"{doubts} with a doubt"] if doubts else []
        parts += [f"{self.declared} declared"]
        parts += [f"{len(self.polymorphic)} polymorphic"] if self.polymorphic else []
        return " · ".join(parts)

    @property
    def caption(self) -> str:
        """What the scores rest on."""
        return (
            f"{self.measured or 'By names, types, keys, comments and indexes alone'}; score at least {self.minimum:g}."
        )

    def __str__(self) -> str:
        lines = [f"{self.name or 'model'}: {self.headline}"]
        if self.inferences:
            lines += ["", text_table(_HEADER, [each.row for each in self.inferences], numeric=_SCORES)]
        lines += ["", self.caption]
        lines += [f"not guessed at, as it refers to several tables: {each}" for each in self.polymorphic]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<InferredRelations {self.name}: {self.headline}>"

    def _html(self) -> str:
        rows = [each.row for each in self.inferences]
        parts = [html_table(_HEADER, rows[:_SHOWN], numeric=_SCORES)] if rows else []
        if len(rows) > _SHOWN:
            parts.append(details(f"{len(rows) - _SHOWN} more", html_table(_HEADER, rows[_SHOWN:], numeric=_SCORES)))
        parts.append(caption_line("div", self.caption))
        if self.polymorphic:
            listed = html_table((), [(each,) for each in self.polymorphic])
            parts.append(details("Not guessed at: these refer to several tables", listed))
        return card(f"{self.name or 'Model'}: {self.headline}", *parts)
