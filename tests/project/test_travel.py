"""Travelling through the history reaches every moment, keeps all others, and stops at its ends."""

import pytest

from nnstudio.paths import samples
from nnstudio.project import Document, edits, open_project


def worked_on() -> Document:
    document = Document(open_project(samples() / "iris.nns"))
    for units in (5, 6, 7):
        document.apply(edits.set_units("hidden_1", units))
    return document


def test_every_moment_is_reached_and_left_again() -> None:
    document = worked_on()
    count = len(document.past) + len(document.future)
    moments = [document.moment(index) for index in range(count + 1)]
    for index in (0, count, 1, 2, 0, 3):
        document.travel(index)
        assert document.project is moments[index]
        assert len(document.past) == index
        assert len(document.future) == count - index
        assert [document.moment(other) for other in range(count + 1)] == moments


def test_a_travel_is_as_many_undos() -> None:
    document, other = worked_on(), worked_on()
    document.travel(1)
    other.undo()
    other.undo()
    assert document.project == other.project
    assert (document.past, document.future) == (other.past, other.future)


def test_an_edit_in_the_past_lets_its_future_go() -> None:
    document = worked_on()
    document.travel(1)
    document.apply(edits.rename("answer", "other"))
    assert document.future == ()
    assert len(document.past) == 2


@pytest.mark.parametrize("index", [-1, 4, 99])
def test_there_is_nothing_beyond_the_ends(index: int) -> None:
    document = worked_on()
    before, past = document.project, document.past
    document.travel(index)
    assert document.project is before
    assert document.past == past


def test_listeners_hear_one_change_for_a_long_way() -> None:
    document = worked_on()
    heard: list[tuple[object, object]] = []
    document.subscribe(lambda before, after: heard.append((before, after)))
    last = document.project
    document.travel(0)
    assert heard == [(last, document.project)]
    document.travel(0)
    assert len(heard) == 1
