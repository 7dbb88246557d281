"""The cycle collector is put off, and comes back."""

from __future__ import annotations

import gc

import pytest

from planroom.collector import put_off


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
