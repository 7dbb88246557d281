"""Foreign keys are hidden and inferred again, by planroom or by one of the rules that look at names alone."""

from __future__ import annotations

from dataclasses import replace

from _name_rules import RULES

import planroom as pr


def prepare(method, path):
    model = pr.read(path)
    true = {(model.roots[each[0]], each[1], model.roots.get(each[2], each[2])) for each in _pairs(model.relations)}
    return method, replace(model, tables=tuple(replace(each, foreign_keys=()) for each in model.tables)), true


def _pairs(relations):
    return {
        (each.child, tuple(sorted(zip(each.columns, each.referenced_columns, strict=True))), each.parent)
        for each in relations
    }


def work(prepared):
    method, model, true = prepared
    if method == "planroom":
        found = _pairs(pr.infer_relations(model))
    else:
        tables = [table for table in model.tables if not table.partition_of]
        found = {
            (child, tuple(sorted(zip(columns, referenced, strict=True))), parent)
            for child, columns, parent, referenced in RULES[method](tables)
        }
    right = len(found & true)
    precision, recall = right / len(found) if found else 1.0, right / len(true) if true else 1.0
    return f"precision {precision:.2f}, recall {recall:.2f}: {right} of {len(found)} found, of {len(true)} declared"
