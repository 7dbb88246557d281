"""What came of a decision's checks, kept beside the records: enough to tell true from untried from out of date.

The file holds one line an outcome, sorted, so that it merges and reviews as text. An outcome remembers the hash of
what it was about (the check itself, files, the engine); when that differs now, nothing is claimed.
"""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Evidence", "Outcome", "Result", "State", "digest", "state_of"]

SCHEMA = "planroom.adr-evidence/1"


class Result(enum.StrEnum):
    """What a check said."""

    HOLDS = "holds"
    FAILS = "fails"
    CANNOT_TELL = "cannot tell"


class State(enum.StrEnum):
    """What is known now of a claim, without running anything."""

    TRUE = "still true"
    FALSE = "no longer true"
    CANNOT_TELL = "cannot tell"
    CHANGED = "inputs changed, not re-run"
    UNTRIED = "never run"

    @property
    def glyph(self) -> str:
        """The sign that stands beside the word."""
        return {State.TRUE: "✓", State.FALSE: "✗"}.get(self, "?")


@dataclass(frozen=True, slots=True, order=True)
class Outcome:
    """What one check of one record said.

    Attributes:
        record: The record's file without suffix.
        check: The check's id.
        result: What it said.
        words: Why, for people; no values of a database.
        inputs: The SHA-256 of what it was about.
        engine: The engine and its version, where one was asked.
        at: The date.
    """

    record: str
    check: str
    result: str
    words: str
    inputs: str
    engine: str = ""
    at: str = ""


def digest(parts: Iterable[tuple[str, bytes]]) -> str:
    """Return the SHA-256 of named parts; their order does not count, their names do."""
    whole = hashlib.sha256()
    for name, data in sorted(parts):
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def state_of(outcome: Outcome | None, inputs: str) -> State:
    """Return what is known of a claim whose inputs have this hash now.

    Args:
        outcome: What the check said last; None when it was never run.
        inputs: The hash of its inputs now; empty when they cannot be read.
    """
    if outcome is None:
        return State.UNTRIED
    if outcome.inputs != inputs:
        return State.CHANGED
    return {Result.HOLDS: State.TRUE, Result.FAILS: State.FALSE}.get(Result(outcome.result), State.CANNOT_TELL)


@dataclass(frozen=True)
class Evidence:
    """All outcomes of a log, one a check."""

    outcomes: tuple[Outcome, ...] = ()

    def of(self, record: str, check: str) -> Outcome | None:
        """Return what a check said last."""
        return next((each for each in self.outcomes if (each.record, each.check) == (record, check)), None)

    def with_outcomes(self, new: Iterable[Outcome]) -> Evidence:
        """Return the evidence with newer outcomes in the place of older ones.

        One that says the same of the same inputs stays as it is, its date included, so that a run that finds nothing
        new changes no file.
        """
        found = {(each.record, each.check): each for each in self.outcomes}
        for each in new:
            old = found.get((each.record, each.check))
            same = old is not None and (old.result, old.inputs, old.engine) == (each.result, each.inputs, each.engine)
            found[each.record, each.check] = old if same and old is not None else each
        return Evidence(tuple(sorted(found.values())))

    def only(self, known: Iterable[tuple[str, str]]) -> Evidence:
        """Return the evidence of those checks alone: what is not claimed any more is forgotten."""
        kept = set(known)
        return Evidence(tuple(each for each in self.outcomes if (each.record, each.check) in kept))

    def text(self) -> str:
        """Return it as JSON, an outcome a line."""
        lines = ",\n".join("  " + json.dumps(asdict(each), ensure_ascii=False) for each in self.outcomes)
        return (
            f'{{"schema": "{SCHEMA}", "outcomes": [\n{lines}\n]}}\n'
            if lines
            else f'{{"schema": "{SCHEMA}", "outcomes": []}}\n'
        )

    @classmethod
    def read(cls, text: str, source: str) -> Evidence:
        """Return the evidence that a text holds.

        Raises:
            SyntaxProblem: It is none; the records are whole, and a run of the checks makes it anew.
        """
        try:
            found = json.loads(text)
            assert found["schema"] == SCHEMA  # noqa: S101  (told below as any other fault)
            return cls(tuple(sorted(Outcome(**each) for each in found["outcomes"])))
        except (ValueError, KeyError, TypeError, AssertionError) as error:
            raise SyntaxProblem(
                f"{source} holds no evidence that planroom can read.",
                why=f"{type(error).__name__}: {error}."[:200],
                fix="delete it; planroom adr check makes it anew.",
            ) from None
