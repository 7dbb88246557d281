"""The flaws of the example shop are all found, and nothing else is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import planroom as pr
from planroom.findings import Finding, Severity
from planroom.linting import lint_schema

SCHEMAS = Path(__file__).parents[2] / "schemas"
FLAWS: list[dict[str, str]] = yaml.safe_load((SCHEMAS / "shop.flaws.yml").read_text(encoding="utf-8"))
SLUGS = {
    "foreign-key-type-mismatch": "foreign-key-type-mismatch",
    "redundant-index-prefix": "redundant-index",
    "integer-key-will-run-out": "integer-key-runs-out",
}
"""Where a rule's name is not the flaw's."""


@pytest.fixture(scope="module")
def findings() -> tuple[Finding, ...]:
    return lint_schema(pr.read(SCHEMAS / "shop.sql")).findings


def is_about(finding: Finding, flaw: dict[str, str]) -> bool:
    subject = flaw["object"]
    if "index" in flaw:
        subject = f"{subject.partition('.')[0]}.{flaw['index']}"
    return finding.slug == SLUGS.get(flaw["flaw"], flaw["flaw"]) and finding.subject == subject


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: str(flaw["flaw"]))
def test_the_flaw_is_found_once_at_its_line(findings: tuple[Finding, ...], flaw: dict[str, Any]) -> None:
    found = [finding for finding in findings if is_about(finding, flaw)]

    assert len(found) == 1
    assert found[0].location.line
    assert found[0].location.source.endswith("shop.sql")


def test_every_error_is_a_planted_flaw(findings: tuple[Finding, ...]) -> None:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]

    assert errors
    assert [each for each in errors if not any(is_about(each, flaw) for flaw in FLAWS)] == []


@pytest.mark.parametrize("slug", sorted({SLUGS.get(flaw["flaw"], flaw["flaw"]) for flaw in FLAWS}))
def test_a_rule_that_finds_a_planted_flaw_finds_nothing_else(findings: tuple[Finding, ...], slug: str) -> None:
    found = [finding for finding in findings if finding.slug == slug and finding.severity is not Severity.NOTE]

    assert [each for each in found if not any(is_about(each, flaw) for flaw in FLAWS)] == []
