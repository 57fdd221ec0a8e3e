"""Something new finds the nearest room, on the grid."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.project.free_place import free_place

_NUMBER = st.floats(-500, 500)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_NUMBER, _NUMBER, st.floats(10, 900), st.floats(10, 900)), max_size=30), _NUMBER, _NUMBER)
def test_the_place_is_free_and_on_the_grid(things: list[tuple[float, float, float, float]], x: float, y: float) -> None:
    taken = np.array([(a, b, a + width, b + height) for a, b, width, height in things]).reshape(-1, 4)
    left, top = free_place(taken, (80.0, 130.0), (x, y))
    assert left % 8 == 0
    assert top % 8 == 0
    apart = (
        (taken[:, 0] >= left + 40) | (taken[:, 2] <= left - 40) | (taken[:, 1] >= top + 65) | (taken[:, 3] <= top - 65)
    )
    assert apart.all()


def test_the_wanted_place_is_taken_where_it_is_free() -> None:
    assert free_place(np.zeros((0, 4)), (80.0, 130.0), (203.0, -99.0)) == (200.0, -96.0)


def test_what_is_new_stands_below_what_is_there_rather_than_in_the_next_column() -> None:
    taken = np.array([[-40.0, -65.0, 40.0, 65.0]])
    assert free_place(taken, (80.0, 130.0), (0.0, 0.0)) == (0.0, 144.0)


def test_below_everything_there_is_always_room() -> None:
    taken = np.array([[-5000.0, -5000.0, 5000.0, 5000.0]])
    assert free_place(taken, (80.0, 130.0), (0.0, 0.0)) == (0.0, 5072.0)
