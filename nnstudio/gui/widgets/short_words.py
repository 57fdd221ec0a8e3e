"""Lets a choice shorten the words for which it has no room, as labels do, where Qt would cut through a letter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

_BESIDE_ICON = 6


def shorten_words(choice: QComboBox, where: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
    """Let a choice show an ellipsis where there is no room for all of its words.

    Parameters
    ----------
    choice : QComboBox
    where : Qt.TextElideMode
        What gives way: the end of the words, or the middle where it is the end by which they differ.
    """
    choice.installEventFilter(_Painter(choice, where))


class _Painter(QObject):
    """Paints the choice whose child it is."""

    def __init__(self, choice: QComboBox, where: Qt.TextElideMode) -> None:
        super().__init__(choice)
        self._where = where

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint instead of the choice."""
        if event.type() != QEvent.Type.Paint or not isinstance(watched, QComboBox):
            return False
        option = QStyleOptionComboBox()
        watched.initStyleOption(option)
        place = watched.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, watched
        )
        icon = 0 if option.currentIcon.isNull() else option.iconSize.width() + _BESIDE_ICON
        room = place.width() - icon - 2
        option.currentText = watched.fontMetrics().elidedText(watched.currentText(), self._where, room)
        painter = QStylePainter(watched)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
        return True
