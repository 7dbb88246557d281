"""Results as aligned text, which is Markdown too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.base import AtLeast, AtMost
from tests.benchmarks.measuring import Measured, Stopped, Unmeasured

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.benchmarks.base import Comparison, Contestant, Target
    from tests.benchmarks.measuring import Result

__all__ = ["LEGEND", "section", "verdicts"]

LEGEND = """\
Medians of the runs counted, each in a process of its own; before them comes one that is not counted, unless it left no
time for another. CPU is that of the call alone, user and system; "process" adds start, imports, preparation and end.
The ratio is the line's CPU divided by the first line's. Memory is the largest resident set of the process."""


def section(comparison: Comparison, results: Mapping[str, Result]) -> str:
    """Return a comparison's heading, table, verdicts and note."""
    heading = ["", "CPU", *([f"per {comparison.unit}"] if comparison.unit else []), "ratio"]
    heading += ["process", "wall", "memory", "runs", "what came out"]
    first = results[comparison.contestants[0].name]
    rows = [_row(each, results[each.name], first, comparison.unit) for each in comparison.contestants]
    blocks = [f"## {comparison.title}", _table(heading, rows), "\n".join(verdicts(comparison, results))]
    return "\n\n".join(block for block in [*blocks, comparison.note] if block)


def verdicts(comparison: Comparison, results: Mapping[str, Result]) -> list[str]:
    """Return one line a target: the target, the figure, and met, not met or cannot tell."""
    return [f"- target: {_verdict(target, results)}" for target in comparison.targets]


def _row(contestant: Contestant, result: Result, first: Result, unit: str) -> list[str]:
    blank = [""] if unit else []
    if isinstance(result, Unmeasured):
        word = "crashed" if result.crashed else "not measured"
        return [contestant.name, *blank, "", "", "", "", "", "", f"{word}: {_brief(result.reason)}"]
    if isinstance(result, Stopped):
        given_up = f"stopped after {result.timeout_s:.0f} s"
        ratio = f"> {_ratio(result.cpu_s, first)}" if _ratio(result.cpu_s, first) else ""
        return [contestant.name, f"> {_seconds(result.cpu_s)}", *blank, ratio, "", "", "", "1", given_up]
    each = [_seconds(result.cpu_s / contestant.units) if contestant.units else ""] if unit else []
    figures = [_ratio(result.cpu_s, first), _seconds(result.process_cpu_s), _seconds(result.wall_s)]
    return [
        contestant.name, _seconds(result.cpu_s), *each, *figures, f"{result.rss_bytes / 1e6:.0f} MB",
        str(result.runs), result.outcome
    ]  # fmt: skip


def _verdict(target: Target, results: Mapping[str, Result]) -> str:
    subject = results[target.subject]
    if isinstance(target, AtMost):
        return f"{target.subject} <= {_seconds(target.cpu_s)} of CPU: {_within(target, subject)}"
    peer = results[target.peer]
    wanted = f">= {target.factor:g}x as fast as" if target.factor != 1 else "no slower than"
    return f"{target.subject} {wanted} {target.peer}: {_faster(target, subject, peer)}"


def _within(target: AtMost, subject: Result) -> str:
    if isinstance(subject, Unmeasured):
        return "cannot tell, it was not measured"
    if isinstance(subject, Stopped):
        word = "NOT MET" if subject.cpu_s > target.cpu_s else "cannot tell, it was stopped"
        return f"> {_seconds(subject.cpu_s)}, {word}"
    return f"{_seconds(subject.cpu_s)}, {'met' if subject.cpu_s <= target.cpu_s else 'NOT MET'}"


def _faster(target: AtLeast, subject: Result, peer: Result) -> str:
    if not isinstance(subject, Measured) or isinstance(peer, Unmeasured):
        return "cannot tell, one of them was not measured"
    factor = peer.cpu_s / subject.cpu_s
    if isinstance(peer, Stopped):
        return f"> {factor:.3g}x, {'met' if factor >= target.factor else 'cannot tell, the peer was stopped'}"
    return f"{factor:.3g}x, {'met' if factor >= target.factor else 'NOT MET'}"


def _ratio(cpu_s: float, first: Result) -> str:
    return f"{cpu_s / first.cpu_s:.2f}" if isinstance(first, Measured) and first.cpu_s else ""


def _seconds(seconds: float) -> str:
    """Return a duration with three digits that mean something."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


def _brief(text: str) -> str:
    text = " ".join(text.split()).replace("|", "/")
    return text if len(text) <= 110 else f"{text[:107]}..."


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table with figures to the right."""
    widths = [max(len(row[at]) for row in [heading, *rows]) for at in range(len(heading))]
    left = {0, len(heading) - 1}
    rule = [f":{'-' * (width - 1)}" if at in left else f"{'-' * (width - 1)}:" for at, width in enumerate(widths)]
    return "\n".join(_line(row, widths, left) for row in [heading, rule, *rows])


def _line(row: Sequence[str], widths: Sequence[int], left: set[int]) -> str:
    padded = zip(row, widths, strict=True)
    cells = [cell.ljust(width) if at in left else cell.rjust(width) for at, (cell, width) in enumerate(padded)]
    return f"| {' | '.join(cells)} |"
