"""A whole studio for tests of the window."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio, create_studio

Open = Callable[..., Studio]


@pytest.fixture
def open_studio(qtbot: QtBot) -> Iterator[Open]:
    """Return a function that opens a studio on a file; every window is closed in the end."""
    made: list[Studio] = []

    def open_one(
        path: str | Path | None = None, *, theme: str = "light", size: tuple[int, int] = (1440, 900)
    ) -> Studio:
        studio = create_studio(path, theme=theme)
        studio.window.resize(*size)
        studio.window.show()
        qtbot.waitExposed(studio.window)
        made.append(studio)
        return studio

    yield open_one
    for studio in made:
        studio.window.close()
        studio.window.deleteLater()
