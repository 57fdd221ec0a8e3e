"""Unsaved work outlives the session, and no session takes another's."""

import os
from pathlib import Path

import pytest

from nnstudio.gui.recovery import Recovery
from nnstudio.project import Project


def work(note: str) -> Project:
    return Project(note=note)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def test_nothing_is_brought_back_where_nothing_was_kept(folder: Path) -> None:
    assert Recovery(folder).bring_back() is None
    assert not folder.exists()


def test_what_one_session_keeps_the_next_brings_back(folder: Path) -> None:
    Recovery(folder).keep(work("mine"))
    assert Recovery(folder).bring_back() == work("mine")


def test_work_that_was_not_brought_back_is_not_overwritten(folder: Path) -> None:
    Recovery(folder).keep(work("first"))
    Recovery(folder).keep(work("second"))
    for age, path in enumerate(reversed(Recovery(folder).kept())):
        os.utime(path, (age, age))
    newest = Recovery(folder)
    assert newest.bring_back() == work("second")
    newest.let_go()
    assert Recovery(folder).bring_back() == work("first")


def test_what_was_brought_back_lies_there_until_it_is_let_go(folder: Path) -> None:
    Recovery(folder).keep(work("mine"))
    session = Recovery(folder)
    session.bring_back()
    assert Recovery(folder).bring_back() == work("mine")  # the session ended without a word
    session.keep(work("more"))
    assert len(session.kept()) == 1
    assert Recovery(folder).bring_back() == work("more")
    session.let_go()
    assert session.kept() == ()


def test_a_file_that_cannot_be_opened_stays_and_the_next_one_is_brought_back(folder: Path) -> None:
    Recovery(folder).keep(work("mine"))
    bad = folder / "unsaved 2.nns"
    bad.write_bytes(b"not a project")
    os.utime(folder / "unsaved.nns", (1, 1))
    session = Recovery(folder)
    assert session.bring_back() == work("mine")
    session.let_go()
    assert session.kept() == (bad,)
