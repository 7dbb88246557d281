"""What the text languages say of a graph, before each says it in its own syntax.

A language without colours, or one that a reader sees in black and white, still tells what happened to a thing: its
state is a glyph and a word too. A relation that was guessed is dashed and says so; one that was declared never is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.drawing.graph import Edge, End, LineStyle, Node, Role, Row, Sign, State
from planroom.drawing.palette import STATE_GLYPHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = [
    "Field",
    "box_lines",
    "distinct",
    "edge_lines",
    "field_of",
    "is_inferred",
    "label_of",
    "marked",
    "names_of",
    "remark_of",
    "state_words",
    "subheading",
    "words_of",
]

_KEYS = {Sign.PRIMARY_KEY: "PK", Sign.FOREIGN_KEY: "FK", Sign.UNIQUE: "UK"}


@dataclass(frozen=True, slots=True)
class Field:
    """A column, as the text languages know one.

    Attributes:
        kind: Its type; empty when it is not known.
        keys: Of ``PK``, ``FK`` and ``UK`` those that it is.
        nullable: It may be null.
        remark: Its comment.
    """

    name: str
    kind: str
    keys: tuple[str, ...]
    nullable: bool
    remark: str
    state: State


def field_of(row: Row) -> Field | None:
    """Return the column that a row shows; None for a row that shows none."""
    if not row.port:
        return None
    kind = ""
    signs: tuple[Sign, ...] = ()
    for cell in row.cells:
        if cell.role is Role.TYPE:
            kind = cell.text
        elif cell.signs:
            signs += cell.signs
    return Field(row.port, kind, _keys(signs), Sign.NULLABLE in signs, remark_of(row), row.state)


@lru_cache(maxsize=64)
def _keys(signs: tuple[Sign, ...]) -> tuple[str, ...]:
    return tuple(_KEYS[sign] for sign in signs if sign in _KEYS)


def words_of(row: Row) -> str:
    """Return what a row that shows no column says, such as ``2024 partitions by range (at)``."""
    return "  ".join(cell.text for cell in row.cells if cell.text)


def remark_of(thing: Node | Row) -> str:
    """Return the comment that stands behind the facts of a tip."""
    return thing.tip.partition(" — ")[2]


def subheading(node: Node) -> str:
    """Return what stands beside a node's title: its schema, that it is a view, its rows, a group's tables."""
    return " · ".join(part for part in (node.subtitle, "view" if node.kind == "view" else "", node.note) if part)


def is_inferred(edge: Edge) -> bool:
    """Whether a relation was guessed, not declared."""
    return edge.style is LineStyle.DASHED


def label_of(edge: Edge) -> str:
    """Return what is written on an edge: the referencing column, a count, or what it is; a guess says so."""
    if is_inferred(edge):
        guess = f"{edge.meaning or 'inferred'} {edge.label}".strip()
        return f"{edge.head_port}, {guess}" if edge.head_port else guess
    if edge.tail_end is End.GENERAL:
        return "inherits"
    return edge.head_port or edge.label or edge.meaning or "references"


def marked(text: str, state: State) -> str:
    """Return a text after the glyph of its state.

    Example:
        >>> marked("orders", State.ADDED)
        '+ orders'
    """
    return f"{STATE_GLYPHS[state]} {text}" if state in STATE_GLYPHS else text


def state_words(state: State) -> str:
    """Return a state as glyph and word; empty for a thing that nothing happened to, or that only stands back."""
    return marked(state.value, state) if state in STATE_GLYPHS else ""


def box_lines(node: Node) -> tuple[str, ...]:
    """Return what stands in the box of an element: its name, its kind in brackets, its sentence, its rows."""
    rows = (words_of(row) for row in node.rows)
    kind = f"[{node.subtitle}]" if node.subtitle else ""
    return tuple(filter(None, (node.title or " ", kind, node.text, *rows)))


def edge_lines(edge: Edge) -> tuple[str, ...]:
    """Return what stands on the line between two elements: what, how in brackets, and what to beware of."""
    signs = ", ".join(sign.value for sign in edge.signs)
    note = f"[{edge.note}]" if edge.note else ""
    return tuple(filter(None, (edge.label, note, f"({signs})" if signs else "")))


def distinct(names: Iterable[tuple[str, str]], same: Callable[[str], str] = str) -> Mapping[str, str]:
    """Return names by key, all different; a later one that would not be gets a number.

    Args:
        names: Keys, all different, and the name that each would have.
        same: What two names must not have in common, such as `str.casefold`.

    Example:
        >>> distinct([("a", "Users"), ("b", "users")], str.casefold)
        {'a': 'Users', 'b': 'users_2'}
    """
    taken: dict[str, int] = {}
    given: dict[str, str] = {}
    for key, name in names:
        chosen, base = name, same(name)
        while same(chosen) in taken:
            taken[base] += 1
            chosen = f"{name}_{taken[base]}"
        taken.setdefault(same(chosen), 1)
        given[key] = chosen
    return given


def names_of(nodes: Iterable[Node], word: Callable[[str], str]) -> Mapping[str, str]:
    """Return what each node is called, by id: its title or, where two share one, its id.

    Args:
        nodes: The nodes.
        word: Makes a name of any text.
    """
    titles = {node.id: word(node.title) for node in nodes}
    shared = Counter(titles.values())
    return distinct((node, title if shared[title] == 1 else word(node)) for node, title in titles.items())
