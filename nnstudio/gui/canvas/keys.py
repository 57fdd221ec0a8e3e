"""What keys do on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from nnstudio.gui.canvas.walking import ARROWS

if TYPE_CHECKING:
    from nnstudio.gui.canvas.canvas import Canvas

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Keys:
    """Arrows walk along the wires, letters open the quick-add, Space held pans; the rest are actions of the window.

    Parameters
    ----------
    canvas : Canvas
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.holds_space = False

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; return whether it stands for something."""
        canvas, key, modifiers = self._canvas, Qt.Key(event.key()), event.modifiers()
        if key in ARROWS:
            across, down = ARROWS[key]
            if modifiers & Qt.KeyboardModifier.AltModifier:
                canvas.scene.nudge(across, down)
            else:
                canvas.scene.walk(across, down, extends=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
            canvas.reveal()
        elif key == Qt.Key.Key_Escape:
            canvas.pointing.cancel()
            canvas.scene.select_wire(None)
            canvas.update()
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.holds_space = True
            canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            canvas.scene.delete()
        elif key in _ENTERS and modifiers & Qt.KeyboardModifier.ControlModifier:
            canvas.quick_add_requested.emit(canvas.place_of_quick_add, "")
        elif key in _ENTERS:
            self._edit()
        elif event.text().isalnum() and not modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            canvas.quick_add_requested.emit(canvas.place_of_quick_add, event.text())
        else:
            return False
        return True

    def release(self, event: QKeyEvent) -> None:
        """End panning by the space bar."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.let_go()

    def let_go(self) -> None:
        """Hold nothing any more, because the keys go elsewhere and no release will be told."""
        if self.holds_space:
            self.holds_space = False
            self._canvas.setCursor(Qt.CursorShape.ArrowCursor)

    def _edit(self) -> None:
        """Edit what is selected: a note in place, a layer in the inspector."""
        canvas = self._canvas
        if canvas.scene.notes:
            canvas.writing.note(canvas.scene.notes[0])
        elif canvas.scene.nodes:
            canvas.inspect_requested.emit()
