"""What every rule about plans declares, and how it says what it found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from planroom.findings import DocumentedRule, Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.plans.findings._survey import Load, Survey
    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["Example", "Group", "Hit", "NodeRule", "PlanRule", "ScaleRule", "Told", "WholeRule"]


@dataclass(frozen=True, slots=True)
class Example:
    """A query on the tables of `planroom.plans.findings._ground`, whose plan is judged; it is a rule's test.

    Attributes:
        sql: The statement.
        analyze: Whether it is run, with its rows and blocks counted.
        settings: What is set before, each as ``name = value``.
        before: Statements that are run before, and undone after it.
        engine: ``postgres`` or ``duckdb``.
        by: What the findings are judged by.
        modelled: Whether the rule is given the model of the tables.
        rows: Rows by table id, as pairs.
        document: What EXPLAIN printed, where no engine can be made to print it at will.
    """

    sql: str
    analyze: bool = False
    settings: tuple[str, ...] = ()
    before: str = ""
    engine: str = "postgres"
    by: str = "cost"
    modelled: bool = False
    rows: tuple[tuple[str, float], ...] = ()
    document: str = ""

    def __str__(self) -> str:
        if self.document:
            return self.document
        explain = "EXPLAIN ANALYZE " if self.analyze else "EXPLAIN "
        engine = "-- in DuckDB\n" if self.engine == "duckdb" else ""
        settings = [f"SET {each};" for each in self.settings]
        return engine + "\n".join([*filter(None, [self.before.strip()]), *settings, explain + self.sql.strip()])


class Hit(NamedTuple):
    """A node in which a rule found something.

    Attributes:
        load: What would be saved, as far as that can be told.
        like: What else, beside operator and place, a node must share with others to be told of together with them.
    """

    node: PlanNode
    load: Load
    like: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes of a kind in which a rule found the same: the members of an Append, say.

    Attributes:
        hits: In the order of the plan.
        load: Of all together.
        survey: What is known of their plan.
    """

    hits: tuple[Hit, ...]
    load: Load
    survey: Survey

    @property
    def node(self) -> PlanNode:
        """The one that weighs most: the message is about it."""
        return max(self.hits, key=lambda hit: (hit.load.share, -hit.node.number)).node

    @property
    def nodes(self) -> tuple[PlanNode, ...]:
        """All of them."""
        return tuple(hit.node for hit in self.hits)

    def counted(self, name: str) -> float:
        """Return a count of the one that weighs most, a mean per loop, for all its executions together."""
        return (getattr(self.node, name) or 0.0) * (self.node.loops or 1.0)


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule says of a group of nodes, or of the plan.

    Attributes:
        message: What is wrong here, in numbers and with the user's names.
        fix: What to do here; the rule's own words where it is empty.
        replacement: The statement that does it, where it can be told.
        facts: What it rests on, for programs.
        subject: What it is about; the table of the node where it is empty.
    """

    message: str
    fix: str = ""
    replacement: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    subject: str = ""


class PlanRule(DocumentedRule, ABC):
    """A rule about plans.

    The first line of the docstring says what is wrong with what it finds; the rest is its page. How severe a finding
    is does not depend on the rule but on what could be saved: see `_survey.severity_of`.

    Attributes:
        engines: The engines whose plans it reads.
        ceiling: How severe its findings are at most.
        needs: ``plan``; ``rows`` when it can only judge what was run; ``time`` when it judges nothing but times.
        bad: Examples in which it finds something, each of them.
        good: Examples in which it finds nothing, though they look like it.
        unproven: Why no engine was made to show it, where the examples are documents; empty where one was.
    """

    subject: ClassVar[str] = "plans"
    effect = Effect.SLOW
    engines: ClassVar[frozenset[str]] = frozenset({"postgres"})
    needs: ClassVar[str] = "plan"
    ceiling: ClassVar[Severity] = Severity.ERROR
    bad: ClassVar[tuple[Example, ...]] = ()
    good: ClassVar[tuple[Example, ...]] = ()
    proof: ClassVar[str] = "tests run its examples on the engine, and what it says to run"


class NodeRule(PlanRule):
    """A rule that looks at nodes, those with the operators that it names.

    Attributes:
        operators: As the engines name them; ``*`` for all.
    """

    operators: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return what is wrong with one node; it is asked for thousands of them, so it only counts."""

    @abstractmethod
    def tell(self, group: Group) -> Told | None:
        """Return what to say of nodes alike; None when a closer look at one of them takes it back."""


class WholeRule(PlanRule):
    """A rule about a plan as a whole."""

    @abstractmethod
    def judge(self, survey: Survey) -> Iterator[tuple[Load, Told]]:
        """Yield what is wrong, and what it weighs."""


class ScaleRule(PlanRule):
    """A rule about the plans that one statement has at several numbers of rows."""

    @abstractmethod
    def judge(self, plans: Sequence[tuple[float, Plan]]) -> Iterator[tuple[Load, Told]]:
        """Yield what is wrong with the plans, in ascending order of the numbers of rows."""
