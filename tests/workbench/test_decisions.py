"""What decisions claim is run on real engines by one call, and known afterwards without running anything."""

from __future__ import annotations

import json
import sys

import pytest

import planroom.adr as adr
from planroom.adr.evidence import State
from planroom.cli import main
from planroom.workbench.decision_log import check_decisions, decisions, touched

SHOP = "create table orders (id int primary key, email text, total numeric(12, 2) not null check (total >= 0));"
REFUSED = "select count(*) = 1 from pg_constraint where contype = 'c' and conrelid = 'orders'::regclass"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "planroom.toml").write_text('[adr]\nmodel = "shop.sql"\nallow = ["checks"]\n')
    (tmp_path / "shop.sql").write_text(SHOP)
    return tmp_path


def decide(title, *checks, **more):
    return adr.new(title, status="accepted", date="2026-01-02", checks=checks, **more)


def states(found):
    return {each.check.id: each.state for each in found.claims}


@pytest.mark.server
def test_a_planted_schema_change_turns_a_decision_red(project, capsys):
    decide("Totals are exact", {"id": "type", "schema": "type(orders.total) = numeric(12,2)"}, affects=["orders.total"])
    decide("No order is negative", {"id": "refused", "sql": REFUSED})

    assert states(decisions()) == {"type": State.UNTRIED, "refused": State.UNTRIED}
    assert main(["adr", "check"]) == 0
    assert states(decisions()) == {"type": State.TRUE, "refused": State.TRUE}
    evidence = (project / "adr" / "evidence.json").read_text()
    assert '"engine": "postgres 18' in evidence
    assert main(["adr", "check"]) == 0
    assert (project / "adr" / "evidence.json").read_text() == evidence, "a run that finds nothing new changes no file"

    (project / "shop.sql").write_text(SHOP.replace("numeric(12, 2)", "float8").replace("check (total >= 0)", ""))
    assert set(states(decisions()).values()) == {State.CHANGED}
    capsys.readouterr()
    assert main(["adr", "check"]) == 1
    assert "✗ ADR-0001 type: no longer true" in capsys.readouterr().out
    assert set(states(decisions()).values()) == {State.FALSE}


def test_a_check_that_cannot_be_run_is_not_green(project, capsys):
    decide("Kept somewhere", {"id": "gone", "schema": "exists(table:orders)", "on": "gone.sql"})
    decide("Kept by a kind that is none", {"id": "kind", "sqll": "select 1"})

    assert main(["adr", "check"]) == 1
    found = capsys.readouterr().out
    assert "? ADR-0001 gone" in found
    assert "There is no kind of check called 'sqll'" in found


def test_a_module_that_is_not_allowed_is_never_imported(project, capsys):
    (project / "other.py").write_text("raise SystemExit('imported')\n")
    (project / "checks.py").write_text("def yes(n):\n    assert n == 3, 'n is not 3'\ndef no():\n    return False\n")
    decide("By a stranger", {"id": "stranger", "call": "other:anything"})
    decide("By a friend", *({"id": f"n-{n}", "call": "checks:yes", "args": [n]} for n in (3, 4)))
    decide("By a no", {"id": "no", "call": "checks:no"}, {"id": "none", "call": "checks:missing"})
    try:
        found = states(check_decisions())
    finally:
        sys.modules.pop("checks", None)

    assert found == {
        "stranger": State.CANNOT_TELL, "n-3": State.TRUE, "n-4": State.FALSE, "no": State.FALSE,
        "none": State.CANNOT_TELL,
    }  # fmt: skip
    assert "other" not in sys.modules
    assert "does not import other" in str(decisions())


SYSTEMS = """
import planroom as pr
from planroom.architecture import Container, Relation

def system(*relations):
    containers = [Container("a"), Container("b"), Container("d", kind="database")]
    return pr.System("Shop", containers=containers, relations=relations)

one = system(Relation("a", "d"), Relation("b", "d", read_only=True))
both = system(Relation("a", "d"), Relation("b", "d"))
"""


def test_a_rule_about_the_system_is_a_check(project):
    (project / "checks.py").write_text(SYSTEMS)
    rule = {"architecture": "shared-database"}
    decide("One writes", *({"id": name, **rule, "system": f"checks:{name}"} for name in ("one", "both", "pr", "gone")))
    decide("By a stranger", {"id": "stranger", **rule, "system": "other:one"}, {"id": "nowhere", **rule})
    decide("No such rule", {"id": "unknown", "architecture": "ARC999", "system": "checks:one"})
    try:
        found = check_decisions()
    finally:
        sys.modules.pop("checks", None)

    unclear = dict.fromkeys(("pr", "gone", "stranger", "nowhere", "unknown"), State.CANNOT_TELL)
    assert states(found) == {"one": State.TRUE, "both": State.FALSE, **unclear}
    assert "shared-database finds: 2 containers write to D" in "".join(str(each) for each in found.red)

    (project / "checks.py").write_text(SYSTEMS + "\n")
    assert states(decisions())["one"] == State.CHANGED


def test_listing_drawing_and_linting_run_nothing(project, capsys):
    (project / "checks.py").write_text("raise SystemExit('imported')\n")
    decide("One", {"call": "checks:yes"})

    for command in (["list"], ["lint"], ["graph"], ["index"], ["show", "1"]):
        assert main(["adr", *command]) == 0
    assert "checks" not in sys.modules


def test_a_revisit_trigger_is_due_once_the_design_has_grown(project):
    decide("Few columns", {"schema": "exists(table:orders)"})
    path = project / "adr" / "0001-few-columns.md"
    path.write_text(
        path.read_text().replace("---\n\n#", "revisit-when: rows(orders) > 1M\nrevisit-by: 2026-06-01\n---\n\n#", 1)
    )

    assert [each.code for each in decisions(today="2026-05-01").findings if each.code == "ADR013"] == []
    assert [each.code for each in decisions(today="2026-06-02").findings if each.code == "ADR013"] == ["ADR013"]
    (project / "shop.notes.yml").write_text("orders: {rows: 2M}\n")
    (due,) = [each for each in decisions(today="2026-05-01").findings if each.code == "ADR013"]
    assert "rows(orders) > 1M holds" in due.message


@pytest.mark.server
def test_a_plan_and_a_rule_are_checks(project):
    (project / "q.sql").write_text("select * from orders where id = 3")
    plan = {"plan": "q.sql", "expect": "Index Scan using orders_pkey"}
    decide("By key", {"id": "plan", **plan}, {"id": "no-scan", **plan, "expect": "no Seq Scan"})
    decide("By rule", {"id": "lint", "lint": "SCH019", "on": "shop.sql"})
    found = states(check_decisions())

    assert found["plan"] == State.TRUE
    assert found["no-scan"] == State.TRUE
    assert found["lint"] == State.FALSE, "a column is called email, and has no class"


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        ("exists(table:orders)", State.TRUE), ("not exists(table:gone)", State.TRUE), ("exists(gone)", State.FALSE),
        ("not nullable(orders.total)", State.TRUE), ("nullable(orders.total)", State.FALSE),
        ("indexed(orders.id)", State.TRUE), ("unique(orders.id)", State.TRUE), ("unique(orders.email)", State.FALSE),
        ("primary_key(*)", State.TRUE), ("partitioned(orders)", State.FALSE), ("indexed(orders.gone)", State.FALSE),
        ("indexd(orders.id)", State.CANNOT_TELL), ("orders", State.CANNOT_TELL),
    ],
)  # fmt: skip
def test_facts_of_a_design(project, fact, state):
    decide("A fact", {"id": "fact", "schema": fact})

    assert states(check_decisions()) == {"fact": state}


def test_a_change_names_the_decisions_that_it_touches(project):
    import planroom as pr

    decide("Totals are exact", affects=["orders.total"])
    decide("Orders are kept", affects=["table:orders"])
    decide("All mails are personal", affects=["column:*.email"])
    model = pr.read("shop.sql")

    def named(*ids):
        return [record.id for record, _ in touched(adr.read_log(), frozenset(ids), model)]

    assert named("public.orders.total") == ["ADR-0001", "ADR-0002"]
    assert named("public.orders.email") == ["ADR-0002", "ADR-0003"]
    assert named("public.orders") == ["ADR-0001", "ADR-0002", "ADR-0003"]
    assert named("public.other") == []


def test_json_is_one_object(project, capsys):
    decide("One", {"id": "fact", "schema": "exists(orders)"}, affects=["orders"])
    capsys.readouterr()

    assert main(["adr", "check", "--format", "json", "--no-save"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "planroom.adr/1"
    assert data["decisions"][0]["affects"] == ["orders"]
    assert not (project / "adr" / "evidence.json").exists()


def test_evidence_that_cannot_be_read_is_said(project):
    decide("One", {"schema": "exists(orders)"})
    (project / "adr" / "evidence.json").write_text("{}")

    with pytest.raises(Exception, match="holds no evidence"):
        decisions()


def test_diff_and_lint_name_the_decisions_that_they_touch(project, capsys):
    decide("Totals are exact", affects=["orders.total"])
    decide("Nothing else", affects=["table:other"])
    (project / "m.sql").write_text("alter table orders alter total type double precision")
    (project / "new.sql").write_text(SHOP.replace("numeric(12, 2)", "float8"))
    capsys.readouterr()

    main(["diff", "shop.sql", "new.sql"])
    assert capsys.readouterr().out.endswith("touches ADR-0001 Totals are exact (orders.total)\n")
    main(["lint", "m.sql", "--model", "shop.sql"])
    assert capsys.readouterr().out.endswith("touches ADR-0001 Totals are exact (orders.total)\n")
    main(["lint", "m.sql", "--model", "shop.sql", "--format", "json"])
    assert [each["id"] for each in json.loads(capsys.readouterr().out)["decisions"]] == ["ADR-0001"]


def test_selectors_of_the_architecture_are_looked_up_in_a_system(project):
    import planroom as pr
    from planroom.architecture import Container

    decide("Billing is alone", affects=["container:billing", "container:biling"])
    system = pr.System("Shop", containers=[Container("billing", kind="service")])

    found = [each.facts["selector"] for each in decisions(system=system).findings if each.code == "ADR012"]
    assert found == ["container:biling"]
    assert [each.code for each in decisions().findings if each.code == "ADR012"] == []
