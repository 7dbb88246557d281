"""Files of holes, as long as the server is to see them."""

from __future__ import annotations

import errno
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planroom.engines.postgres.accounts import Account
from planroom.engines.postgres.inflating import SEGMENT_PAGES, SparseFiles
from planroom.scaling.pages import BLOCK_BYTES

SELF = Account("self", os.geteuid(), os.getegid(), borrowed=False)
HEAD = b"head".ljust(2 * BLOCK_BYTES, b"\1")
BOUNDARIES = [SEGMENT_PAGES * count + more for count in range(5) for more in (-1, 0, 1) if count or more > 0]


def pages_seen(path) -> int:
    """What the server finds (mdnblocks in md.c): it goes on to the next segment while one is full."""
    segment, pages = 0, 0
    while True:
        file = path.with_name(f"{path.name}.{segment}") if segment else path
        found = file.stat().st_size // BLOCK_BYTES if file.exists() else 0
        assert found <= SEGMENT_PAGES
        pages, segment = pages + found, segment + 1
        if found < SEGMENT_PAGES:
            return pages


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@settings(max_examples=50)
@given(st.lists(st.sampled_from(BOUNDARIES) | st.integers(0, 5 * SEGMENT_PAGES), min_size=1, max_size=8))
def test_a_file_has_the_pages_asked_for_whatever_it_had_before(folder, sizes):
    (folder / "1").mkdir(exist_ok=True)
    for old in (folder / "1").iterdir():
        old.unlink()
    (folder / "1" / "7").touch()
    files = SparseFiles(folder, "1", SELF)
    for pages in sizes:
        files.resize("1/7", pages, HEAD)
        assert pages_seen(folder / "1" / "7") == pages
        assert files.read("1/7", 2) == HEAD[: pages * BLOCK_BYTES]
    assert files.disk_bytes < 1e6


@pytest.mark.parametrize("code", [errno.EMLINK, errno.EPERM])
def test_where_a_file_can_have_few_names_or_one_there_are_more_files(tmp_path, monkeypatch, code):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "7").touch()
    files = SparseFiles(tmp_path, "1", SELF)
    link, made = os.link, []

    def few(source: str, target: str) -> None:
        made.append(source)
        if code == errno.EPERM or made.count(source) > 2:
            raise OSError(code, os.strerror(code))
        link(source, target)

    monkeypatch.setattr(os, "link", few)
    files.resize("1/7", 8 * SEGMENT_PAGES + 3, HEAD)

    assert pages_seen(tmp_path / "1" / "7") == 8 * SEGMENT_PAGES + 3
    assert len(set(made)) == (1 if code == errno.EPERM else 4)
