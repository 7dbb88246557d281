"""Whatever goes wrong becomes an exit status and a few lines on stderr."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

import planroom as pr
from planroom.cli import main

COMMAND = [sys.executable, "-m", "planroom"]


def run(*words, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, words)], capture_output=True, text=True, timeout=60, **options)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["shw"], "There is no command called 'shw'."),
        (["shw"], "did you mean 'show'?"),
        (["show"], "Missing argument 'SOURCE'."),
        (["show"], "`planroom show --help` shows how it is called."),
        (["show", "x", "--formt", "json"], "No such option '--formt'."),
        (["show", "x", "--format", "xml"], "'xml' is not one of 'text', 'json'."),
        (["show", "x", "y"], "unexpected extra argument"),
        (["show", "x", "--fail-on", "eror"], "'eror' is not one of"),
        (["er", "x", "--hops", "-1"], "-1 is not in the range"),
        (["engines", "duckbd"], "did you mean 'duckdb'?"),
        (["formats", "jsn"], "did you mean 'json'?"),
        (["doctor", "postgre"], "did you mean 'postgres'?"),
        ([], "Usage: planroom"),
    ],
)
def test_an_unusable_call_is_2_and_says_why_and_what_to_do(planroom, words, says):
    result = planroom(*words)

    assert (result.status, result.out) == (2, "")
    assert says in result.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["convert", "{shop}"], "Neither --to nor --output"),
        (["convert", "{shop}", "--to", "jsn"], "did you mean 'json'?"),
        (["convert", "{shop}", "--to", "prisma"], "does not write prisma"),
        (["convert", "{shop}", "-o", "a.xyz"], "There is no format for files called '*.xyz'."),
        (["convert", "{shop}", "-o", "a"], "There is no format for files called 'a'."),
        (["show", "{shop}", "--from", "jsn"], "did you mean 'json'?"),
        (["show", "{shop}", "--notes", "{shop}x"], "did you mean"),
        (["er", "{shop}", "--focus", "ordres"], "did you mean 'orders'?"),
        (["er", "{shop}", "--detail", "column"], "did you mean 'columns'?"),
        (["er", "{shop}", "--cluster", "schemas"], "did you mean 'schema'?"),
        (["er", "{shop}", "-o", "a.sgv"], "picture format"),
        (["er", "{shop}", "--include", "ghost*"], "ghost*"),
    ],
)
def test_a_name_that_nothing_bears_is_2_and_names_the_nearest(planroom, shop, words, says):
    result = planroom(*(word.format(shop=shop) for word in words))

    assert (result.status, result.out) == (2, "")
    assert says in result.err


def test_a_planroom_error_is_printed_in_its_four_parts(planroom, tmp_path):
    path = tmp_path / "latin.sql"
    path.write_bytes("create table café (a int)".encode("latin-1"))

    assert planroom("show", path).err.splitlines() == [
        f"'{path}' is not UTF-8.",
        f"  where: {path}:1:17",
        "  why: the byte 0xe9 does not belong there.",
        "  fix: iconv -f windows-1252 -t utf-8 latin.sql > utf8.sql, if it is in that encoding.",
    ]


def test_a_bug_is_70_in_two_lines_and_the_traceback_is_asked_for(planroom, shop, monkeypatch):
    def broken(*_arguments, **_options):
        raise KeyError("never seen\nbefore, postgresql://u:geheim@h/d")

    monkeypatch.setattr("planroom.workbench.read", broken)
    quiet = planroom("show", shop)
    monkeypatch.setenv("PLANROOM_DEBUG", "1")
    loud = planroom("show", shop)

    assert quiet.status == loud.status == 70
    assert quiet.err.startswith("This is a bug in planroom: KeyError")
    assert "please report it" in quiet.err
    assert len(quiet.err.splitlines()) == 2
    assert "Traceback" in loud.err
    assert "geheim" not in quiet.err + loud.err


def test_an_interrupt_is_130_in_one_line(planroom, shop, monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("planroom.workbench.read", interrupted)

    result = planroom("show", shop)

    assert (result.status, result.out, result.err) == (130, "", "Interrupted.\n")


def test_too_little_memory_is_no_bug(planroom, shop, monkeypatch):
    def huge(*_arguments, **_options):
        raise MemoryError

    monkeypatch.setattr("planroom.workbench.read", huge)

    assert planroom("show", shop).status == 2


# -- the process -------------------------------------------------------------------------------------------------------


def test_the_version_is_printed():
    assert run("--version").stdout == f"planroom {pr.__version__}\n"


@pytest.fixture
def not_in_the_background():
    """A shell without job control starts what it puts in the background deaf to Ctrl-C, and children inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or os.name == "nt", reason="POSIX signals")
def test_ctrl_c_ends_a_running_command_in_one_line(not_in_the_background):
    with subprocess.Popen(
        [*COMMAND, "show", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        time.sleep(2)  # it waits for its input from here on
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (130, "Interrupted.\n")


def test_standard_input_is_a_source():
    result = run("show", "-", "--format", "json", input="create table a (id int primary key);")

    assert result.returncode == 0
    assert '"tables": 1' in result.stdout


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_a_reader_that_has_gone_is_no_error(shop):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        result = subprocess.run(
            [*COMMAND, "convert", shop, "--to", "json"], stdout=writing, stderr=subprocess.PIPE, timeout=60
        )
    finally:
        os.close(writing)

    assert (result.returncode, result.stderr) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
@pytest.mark.parametrize("words", [["convert", "{shop}", "--to", "json"], ["show", "{shop}"], ["--help"]])
def test_a_full_disk_behind_standard_output_is_said(shop, words):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        result = subprocess.run(
            [*COMMAND, *(word.format(shop=shop) for word in words)],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
        )  # fmt: skip

    assert result.returncode == 2
    assert result.stderr.splitlines() == ["The output cannot be written.", "  why: No space left on device."]


def test_a_terminal_that_knows_few_characters_shows_the_others_as_escapes(tmp_path):
    path = tmp_path / "a.sql"
    path.write_text('CREATE TABLE "日本" (id int); CREATE TABLE b (x int,,);', encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}

    shown = run("show", path, env=environment)
    converted = subprocess.run(
        [*COMMAND, "convert", path, "--to", "json"], capture_output=True, timeout=60, env=environment
    )

    assert shown.returncode == 1
    assert "\\xb7" in shown.stdout
    assert "日本".encode() in converted.stdout


HEAVY = {"sqlalchemy", "sqlglot", "duckdb", "psycopg", "diagrams", "pygraphviz", "yaml", "rich", "postgast", "IPython"}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["show", "--help"], ["shw"]])
def test_help_imports_nothing_heavy(words):
    code = (
        "import sys, io, contextlib\n"
        "from planroom.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):\n"
        f"    main({words!r})\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.__stdout__)\n"
        "print(*sorted(name for name in sys.modules if name.startswith('planroom.')), file=sys.__stdout__)\n"
    )

    top, own = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    ).stdout.splitlines()

    assert not HEAVY & set(top.split())
    assert words == ["shw"] or not [
        name for name in own.split() if not name.startswith(("planroom.cli", "planroom.er", "planroom.collector"))
    ]


def test_main_takes_the_words_of_the_process_when_given_none(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["planroom", "--version"])

    assert main() == 0
    assert capsys.readouterr().out == f"planroom {pr.__version__}\n"


def test_shells_can_complete_commands():
    environment = {**os.environ, "_PLANROOM_COMPLETE": "bash_complete", "COMP_WORDS": "planroom sh", "COMP_CWORD": "1"}

    assert "show" in run(env=environment).stdout
