"""Who flags what is heavy in PostgreSQL's own regression suite: planroom and squawk beside the server.

The suite's text is not kept here. With its folder (``PLANROOM_REGRESS``) every script is replayed; without it the
outcomes are those that were recorded, each statement by a hash of its text.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from planroom.engines.postgres.engine import OwnedPostgres
from planroom.findings import Effect
from planroom.linting.effects import Lock, WorkKind
from planroom.linting.migrations import MIGRATION_RULES, Step, Target
from tests.benchmarks.replaying import Moment, Replay, digest
from tests.benchmarks.squawk import Squawk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planroom.linting.effects import Key

__all__ = ["FOLDER_VARIABLE", "Case", "Record", "read", "replayed", "sampled", "table", "written"]

FOLDER_VARIABLE = "PLANROOM_REGRESS"
RECORD = Path(__file__).with_name("regression_suite.tsv")
SAMPLE, SEED = 1_000, 2026
SETUP = "test_setup.sql"
_BLOCKS = {Effect.BLOCKS_READS, Effect.BLOCKS_WRITES}


@dataclass(frozen=True, order=True)
class Case:
    """One statement and what came of it.

    Attributes:
        file: The script that it stands in.
        digest: A hash of its text.
        occurrence: How many statements of the same text stand before it there.
        lock: The strongest lock on what was there before.
        work: The heaviest work on it under a lock that stops writes.
        planroom: planroom flags it as heavy.
        squawk: squawk does.
        kind: What kind of statement it is.
    """

    file: str
    digest: str
    occurrence: int
    lock: Lock
    work: WorkKind | None
    planroom: bool
    squawk: bool
    kind: str

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it from all others."""
        return self.file, self.digest, self.occurrence

    @property
    def heavy(self) -> bool:
        """The server was seen to do work that grows with a table while it kept writers out."""
        return self.work is not None


@dataclass
class Record:
    """What a replay found.

    Attributes:
        cases: The statements that could be judged, in the order of the scripts.
        counts: How many statements ran, and how many could not be judged, by reason.
    """

    cases: list[Case] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


# -- replaying -------------------------------------------------------------------------------------------------------


def replayed(folder: Path, program: str) -> Record:
    """Replay every script of a folder, each on a fresh database, after the script that makes what all of them need.

    Args:
        folder: Where the scripts are.
        program: Where squawk is.
    """
    record = Record()
    setup = (folder / SETUP).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        squawk = Squawk(program, Path(scratch))
        for path in sorted(folder.glob("*.sql")):
            if path.name != SETUP:
                _play(path, setup, record, squawk)
    return record


def _play(path: Path, setup: str, record: Record, squawk: Squawk) -> None:
    with OwnedPostgres() as engine:
        replay = Replay(engine)
        try:
            for _ in replay.play(setup, SETUP):
                pass
            replay.ran = replay.alone = 0
            for moment in replay.play(path.read_text(encoding="utf-8", errors="replace"), path.stem):
                if case := _case(moment, path.stem, record.counts, squawk):
                    record.cases.append(case)
        finally:
            replay.close()
        record.counts["ran"] += replay.ran
        record.counts["outside"] += replay.alone


def _case(moment: Moment, file: str, counts: Counter[str], squawk: Squawk) -> Case | None:
    """Judge a statement; nothing where nobody could wait for it, or the server could not show what it does."""
    if moment.of_system:
        counts["system"] += 1
        return None
    locks = {key: lock for key, lock in _locks(moment).items() if lock >= Lock.SHARE_UPDATE_EXCLUSIVE}
    if not locks:
        counts["private" if set(moment.seen.locks) & moment.private else "unlocked"] += 1
        return None
    if any(lock.blocks_writes and key in moment.empty for key, lock in locks.items()):
        counts["empty"] += 1
        return None
    work = [kind for key, kind in moment.seen.work.items()
            if key in moment.filled and key in locks and locks[key].blocks_writes]  # fmt: skip
    return Case(
        file, digest(moment.statement.text), moment.occurrence, max(locks.values()), max(work, default=None),
        _flagged_by_planroom(moment), squawk.flags(moment.statement.text, moment.before), _kind(moment),
    )  # fmt: skip


def _locks(moment: Moment) -> dict[Key, Lock]:
    """Return the locks on what others see: those that the statement took, and those held from before where it works."""
    held = {key: lock for key, lock in moment.seen.held.items() if key in moment.seen.work}
    found = {**held, **{key: max(lock, held.get(key, lock)) for key, lock in moment.seen.locks.items()}}
    return {key: lock for key, lock in found.items() if key not in moment.private}


def _flagged_by_planroom(moment: Moment) -> bool:
    created = moment.private | moment.shadowed | moment.empty
    step = Step(moment.statement, moment.catalog, Target(), created)
    rules = [rule for rule in MIGRATION_RULES if moment.statement.kind in rule.statements]
    findings = (each for rule in rules if step.effects.work or not rule.needs_work for each in rule.check(step))
    return any(each.effect in _BLOCKS for each in findings)


def _kind(moment: Moment) -> str:
    commands = [node["AlterTableCmd"]["subtype"] for node in moment.statement.tree.get("cmds", ())
                if "AlterTableCmd" in node]  # fmt: skip
    return " ".join([moment.statement.kind, *dict.fromkeys(each.removeprefix("AT_") for each in commands)])


def sampled(cases: Iterable[Case]) -> list[Case]:
    """Return the sample that the seed draws, in the order of the scripts."""
    everything = list(cases)
    numbers = Random(SEED).sample(range(len(everything)), min(SAMPLE, len(everything)))
    return [everything[number] for number in sorted(numbers)]


# -- keeping ---------------------------------------------------------------------------------------------------------


def written(record: Record, sample: Iterable[Case], source: str) -> str:
    """Return the text of a record: what the whole suite gave, and each statement of the sample."""
    head = [f"# {name}\t{value}" for name, value in (("source", source), *_totals(record))]
    return "\n".join([*head, *map(_line, sample)]) + "\n"


def _totals(record: Record) -> Iterator[tuple[str, int]]:
    yield from sorted(record.counts.items())
    yield "judged", len(record.cases)
    for name, wrong in (("planroom", "planroom"), ("squawk", "squawk")):
        flags = [(case.heavy, getattr(case, wrong)) for case in record.cases]
        yield f"{name} found", flags.count((True, True))
        yield f"{name} missed", flags.count((True, False))
        yield f"{name} flagged", flags.count((False, True))
        yield f"{name} let be", flags.count((False, False))


def _line(case: Case) -> str:
    flags = f"{'p' if case.planroom else ''}{'s' if case.squawk else ''}" or "-"
    work = case.work.name.lower() if case.work else "-"
    lock = case.lock.name.lower().replace("_", " ")
    return "\t".join([case.file, case.digest, str(case.occurrence), lock, work, flags, case.kind])


def read(text: str) -> tuple[dict[str, str], list[Case]]:
    """Return the head of a record, and its statements."""
    lines = text.splitlines()
    head = dict(line.removeprefix("# ").split("\t") for line in lines if line.startswith("#"))
    return head, [_read(line) for line in lines if not line.startswith("#")]


def _read(line: str) -> Case:
    file, hashed, occurrence, lock, work, flags, kind = line.split("\t")
    return Case(
        file, hashed, int(occurrence), Lock[lock.upper().replace(" ", "_")],
        None if work == "-" else WorkKind[work.upper()], "p" in flags, "s" in flags, kind,
    )  # fmt: skip


# -- telling ---------------------------------------------------------------------------------------------------------

LEFT_OUT = """\
Judged is what takes a lock from SHARE UPDATE EXCLUSIVE up on what others see. Left out, for planroom and squawk alike:
temporary tables and those of the same open transaction (nobody else can wait for them), tables without rows (the server
shows no work on them), the system's own tables, and what runs outside transactions alone. A script's statements meet
what the ones before it made; squawk is given those of the same transaction. Both are held to the same server."""


def table(cases: list[Case]) -> str:
    """Return who flags what, and what planroom gets wrong, by script and kind of statement."""
    head = "| | heavy: found | missed | free: flagged | let be |\n| :--- | ---: | ---: | ---: | ---: |"
    rows = []
    for name in ("planroom", "squawk"):
        counted = Counter((case.heavy, bool(getattr(case, name))) for case in cases)
        figures = [counted[key] for key in ((True, True), (True, False), (False, True), (False, False))]
        rows.append(f"| {name} | {' | '.join(map(str, figures))} |")
    wrong = Counter(
        f"{'missed' if case.heavy else 'flagged'}: {case.kind} in {case.file}.sql"
        for case in cases
        if case.heavy != case.planroom
    )
    lines = [f"- planroom {each}{f', {count} times' if count > 1 else ''}" for each, count in sorted(wrong.items())]
    return "\n\n".join(["\n".join([head, *rows]), "\n".join(lines) or "planroom differs in none."])


def section(program: str) -> str:
    """Return the third table: replayed where the folder is given, and otherwise as it was recorded."""
    head, recorded = read(RECORD.read_text(encoding="utf-8"))
    folder = os.environ.get(FOLDER_VARIABLE, "")
    title = f"### PostgreSQL's regression suite, {len(recorded):,} statements sampled"
    if not folder:
        how = (f"As recorded: {head['source']}. Of the whole suite {int(head['ran']):,} statements that change a design "
               f"ran, and {int(head['judged']):,} could be judged; `{FOLDER_VARIABLE}=FOLDER` replays it.")  # fmt: skip
        return "\n\n".join([title, how, LEFT_OUT, table(recorded), "Of all that could be judged:", _whole(head)])
    record = replayed(Path(folder), program)
    cases, differing = _verified(recorded, record)
    blocks = [title, f"Replayed. {differing}", LEFT_OUT, table(cases), "Of all that could be judged:"]
    return "\n\n".join([*blocks, table(record.cases)])


def _whole(head: dict[str, str]) -> str:
    rows = [f"| {name} | {' | '.join(head[f'{name} {what}'] for what in ('found', 'missed', 'flagged', 'let be'))} |"
            for name in ("planroom", "squawk")]  # fmt: skip
    return "\n".join(
        ["| | heavy: found | missed | free: flagged | let be |", "| :--- | ---: | ---: | ---: | ---: |", *rows]
    )


def _verified(recorded: list[Case], record: Record) -> tuple[list[Case], str]:
    """Return the sampled statements as they came out now, and how far that is what was recorded."""
    now = {case.key: case for case in record.cases}
    found = [now[case.key] for case in recorded if case.key in now]
    other = [case for case in recorded
             if case.key in now and (now[case.key].lock, now[case.key].work) != (case.lock, case.work)]  # fmt: skip
    said = (
        f"{len(found):,} of {len(recorded):,} statements are there by their hashes, and {len(other)} came out otherwise"
    )
    listed = "".join(f"\n- {case.kind} in {case.file}.sql was {case.lock}, {case.work}" for case in other)
    return found, f"{said}.{listed}"


def main(folder: str, source: str, program: str) -> None:
    """Replay the suite and keep what came of it."""
    record = replayed(Path(folder), program)
    RECORD.write_text(written(record, sampled(record.cases), source), encoding="utf-8")
    sys.stdout.write(table(sampled(record.cases)) + "\n\n" + table(record.cases) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
