"""Sources as they were at a git revision: files, folders, notes, and what goes wrong."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import planroom as pr
from planroom.errors import SourceError
from planroom.workbench.revisions import revision_of

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a schema, its notes and a folder of migrations in the first commit, and another schema now."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    (tmp_path / "db" / "migrations").mkdir(parents=True)
    (tmp_path / "db" / "shop.sql").write_text("CREATE TABLE orders (id int, note text);")
    (tmp_path / "db" / "shop.notes.yml").write_text("orders: {owner: before}\n")
    for number in (2, 10, 1):
        (tmp_path / "db" / "migrations" / f"V{number}__step.sql").write_text(
            "CREATE TABLE m (id int);" if number == 1 else f"ALTER TABLE m ADD c{number} int;"
        )
    (tmp_path / "db" / "migrations" / "V1__step.down.sql").write_text("DROP TABLE m;")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "one")
    git(tmp_path, "tag", "v1")
    (tmp_path / "db" / "shop.sql").write_text("CREATE TABLE orders (id int);")
    (tmp_path / "db" / "shop.notes.yml").write_text("orders: {owner: after}\n")
    git(tmp_path, "commit", "--quiet", "-am", "two")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(source: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        pr.read(source)
    return caught.value


def test_a_file_is_read_as_it_was_with_its_notes(repository: Path) -> None:
    model = pr.read("v1:db/shop.sql")

    assert model.name == "shop"
    assert [column.name for column in model.table("orders").columns] == ["id", "note"]
    assert model.table("orders").annotations.owner == "before"
    assert str(model.table("orders").origin) == "v1:db/shop.sql:1:1"
    assert pr.read("HEAD~1:db/shop.sql") == model
    assert pr.read("HEAD:db/shop.sql") == pr.read("db/shop.sql")


def test_a_folder_is_read_in_the_order_of_a_folder(repository: Path) -> None:
    model = pr.read("main:db/migrations")

    assert model == pr.read("db/migrations")
    assert [column.name for column in model.tables[0].columns] == ["id", "c2", "c10"]


def test_paths_are_from_the_top_and_after_a_dot_from_where_one_is(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "db" / "migrations")

    assert pr.read("v1:./../shop.sql") == pr.read("v1:db/shop.sql")


def test_a_difference_takes_revisions(repository: Path) -> None:
    found = pr.diff("v1:db/shop.sql", "db/shop.sql")

    assert [(each.kind, each.subject) for each in found.changes] == [
        ("column", "public.orders.note"),
        ("table", "public.orders"),
    ]


def test_an_existing_file_of_that_name_wins(repository: Path) -> None:
    (repository / "v1:db").mkdir()
    (repository / "v1:db" / "shop.sql").write_text("CREATE TABLE other (id int);")

    assert pr.read("v1:db/shop.sql").tables[0].name == "other"


def test_a_missing_revision_names_the_nearest(repository: Path) -> None:
    assert "did you mean 'main'?" in str(refused("mian:db/shop.sql"))


def test_a_missing_path_names_the_nearest(repository: Path) -> None:
    error = refused("v1:db/shp.sql")

    assert error.what == "The revision 'v1' has no file or folder 'db/shp.sql'."
    assert "did you mean 'v1:db/shop.sql'?" in error.fix


def test_a_folder_without_a_repository_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert "belongs to no git repository" in str(refused("main:db/shop.sql"))


def test_without_git_it_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert "git is not installed" in str(refused("v1:db/shop.sql"))


@pytest.mark.parametrize(
    "source",
    [
        "--output=x:db/shop.sql",
        "--upload-pack=touch planted:db",
        "v1; touch planted:db/shop.sql",
        "$(touch planted):db/shop.sql",
        "v1:--output=planted",
        "v1:../../etc/passwd",
        "v1:db/\x1b[2J.sql",
        "v1:" + "x" * 5_000,
        "x" * 5_000 + ":db",
        "v1^{/.*}:nothing",
        "@{upstream}:db/shop.sql",
    ],
)
def test_nothing_that_is_no_revision_reaches_git_as_anything_else(source: str, repository: Path) -> None:
    error = refused(source)

    assert error.what
    assert not (repository / "planted").exists()


def test_hostile_paths_are_read_as_they_stand(repository: Path) -> None:
    for name in ("a b.sql", 'quo"te.sql', "[x]*.sql", "é🎉.sql", ":colon.sql"):
        (repository / name).write_text("CREATE TABLE t (id int);")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "three")

    for name in ("a b.sql", 'quo"te.sql', "[x]*.sql", "é🎉.sql", ":colon.sql"):
        assert len(pr.read(f"HEAD:{name}").tables) == 1


def test_what_is_no_text_is_refused_as_a_file_would_be(repository: Path) -> None:
    (repository / "binary.sql").write_bytes(b"\0\1\2")
    (repository / "pointer.sql").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "three")

    assert "not a text file" in refused("HEAD:binary.sql").what
    assert "Git LFS" in refused("HEAD:pointer.sql").what


@pytest.mark.parametrize("text", ["C:\\x.sql", "C:/x.sql", "plain.sql", ":x", " a:b\nc"])
def test_what_does_not_look_like_a_revision_is_none(text: str) -> None:
    assert revision_of(text) is None
