"""The names beside the cells of a confusion matrix."""

import numpy as np
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from nnstudio.gui.plots.confusion_grid import ConfusionGrid


def picture(qtbot: QtBot, names: tuple[str, ...], width: int, height: int) -> tuple[ConfusionGrid, QImage]:
    grid = ConfusionGrid()
    qtbot.addWidget(grid)
    grid.resize(width, height)
    grid.show_counts(np.eye(len(names), dtype=np.int64), names)
    return grid, grid.grab().toImage()


def inked(image: QImage, left: int, top: int, right: int, bottom: int) -> int:
    """Return how many points of a part differ from its corner."""
    ground = image.pixelColor(left, top)
    return sum(image.pixelColor(x, y) != QColor(ground) for x in range(left, right) for y in range(top, bottom))


def test_twenty_long_names_in_little_room_are_numbered_and_still_stand_beside_the_rows(qtbot: QtBot) -> None:
    names = tuple(f"class number {place} that has a long name" for place in range(20))
    grid, image = picture(qtbot, names, 420, 150)
    first, last = grid.cell_rect(0, 0), grid.cell_rect(19, 19)
    left, top = round(first.left()), round(first.top())
    assert inked(image, 2, top, left - 4, round(last.bottom())) > 100
    assert inked(image, left, top - 15, round(last.right()), top - 3) > 100
    assert "class number 19" in grid.words(19, 19)


def test_names_that_have_room_are_not_numbered(qtbot: QtBot) -> None:
    _, named = picture(qtbot, ("setosa", "versicolor", "virginica"), 420, 150)
    _, numbered = picture(qtbot, ("1 setosa", "2 versicolor", "3 virginica"), 420, 150)
    assert named != numbered
    _, single = picture(qtbot, ("only",), 420, 150)
    assert inked(single, 2, 2, 400, 140) > 100
