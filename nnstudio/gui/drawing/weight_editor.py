"""Lets a person set a weight by hand, by a double click on its edge."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from nnstudio.errors import NetworkError
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.canvas.hover import unit_name
from nnstudio.gui.canvas.scene import why_not_now
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.i18n import tr
from nnstudio.project.edits.weight_edits import set_weight

_DECIMALS = 6
_LARGEST = 1e6


class WeightEditor(QObject):
    """Asks for a weight, sets it in the run, and lets training go on where it was under way.

    Parameters
    ----------
    control : TrainingControl
    canvas : Canvas
    window : QWidget
    """

    told = Signal(str)

    def __init__(self, control: TrainingControl, canvas: Canvas, window: QWidget) -> None:
        super().__init__(window)
        self._control = control
        self._canvas = canvas
        self._window = window
        canvas.edge_chosen.connect(self.ask)

    def set(self, name: str, index: tuple[int, ...], value: float) -> None:
        """Set a weight; say why where that cannot be."""
        try:
            self._control.operate(lambda _: set_weight(name, index, value))
        except NetworkError as error:
            self.told.emit(str(error))

    def ask(self, kernel: str, source: int, target: int) -> None:
        """Ask for the weight between two neurons."""
        if self._canvas.scene.shows_past:
            self.told.emit(why_not_now())
            return
        frame = self._canvas.frame()
        values = frame.on_drawing().weights.get(kernel) if frame is not None else None
        if frame is None or values is None or values.ndim != 2:
            return
        node = kernel.rpartition("/")[0]
        geometry = self._canvas.scene.geometry
        before = geometry.network.sources(node)[0]
        ends = [unit_name(geometry, geometry.key_of(id), unit) for id, unit in ((before, source), (node, target))]
        value, wanted = QInputDialog.getDouble(
            self._window,
            tr("Set a weight"),
            tr("{source} → {target}. Zero shows what it is for; Ctrl+Z brings it back.").format(
                source=ends[0], target=ends[1]
            ),
            float(values[source, target]),
            -_LARGEST,
            _LARGEST,
            _DECIMALS,
        )
        if wanted:
            self.set(kernel, (source, target), value)
