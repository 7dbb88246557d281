"""A password appears nowhere; a hostile name is escaped everywhere; a file is written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import planroom as pr
from planroom.cli import main
from planroom.files import write_whole
from planroom.workbench.secrets import without_secrets

PASSWORD = "s3cr-t/Wort"
NAMES = [
    'x"><script>alert(1)</script>',
    "two\nlines",
    "\u202egnp.exe",
    "שלום",
    "👩‍🔬",
    "n" * 63,
    "\x1b[2J",
    "it's",
    "<b>",
]


@pytest.mark.parametrize(
    "source",
    [
        f"postgresql://ann:{PASSWORD}@127.0.0.1:1/shop",
        "postgresql://ann:s3cr-t%2FWort@127.0.0.1:1/shop",
        f"mysql://ann:{PASSWORD}@h/d",
        f"postgresql:/ann:{PASSWORD}@h/d",
        f"host=127.0.0.1 user=ann password={PASSWORD}",
        f"duckdb:///missing.duckdb?password={PASSWORD}",
    ],
)
def test_a_password_is_told_to_nobody(source, capsys, monkeypatch):
    monkeypatch.setenv("PLANROOM_DEBUG", "1")
    with pytest.raises(pr.PlanroomError) as caught:
        pr.read(source)
    for words in (["show", source], ["show", "--format", "json", source], ["show", "x", source], ["er", source]):
        assert main(words) == 2

    printed = "".join(capsys.readouterr())
    for told in (printed, str(caught.value), repr(caught.value)):
        assert "s3cr" not in told
        assert "Wort" not in told


@given(st.text(st.characters(exclude_characters="@/ :?#'\"", exclude_categories=["Z", "C"]), min_size=12, max_size=60))
def test_any_password_is_taken_out_of_a_url(password):
    assert password not in without_secrets(f"see postgresql://ann:{password}@db/shop now")


@pytest.mark.parametrize("placeholder", ["$1", "$12::text", "?", "%s", "%(token)s", ":token", "$1::text[]", "$1)),"])
@pytest.mark.parametrize("after", ["", "\n", "; select 1", " and id = 2"])
def test_a_placeholder_is_no_secret(placeholder, after):
    text = f"select 1 where (token = {placeholder}{after}"
    assert without_secrets(text) == text


@pytest.mark.parametrize("secret", ["$1ecret", "$1,rest", ":geheim", "?x", "%sx", "$1)x", "'$1'", "%(a)sx", ":tokenx"])
@pytest.mark.parametrize("after", ["", "\n", "&user=ann", " user=ann"])
def test_a_password_that_begins_like_a_placeholder_is_one_all_the_same(secret, after):
    assert without_secrets(f"token = {secret}{after}") == f"token = ***{after}"


def hostile_script() -> str:
    def quoted(name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    pieces = []
    for name in NAMES:
        one, text = quoted(name), name.replace("'", "''")
        pieces.append(f"CREATE SCHEMA {one};")
        pieces.append(f"CREATE TABLE {one}.{one} ({one} int PRIMARY KEY REFERENCES {one}.{one});")
        pieces.append(f"COMMENT ON TABLE {one}.{one} IS '{text}';")
    return "\n".join(pieces)


@pytest.mark.parametrize(
    "words", [["show"], ["show", "--format", "json"], ["convert", "--to", "json"], ["er", "--format", "json"]]
)
def test_hostile_names_steer_no_terminal(tmp_path, capsys, words):
    path = tmp_path / "hostile.sql"
    path.write_text(hostile_script(), encoding="utf-8")

    status = main([words[0], str(path), *words[1:]])
    printed = "".join(capsys.readouterr())

    assert status == 0
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    if words[-1] == "json":
        assert json.loads(printed)


@pytest.mark.parametrize("suffix", [".svg", ".html", ".mmd", ".md"])
def test_hostile_names_are_escaped_in_every_picture(tmp_path, suffix):
    path = tmp_path / "hostile.sql"
    path.write_text(hostile_script(), encoding="utf-8")

    assert main(["er", str(path), "-o", str(tmp_path / f"a{suffix}")]) == 0

    text = (tmp_path / f"a{suffix}").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_hostile_names_survive_the_way_through_every_text_format(tmp_path):
    model = pr.read(hostile_script())
    for suffix in (".json", ".sql"):
        path = tmp_path / f"a{suffix}"
        pr.write(model, path)

        assert {table.name for table in pr.read(path).tables} == set(NAMES)


# -- whole or not at all -----------------------------------------------------------------------------------------------


def left_in(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def test_a_write_that_fails_half_way_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_text("before")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)

    with pytest.raises(pr.PlanroomError, match="No space left"):
        write_whole(path, "after")
    assert path.read_text() == "before"
    assert left_in(tmp_path) == {"a.json"}


def test_an_interrupted_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupted(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.json", "after")
    assert left_in(tmp_path) == set()


@pytest.mark.parametrize("words", [["convert", "--to", "json"], ["er"]])
def test_a_folder_that_does_not_exist_is_2_and_writes_nothing(tmp_path, capsys, words):
    source = tmp_path / "a.sql"
    source.write_text("CREATE TABLE a (id int);")

    assert main([words[0], str(source), *words[1:], "-o", str(tmp_path / "no" / "a.svg")]) == 2
    assert "fix: name a file in a folder that exists" in capsys.readouterr().err
    assert left_in(tmp_path) == {"a.sql"}


def test_a_link_is_followed_and_modes_are_kept(tmp_path):
    real = tmp_path / "real.json"
    real.write_text("before")
    real.chmod(0o600)
    (tmp_path / "link.json").symlink_to(real)

    write_whole(tmp_path / "link.json", "after")

    assert (tmp_path / "link.json").is_symlink()
    assert real.read_text() == "after"
    assert real.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX pipes")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"  # never a real device: a mistake here, run by root, would destroy it
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, "x")
        assert os.read(reader, 10) == b"x"
    finally:
        os.close(reader)

    assert pipe.is_fifo()
    assert left_in(tmp_path) == {"pipe"}


@pytest.mark.skipif(os.name == "nt", reason="POSIX masks")
def test_a_new_file_has_the_modes_that_the_user_wants(tmp_path):
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
