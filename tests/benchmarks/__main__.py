"""Runs every benchmark in ``cases``, prints the report as it grows, and writes it to build/bench.md.

Arguments are the names of benchmarks, all by default. The exit status is 0 whatever the figures are, and 1 when
one of planroom's own programs crashed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.registry import Registry
from tests.benchmarks import machine
from tests.benchmarks.base import Benchmark
from tests.benchmarks.inputs import Inputs
from tests.benchmarks.measuring import Unmeasured, measure
from tests.benchmarks.peers import Peers
from tests.benchmarks.report import LEGEND, section, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.benchmarks.base import Comparison
    from tests.benchmarks.measuring import Result

ROOT = Path(__file__).parent.parent.parent
BENCHMARKS: Registry[Benchmark] = Registry("benchmark", "tests.benchmarks.cases", Benchmark)  # type: ignore[type-abstract]

CONFUSION = "confusion"

Finished = tuple["Comparison", "Mapping[str, Result]"]


def main(names: Sequence[str]) -> int:
    """Run the benchmarks and return the exit status."""
    folder = ROOT / "build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    peers = Peers(ROOT / ".venv-bench", folder / "npm", folder / "bytecode")
    timed = [name for name in names if name != CONFUSION]
    chosen = sorted((BENCHMARKS[name] for name in timed or ([] if names else BENCHMARKS.names())), key=_order)
    report = [f"Machine: {machine.describe()}", LEGEND]
    for block in report:
        _say(block)
    finished: list[Finished] = []
    for comparison, results in _finished(chosen, Inputs(folder), peers):
        finished.append((comparison, results))
        report.append(section(comparison, results))
        _say(report[-1])
    if not names or CONFUSION in names:
        report.append(_confusion(peers))
        _say(report[-1])
    report.append(_summary(finished))
    _say(report[-1])
    (ROOT / "build" / "bench.md").write_text(
        "\n\n".join(["# Measured against peers", *report]) + "\n", encoding="utf-8"
    )
    return int(any(_crashed(results) for _, results in finished))


def _order(benchmark: Benchmark) -> int:
    return benchmark.order


def _confusion(peers: Peers) -> str:
    """Return who flags what is heavy; the server has the say, so nothing is timed."""
    from tests.benchmarks.confusion import section as confusion

    python = peers.python
    return (
        f"Not measured: {python.reason}"
        if isinstance(python, Unmeasured)
        else confusion(str(Path(python).parent / "squawk"))
    )


def _finished(chosen: Sequence[Benchmark], inputs: Inputs, peers: Peers) -> Iterator[Finished]:
    for benchmark in chosen:
        for comparison in benchmark.comparisons(inputs):
            yield comparison, measure(comparison.contestants, peers)


def _summary(finished: Sequence[Finished]) -> str:
    lines = [line for comparison, results in finished for line in verdicts(comparison, results)]
    return "\n".join(["## Targets", "", *(lines or ["none among these"])])


def _crashed(results: Mapping[str, Result]) -> bool:
    return any(isinstance(result, Unmeasured) and result.crashed for result in results.values())


def _say(block: str) -> None:
    sys.stdout.write(f"{block}\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
