"""The cycle collector is put off, and comes back."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from planroom.collector import put_off, seldom


def test_the_collector_rests_inside_and_runs_again_after():
    with put_off():
        assert not gc.isenabled()
        with put_off():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_brings_it_back():
    with pytest.raises(RuntimeError), put_off():
        raise RuntimeError
    assert gc.isenabled()


def test_who_runs_without_it_keeps_running_without_it():
    gc.disable()
    try:
        with put_off():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_inside_the_block_the_collector_waits_for_more_values():
    before = gc.get_threshold()
    with seldom():
        assert gc.get_threshold()[0] > 10 * before[0]
    assert gc.get_threshold() == before
    assert gc.isenabled()


def test_a_process_that_ends_quickly_collects_until_then_and_no_more():
    code = (
        "import atexit, gc; from planroom.collector import end_quickly\n"
        "atexit.register(lambda: print(gc.isenabled()))\n"
        "end_quickly(); end_quickly(); print(gc.isenabled())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "False"]
