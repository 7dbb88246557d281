"""PostgreSQL's text format as the documents that FORMAT JSON would have written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.plans._postgres.keys import TYPED
from planroom.plans._postgres.text_footers import jit_line, memory_of, serialization_of, settings_of, trigger_of
from planroom.plans._postgres.text_lines import LineKind, lines_of
from planroom.plans._postgres.text_properties import USAGE, read_property
from planroom.plans._postgres.text_shape import complete, cut_off, relate
from planroom.plans._postgres.text_titles import node_of_title, run_of, target_of
from planroom.plans._postgres.text_tokens import number, open_bracket, split_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.plans._postgres.text_lines import Line

__all__ = ["documents_of"]

Raw = dict[str, Any]
_TIMES = {"Planning Time": "Planning Time", "Execution Time": "Execution Time", "Planning time": "Planning Time",
          "Execution time": "Execution Time", "Total runtime": "Execution Time"}  # fmt: skip
_GROUPING = frozenset({"Sort Key", "Group Key", "Hash Key"})


def documents_of(texts: Sequence[str], *, source: str = "") -> list[Raw]:
    """Return the documents that the lines of a text hold; a rewritten statement has several.

    Raises:
        SyntaxProblem: A node lacks those that feed it, or the indentation is lost.
    """
    builder = _Builder(source)
    lines = lines_of(texts)
    if lines and lines[-1].kind is not LineKind.OTHER and open_bracket(lines[-1].text):
        raise cut_off(lines[-1].number, "its last line ends within a bracket.", source)
    for line in lines:
        builder.add(line)
    return builder.finished()


class _Builder:
    """Takes the lines one after the other; knows whose turn it is.

    A property belongs to the node above it, and after the tree to the statement; the columns matter for the arrows
    alone, so that a text whose indentation was changed throughout is read all the same.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.documents: list[Raw] = []
        self.unread: list[str] = []
        self._query: list[str] = []
        self._path: list[tuple[int, Raw]] = []
        self._nodes: list[tuple[Raw, int]] = []
        self._subplan: Line | None = None
        self._node: Raw | None = None
        self._into: Raw = {}
        self._jit: Raw | None = None
        self._target: tuple[int, Raw] | None = None

    def add(self, line: Line) -> None:
        """Take one more line.

        Raises:
            SyntaxProblem: It is not what PostgreSQL prints.
        """
        try:
            self._take(line)
        except (KeyError, ValueError):
            raise SyntaxProblem(
                "A line of this plan cannot be read.",
                where=f"{self.source or '<text>'}:{line.number}",
                why=f"PostgreSQL would not print {_printed(line)[:100]!r}.",
                fix="copy the plan again as it was printed, or use EXPLAIN (FORMAT JSON) ....",
            ) from None

    def _take(self, line: Line) -> None:
        if self._query and not self.documents and not _costs(line):
            self._query.append(_printed(line))
        elif line.kind is LineKind.NODE and (line.arrow or not self._change(line)):
            self._begin_node(line)
        elif not self.documents:
            self._before(line)
        elif line.kind is LineKind.SUBPLAN:
            self._subplan = line
        elif line.kind is LineKind.WORKER:
            self._begin_worker(line)
        elif line.kind is LineKind.PROPERTY:
            self._property(line)
        else:
            self._other(line)

    def finished(self) -> list[Raw]:
        """Return the documents, with what is known once every node is there."""
        for raw, line in self._nodes:
            _settle_grouping(raw)
            complete(raw)
            relate(raw, line=line, source=self.source)
        return self.documents

    def _before(self, line: Line) -> None:
        """Keep the statement that auto_explain prints before its plan."""
        if line.kind is LineKind.PROPERTY and line.key == "Query Text":
            self._query = [line.text]
        elif line.kind is LineKind.PROPERTY and (line.key in TYPED or line.key in USAGE):
            raise SyntaxProblem(
                "The first line of this plan is missing.",
                where=f"{self.source or '<text>'}:{line.number}",
                why=f'"{line.key}" belongs to a node, and none stands before it.',
                fix="copy it again, from its first line on.",
            )

    def _begin_node(self, line: Line) -> None:
        raw = node_of_title(line.text)
        self._nodes.append((raw, line.number))
        if not line.arrow or not self.documents:
            self.documents.append({"Plan": raw})
            self.documents[-1] |= _query_of(self._query)
            self._path = [(-1, raw)]
        else:
            self._hang(raw, line)
        self._subplan = self._jit = self._target = None
        self._node = self._into = raw

    def _hang(self, raw: Raw, line: Line) -> None:
        """Put a node below the nearest one that is further left; a sub-plan stands where its name does."""
        column = self._subplan.column if self._subplan else line.column
        while self._path[-1][0] >= column and len(self._path) > 1:
            self._path.pop()
        if self._subplan:
            name = self._subplan.text
            raw["Parent Relationship"] = "SubPlan" if name.startswith("SubPlan") else "InitPlan"
            raw["Subplan Name"] = name
        self._path[-1][1].setdefault("Plans", []).append(raw)
        self._path.append((column, raw))

    def _change(self, line: Line) -> bool:
        """Take ``Update on a_part`` below a modification as one of its tables."""
        node = self._node
        if node is None or node["Node Type"] != "ModifyTable" or "Plans" in node:
            return False
        target = target_of(line.text)
        if target is None:
            return False
        node.setdefault("Target Tables", []).append(target)
        self._target = (line.column, target)
        return True

    def _begin_worker(self, line: Line) -> None:
        workers = (self._node or {}).setdefault("Workers", [])
        self._into = {"Worker Number": int(line.key)}
        workers.append(self._into)
        self._jit = None
        if line.text.startswith("actual "):
            self._into |= run_of(line.text)
        elif ":" in line.text:
            key, _, value = line.text.partition(": ")
            read_property(key, value, self._into)

    def _other(self, line: Line) -> None:
        if trigger := trigger_of(line.text):
            self.documents[-1].setdefault("Triggers", []).append(trigger)
        elif line.text.startswith("actual ") and "Worker Number" in self._into:
            self._into |= run_of(line.text)

    def _property(self, line: Line) -> None:
        key, value, document = line.key, line.text, self.documents[-1]
        if key.startswith("Trigger") and (trigger := trigger_of(f"{key}: {value}")):
            document.setdefault("Triggers", []).append(trigger)
        elif key in _TIMES:
            self._leave_tree()
            document[_TIMES[key]] = float(value.removesuffix("ms").strip())
        elif key in _FOOTERS:
            self._footer(key, value, document)
        elif key == "JIT":
            self._jit = (self._into if "Worker Number" in self._into else document).setdefault("JIT", {})
        elif self._jit is None or not jit_line(key, value, self._jit):
            self._of_node(line)

    def _leave_tree(self) -> None:
        self._node, self._into, self._jit, self._target = None, {}, None, None

    def _footer(self, key: str, value: str, document: Raw) -> None:
        self._leave_tree()
        if key == "Settings":
            document[key] = settings_of(value)
        elif key == "Query Identifier":
            document[key] = number(value)
        elif key == "Serialization":
            self._into = document[key] = serialization_of(value)
        else:
            self._into = document["Planning"] = {}

    def _of_node(self, line: Line) -> None:
        key, into = line.key, self._into
        if key == "Memory" and self._node is None:
            into |= memory_of(line.text)
        elif key == "Subplans Removed" and self._node is not None:
            self._node[key] = number(line.text)
        elif self._target and line.column > self._target[0]:
            read_property(key, line.text, self._target[1])
        elif key in _GROUPING and into.get("Node Type") == "Aggregate":
            into.setdefault("Keys", []).append((key, line.text))
        elif self._node is not None or key in USAGE:
            read_property(key, line.text, into)


def _costs(line: Line) -> bool:
    """Return whether a line can be the first after a statement: auto_explain prints the costs always."""
    return line.kind is LineKind.NODE and not line.arrow and "(cost=" in line.text


def _printed(line: Line) -> str:
    return f"{'->  ' * line.arrow}{line.key}{': ' * bool(line.key)}{line.text}"


def _query_of(lines: Sequence[str]) -> Raw:
    """Return the statement that stood before the plan, and its parameters."""
    parameters = [line for line in lines if line.startswith("Query Parameters: ")][-1:]
    text = "\n".join(line for line in lines if line not in parameters)
    found = {"Query Text": text, "Query Parameters": "".join(parameters).removeprefix("Query Parameters: ")}
    return {key: value for key, value in found.items() if value}


_FOOTERS = frozenset({"Settings", "Query Identifier", "Planning", "Serialization"})


def _settle_grouping(raw: Raw) -> None:
    """Tell one GROUP BY from several grouping sets, of which the text prints each key in a line of its own."""
    keys = raw.pop("Keys", ())
    if len(keys) == 1 and keys[0][0] == "Group Key" and keys[0][1] != "()":
        raw["Group Key"] = split_list(keys[0][1])
        return
    sets: list[Raw] = []
    for key, value in keys:
        items = [] if value == "()" else split_list(value)
        if key == "Sort Key":
            sets.append({"Sort Key": items})
        elif key == "Group Key" and sets and "Hash Keys" not in sets[-1]:
            sets[-1].setdefault("Group Keys", []).append(items)
        else:
            sets.append({f"{key}s": [items]})
    if sets:
        raw["Grouping Sets"] = sets
