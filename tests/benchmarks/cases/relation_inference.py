"""Foreign keys hidden, then inferred again, beside rules that look at names alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtMost, Benchmark, Comparison, Contestant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

PROGRAM = "relations_inferred.py"
RULES = ("plural_id", "singular_id", "plural_identical", "singular_identical", "singular_inverted", "same_name",
         "suffix_and_plural")  # fmt: skip
NOTE = """\
"What came out" is precision, recall, and how many of those found are true, and of how many. The rules are in
`programs/_name_rules.py`: five strategies of tbls, of which the first is its default; the implied relations of
SchemaSpy; and a rule of thumb. Partitions are taken away before, for all of them."""


class RelationInference(Benchmark):
    """planroom and seven rules on schemas whose foreign keys are hidden."""

    order: ClassVar[int] = 60

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return a comparison for the shop, one for the user's own file, and one for speed."""
        for title, path in (("the shop", inputs.shop), ("your own file", inputs.own_file())):
            if path:
                yield Comparison(f"Relations inferred in {title}", _contestants(path), note=NOTE)
        large = (Contestant("planroom", PROGRAM, ("planroom", inputs.ddl("plain", tables=10_000)), units=10_000),)
        yield Comparison(
            "Relations inferred among 10,000 tables", large, (AtMost("planroom", 2.0),), unit="table", note=NOTE
        )


def _contestants(path: str) -> tuple[Contestant, ...]:
    return tuple(Contestant(name, PROGRAM, (name, path), most_runs=1) for name in ("planroom", *RULES))
