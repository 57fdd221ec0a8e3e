"""Lets cards glide from where they were to where they are."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation, Signal


class Glide(QObject):
    """Says, while it lasts, by how much each card is still away from its place.

    Attributes
    ----------
    shifts : dict of str to QPointF
        Empty when nothing glides.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.shifts: dict[str, QPointF] = {}
        self._whole: dict[str, QPointF] = {}
        self._animation = QVariantAnimation(self)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._animation.setStartValue(1.0)
        self._animation.setEndValue(0.0)
        self._animation.valueChanged.connect(self._on_changed)
        self._animation.finished.connect(self.stop)

    def start(self, before: Mapping[str, QPointF], after: Mapping[str, QPointF], milliseconds: int) -> None:
        """Begin; with no time nothing glides."""
        self.stop()
        moved = {key: before[key] - place for key, place in after.items() if before.get(key, place) != place}
        if moved and milliseconds > 0:
            self._whole = self.shifts = moved
            self._animation.setDuration(milliseconds)
            self._animation.start()

    def stop(self) -> None:
        """Be at the end at once."""
        if self._whole:
            self._whole, self.shifts = {}, {}
            self._animation.stop()
            self.changed.emit()

    def _on_changed(self, share: float) -> None:
        self.shifts = {key: shift * share for key, shift in self._whole.items()}
        self.changed.emit()
