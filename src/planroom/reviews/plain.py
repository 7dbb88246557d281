"""A review as plain data: the JSON of ``planroom review --format json``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planroom.comparison.plain import plain as plain_difference
from planroom.linting.reporting.plain import plain_finding
from planroom.reviews.words import plan_lines

if TYPE_CHECKING:
    from planroom.reviews.content import Review, Since

__all__ = ["SCHEMA", "json_text", "plain"]

SCHEMA = "planroom.review/1"
"""The form's name and version; within a version, fields are only added."""


def plain(review: Review) -> dict[str, Any]:
    """Return a review as dictionaries, lists, texts and numbers; the notebooks' cells are left out."""
    return {
        "title": review.title,
        "summary": review.headline,
        "notebooks": [
            {"file": each.path.as_posix(), "title": each.title, "cells": each.cells, "faults": list(each.faults)}
            for each in review.chapters
        ],
        "judged": [
            {
                "subject": each.subject,
                "source": each.source,
                "findings": [plain_finding(one) for one in each.report.findings],
                "allowed": len(each.report.allowed),
                "new": [plain_finding(one) for one in each.new],
                "gone": [plain_finding(one) for one in each.gone],
            }
            for each in review.judged
        ],
        "decisions": _decisions(review),
        "since": _since(review.since) if review.since is not None else None,
    }


def _decisions(review: Review) -> list[dict[str, Any]]:
    log = review.decisions
    if log is None:
        return []
    return [
        {
            "id": each.id,
            "title": each.title,
            "status": each.status,
            "date": each.date,
            "file": each.source,
            "checks": [{"id": one.check.id, "state": str(one.state)} for one in log.by_record.get(each.name, ())],
        }
        for each in log.log.records
    ]


def _since(since: Since) -> dict[str, Any]:
    return {
        "revision": since.revision,
        "schema": plain_difference(since.difference) if since.difference is not None else None,
        "plans": [
            {"name": each.name, "file": each.file, "state": str(each.state), "shape": list(plan_lines(each))}
            for each in since.plans
        ],
        "decisions": [each.plain() for each in since.touched],
        "records": [{"file": each.path, "state": each.state, "title": each.title} for each in since.records],
        "notebooks": [{"file": each.path, "state": each.state, "title": each.title} for each in since.notebooks],
        "untold": list(since.untold),
    }


def json_text(review: Review) -> str:
    """Return a review as one JSON object in ASCII that ends with a newline."""
    return json.dumps({"schema": SCHEMA, **plain(review)}, indent=2, default=str) + "\n"
