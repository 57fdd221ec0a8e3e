"""What a range test found: the cost at rising learning rates, and the rate to take."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.engine import RangeTest
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.theme import theme
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.i18n import tr


class _RateAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """Rates as the field beside it writes them."""

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the rates at some powers of ten."""
        del scale, spacing
        return [f"{10.0**value:g}" for value in values]


class LearningRateDialog(QDialog):
    """A curve with a line that can be dragged to another rate.

    Parameters
    ----------
    found : RangeTest
    current : float
        The rate that is set now.

    Attributes
    ----------
    rate : NumberField
        The rate that will be used.
    """

    def __init__(self, found: RangeTest, current: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learningRateDialog")
        self.setWindowTitle(tr("Find a learning rate"))
        self.resize(560, 420)
        about = QLabel(
            tr(
                "The rate was raised a little at every step, from the first weights. Where the curve falls steadily, "
                "training goes well; where it turns up, steps are too large. The line stands where the curve falls "
                "most steeply. Drag it to choose another rate."
            )
        )
        about.setWordWrap(True)
        self.plot = pg.PlotWidget(axisItems={"bottom": _RateAxis("bottom")})
        self.plot.setAccessibleName(tr("Cost at each learning rate"))
        set_role(self.plot, Role.Graphic)
        self.rate = NumberField(whole=False, minimum=1e-8, maximum=1e3)
        self.rate.setAccessibleName(tr("Learning rate"))
        self.rate.setValue(float(f"{found.suggestion:.2g}"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = buttons.addButton(tr("Use this rate"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(tr("Now"), QLabel(f"{current:g}"))
        form.addRow(tr("Learning rate"), self.rate)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addWidget(about)
        layout.addWidget(self.plot, 1)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self._line = pg.InfiniteLine(angle=90, movable=True)
        self._draw(found)
        self._line.sigPositionChanged.connect(self._on_line_moved)
        self.rate.valueChanged.connect(self._on_rate_changed)
        self._on_rate_changed()

    def _draw(self, found: RangeTest) -> None:
        colours, item = theme(), self.plot.getPlotItem()
        self.plot.setBackground(colours.panel)
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setLogMode(x=True)
        for axis, name in (("bottom", tr("learning rate")), ("left", tr("cost, smoothed"))):
            item.getAxis(axis).setPen(pg.mkPen(colours.line))
            item.getAxis(axis).setTextPen(pg.mkPen(colours.dim))
            item.setLabel(axis, name)
            item.getAxis(axis).enableAutoSIPrefix(False)
        item.showGrid(x=False, y=True, alpha=0.12)
        item.plot(found.rates, found.costs, pen=pg.mkPen(colours.accent, width=2))
        # What runs away after the lowest cost would press the part that matters flat.
        lowest, highest = float(found.costs.min()), float(found.costs[: int(found.costs.argmin()) + 1].max())
        item.setYRange(lowest, highest + 0.1 * max(highest - lowest, 1e-9))
        self._line.setPen(pg.mkPen(colours.negative, width=2, style=Qt.PenStyle.DashLine))
        self._line.setBounds((float(np.log10(found.rates[0])), float(np.log10(found.rates[-1]))))
        item.addItem(self._line)

    def _on_line_moved(self) -> None:
        self.rate.setValue(float(f"{10 ** self._line.value():.2g}"))

    def _on_rate_changed(self) -> None:
        self._line.blockSignals(True)
        self._line.setValue(float(np.log10(self.rate.value())))
        self._line.blockSignals(False)
