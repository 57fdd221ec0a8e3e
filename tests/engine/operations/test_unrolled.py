"""What windows of convolutions see, beside looking at each point of each window."""

from itertools import product

import numpy as np
import pytest

from nnstudio.engine.operations.unrolled import Side, Unrolled, sides
from nnstudio.engine.operations.windows import Windows


@pytest.mark.parametrize("spread", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_a_point_of_windows_meets_the_picture_where_trying_all_says_so(stride: int, spread: int) -> None:
    for size, places, kernel, gap, margin in product((1, 2, 5), (1, 2, 4, 7), (1, 3), (1, 2), (0, 1, 2)):
        side = Side(size, places, kernel, stride, gap, margin, spread)
        for point in range(kernel):
            found = side.meeting(point)
            windows, points = (list(range(count))[part] for count, part in zip((places, size), found, strict=True))
            tried = product(range(places), range(size))
            met = [(o, at) for o, at in tried if o * stride + point * gap - margin == at * spread]
            assert list(zip(windows, points, strict=True)) == met


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("dilation", [(1, 1), (2, 1), (1, 2)])
@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (3, 2)])
def test_each_line_holds_what_its_windows_see(stride: tuple[int, int], dilation: tuple[int, int], padding: str) -> None:
    windows = Windows((7, 6), (3, 2), stride, padding, dilation)  # type: ignore[arg-type]  # one of the two
    x = np.random.default_rng(0).normal(size=(2, 7, 6, 5))
    unrolled = Unrolled(x, *sides(windows), with_one=True)
    unrolled.take()
    (top, bottom), (left, right) = windows.margins
    whole = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    lines, places = windows.output
    seen = unrolled.lines.reshape(lines, 3, 2 * 2 + 1, places, 5)
    for line, place, i, j in product(range(lines), range(places), range(3), range(2)):
        point = whole[:, line * stride[0] + i * dilation[0], place * stride[1] + j * dilation[1]]
        assert np.array_equal(seen[line, i, 2 * j : 2 * j + 2, place], point)
    assert (seen[:, :, -1] == 1).all()
