"""Files land whole or not at all."""
from __future__ import annotations

import errno
import os

import pytest

from planner.problems import SovplanError
from planner.reporting.write import write_atomically


def test_a_file_and_its_folders_are_made(tmp_path):
    write_atomically(tmp_path / "a" / "b" / "plan.json", b"new")
    assert (tmp_path / "a" / "b" / "plan.json").read_bytes() == b"new"
    assert os.listdir(tmp_path / "a" / "b") == ["plan.json"]


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_the_old_file_survives_a_full_disk(tmp_path, monkeypatch, broken):
    path = tmp_path / "plan.json"
    path.write_bytes(b"old")

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, broken, full)
    with pytest.raises(SovplanError, match="no space left on device; the old file is untouched"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["plan.json"]


def test_a_folder_that_is_a_file_is_refused_in_words(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(SovplanError, match="cannot write .*plan.json"):
        write_atomically(tmp_path / "out" / "plan.json", b"new")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(SovplanError):
        write_atomically(tmp_path / "plan.json", b"new")
    assert os.listdir(tmp_path) == ["plan.json"]


def test_what_a_killed_writing_left_is_swept_and_nothing_else(tmp_path):
    for name in (".sovplan-plan.json-x1.part", ".sovplan-other.json-x1.part", "plan.json.part", "notes.txt"):
        (tmp_path / name).write_text("left")
    write_atomically(tmp_path / "plan.json", b"new")
    assert sorted(os.listdir(tmp_path)) == [".sovplan-other.json-x1.part", "notes.txt", "plan.json", "plan.json.part"]


def test_permissions_are_those_of_the_old_file_or_of_the_mask(tmp_path):
    path = tmp_path / "plan.json"
    before = os.umask(0o027)
    try:
        write_atomically(path, b"1")
        assert path.stat().st_mode & 0o777 == 0o640
        path.chmod(0o600)
        write_atomically(path, b"2")
        assert path.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
