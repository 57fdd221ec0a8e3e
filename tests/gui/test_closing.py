"""A window that is closed is gone, with everything that it made."""

import gc

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.app import create_studio
from nnstudio.paths import samples


def _widgets() -> set[int]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return {id(widget) for widget in QApplication.allWidgets()}


def test_nothing_is_left_of_a_window_that_was_closed(qtbot: QtBot) -> None:
    before = len(_widgets())
    studio = create_studio(samples() / "iris.nns")
    studio.window.show()
    qtbot.waitExposed(studio.window)
    assert len(_widgets()) > before + 500
    studio.window.close()
    studio.window.deleteLater()
    del studio
    qtbot.wait(1)
    assert len(_widgets()) <= before
