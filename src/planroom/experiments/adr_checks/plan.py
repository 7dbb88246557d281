"""The shape of a plan: what has to be in it, or must not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.evidence import Result
from planroom.errors import PlanroomError
from planroom.experiments.adr_checks.base import CheckKind, Ground, Verdict, files_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.adr.claims import CheckClaim

__all__ = ["Plan"]

_NOT = "no "


class Plan(CheckKind):
    """``{plan: queries/latest.sql, on: schemas/shop.sql, expect: "Index Scan using orders_pkey"}``."""

    def describe(self) -> str:
        """Return in one line what it checks, with an example."""
        return "a plan has a node, or none: {plan: queries/latest.sql, on: shop.sql, expect: no Seq Scan on orders}"

    def inputs(self, claim: CheckClaim, ground: Ground) -> Iterator[tuple[str, bytes]]:
        """Yield the claim, the query's file and the design."""
        yield from super().inputs(claim, ground)
        if claim.subject.endswith(".sql"):
            yield from files_below(ground, claim.subject)

    def run(self, claim: CheckClaim, ground: Ground) -> Verdict:
        """Return whether the plan has what is expected; the statement is planned, and not run."""
        expected = str(claim.arguments.get("expect") or "")
        if not expected:
            raise PlanroomError(
                "The check does not say what the plan is to have.", fix='say expect: "Index Scan using ...".'
            )
        sql = (
            (ground.root / claim.subject).read_text(encoding="utf-8")
            if claim.subject.endswith(".sql")
            else claim.subject
        )
        source = str(claim.arguments.get("on") or ground.default)
        with ground.opened(ground.path(source), str(claim.arguments.get("engine") or "postgres")) as engine:
            text = " ".join(ground.explain(sql, engine).split())
            asked = f"{engine.name} {engine.version}"
        unwanted = expected.startswith(_NOT)
        sought = " ".join(expected.removeprefix(_NOT).split())
        holds = (sought in text) != unwanted
        words = f"the plan has {'no ' * (holds == unwanted)}{sought}"
        return Verdict(Result.HOLDS if holds else Result.FAILS, words, asked)
