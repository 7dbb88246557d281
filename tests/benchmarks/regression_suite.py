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
from planroom.linting.effects import Lock, WorkKind, effects
from planroom.linting.migrations import MIGRATION_RULES, Step, Target
from tests.benchmarks.replaying import Moment, Replay, digest
from tests.benchmarks.squawk import Squawk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    counts["locks"] += _locks_differ(moment)
    locks = {key: lock for key, lock in _locks(moment).items() if lock >= Lock.SHARE_UPDATE_EXCLUSIVE}
    if not locks:
        touched = {*moment.seen.locks, *moment.seen.work}
        counts["private" if touched & moment.private else "unlocked"] += 1
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


def _locks_differ(moment: Moment) -> bool:
    """Whether a lock from SHARE UPDATE EXCLUSIVE up is foreseen that is not taken or held, or the other way round."""
    foreseen = effects(moment.catalog, moment.statement, created=moment.private | moment.shadowed).locks
    seen, held = {**moment.seen.index_locks, **moment.seen.locks}, moment.seen.held
    for key in {*foreseen, *moment.seen.locks} - moment.private:
        ours = foreseen.get(key, 0)
        theirs = max(seen.get(key, 0), min(held.get(key, 0), ours))  # an earlier statement may have taken it
        if ours != theirs and max(ours, theirs) >= Lock.SHARE_UPDATE_EXCLUSIVE:
            return True
    return False


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


def _totals(record: Record) -> Iterator[tuple[str, object]]:
    yield from sorted(record.counts.items())
    yield "judged", len(record.cases)
    for name in JUDGES:
        yield from ((f"{name} {what}", count) for what, count in _cells(record.cases, name).items())
    yield "wrong", "; ".join(_wrong(record.cases))


def _line(case: Case) -> str:
    flags = f"{'p' if case.planroom else ''}{'s' if case.squawk else ''}" or "-"
    work = str(case.work) if case.work else "-"
    kind = case.kind if case.heavy != case.planroom else ""
    return "\t".join([case.file, case.digest, str(case.occurrence), str(int(case.lock)), work, flags, kind]).rstrip()


def read(text: str) -> tuple[dict[str, str], list[Case]]:
    """Return the head of a record, and its statements."""
    lines = text.splitlines()
    head = dict(line.removeprefix("# ").split("\t") for line in lines if line.startswith("#"))
    return head, [_read(line) for line in lines if not line.startswith("#")]


def _read(line: str) -> Case:
    file, hashed, occurrence, lock, work, flags, *kind = line.split("\t")
    done = None if work == "-" else WorkKind[work.upper()]
    return Case(file, hashed, int(occurrence), Lock(int(lock)), done, "p" in flags, "s" in flags, "".join(kind))


# -- telling ---------------------------------------------------------------------------------------------------------

LEFT_OUT = """\
Judged is what takes a lock from SHARE UPDATE EXCLUSIVE up on what others see. Left out, for planroom and squawk alike:
temporary tables and those of the same open transaction (nobody else can wait for them), tables without rows (the server
shows no work on them), the system's own tables, and what runs outside transactions alone. A script's statements meet
what the ones before it made; squawk is given those of the same transaction. Both are held to the same server."""


_HEAD = "| | heavy: found | missed | free: flagged | let be |\n| :--- | ---: | ---: | ---: | ---: |"
_CELLS = {"found": (True, True), "missed": (True, False), "flagged": (False, True), "let be": (False, False)}
JUDGES = ("planroom", "squawk")


def table(cases: Sequence[Case]) -> str:
    """Return who flags what, and what planroom gets wrong, by script and kind of statement."""
    rows = [f"| {name} | {' | '.join(map(str, _cells(cases, name).values()))} |" for name in JUDGES]
    return "\n\n".join(["\n".join([_HEAD, *rows]), _listed(_wrong(cases))])


def _cells(cases: Sequence[Case], name: str) -> dict[str, int]:
    counted = Counter((case.heavy, bool(getattr(case, name))) for case in cases)
    return {what: counted[key] for what, key in _CELLS.items()}


def _wrong(cases: Sequence[Case]) -> list[str]:
    wrong = [case for case in cases if case.heavy != case.planroom]
    return [f"{'missed' if each.heavy else 'flagged'}: {each.kind} in {each.file}.sql" for each in wrong]


def _listed(wrong: Sequence[str]) -> str:
    return "\n".join(f"- planroom {each}" for each in wrong) or "planroom differs in none."


def section(program: str) -> str:
    """Return the third table: replayed where the folder is given, and otherwise as it was recorded."""
    head, recorded = read(RECORD.read_text(encoding="utf-8"))
    folder = os.environ.get(FOLDER_VARIABLE, "")
    title = f"### PostgreSQL's regression suite, {len(recorded):,} statements sampled"
    if not folder:
        told = f"As recorded, from {head['source']}; `{FOLDER_VARIABLE}=FOLDER` replays it."
        return "\n\n".join([title, told, LEFT_OUT, table(recorded), _outline(head), _whole(head)])
    record = replayed(Path(folder), program)
    cases, differing = _verified(recorded, record)
    totals = dict(_totals(record))
    return "\n\n".join([title, f"Replayed. {differing}", LEFT_OUT, table(cases), _outline(totals), _whole(totals)])


def _outline(totals: Mapping[str, object]) -> str:
    return (
        f"Of the whole suite {totals['ran']} statements that change a design ran, and {totals['judged']} could be "
        f"judged; of {totals['locks']} statements a lock is foreseen otherwise than the server takes it."
    )


def _whole(totals: Mapping[str, object]) -> str:
    rows = [f"| {name} | {' | '.join(str(totals[f'{name} {what}']) for what in _CELLS)} |" for name in JUDGES]
    wrong = [each for each in str(totals["wrong"]).split("; ") if each]
    return "\n\n".join(["\n".join([_HEAD, *rows]), _listed(wrong)])


def _verified(recorded: Sequence[Case], record: Record) -> tuple[list[Case], str]:
    """Return the sampled statements as they came out now, and how far that is what was recorded."""
    now = {case.key: case for case in record.cases}
    there = [(case, now[case.key]) for case in recorded if case.key in now]
    other = [(was, is_) for was, is_ in there if (was.lock, was.work) != (is_.lock, is_.work)]
    said = f"Of {len(recorded):,} statements {len(there):,} are there by their hashes; {len(other)} came out otherwise."
    listed = [
        f"\n- {is_.kind} in {is_.file}.sql: {is_.lock}, {is_.work}, not {was.lock}, {was.work}" for was, is_ in other
    ]
    return [each for _, each in there], "".join([said, *listed])


def main(folder: str, source: str, program: str) -> None:
    """Replay the suite and keep what came of it."""
    record = replayed(Path(folder), program)
    RECORD.write_text(written(record, sampled(record.cases), source), encoding="utf-8")
    sys.stdout.write(table(sampled(record.cases)) + "\n\n" + table(record.cases) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
