"""The menu that a right click opens on a field: back to the default, and copy."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QMenu, QWidget

from nnstudio.i18n import tr


class FieldMenu(QObject):
    """Gives a field a menu, by mouse and by the menu key.

    Parameters
    ----------
    field : QWidget
    default : str
        The default as it is read.
    reset : callable
        Puts the default into the field, and tells so as if the person had typed it.
    """

    def __init__(self, field: QWidget, default: str, reset: Callable[[], None]) -> None:
        super().__init__(field)
        self._field = field
        self._default = default
        self._reset = reset
        field.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        field.customContextMenuRequested.connect(self._on_requested)

    def menu(self) -> QMenu:
        """Return the menu for the field as it stands."""
        field = self._field
        menu = field.createStandardContextMenu() if isinstance(field, QLineEdit) else QMenu(field)
        menu.setParent(field, menu.windowFlags())
        if menu.actions():
            menu.addSeparator()
        back = menu.addAction(tr("Reset to default: {value}").format(value=self._default), self._reset)
        back.setEnabled(field.isEnabled() and words_of(field) != self._default)
        if not isinstance(field, QLineEdit):
            menu.addAction(tr("Copy"), self._copy)
        return menu

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(words_of(self._field))

    def _on_requested(self, place: QPoint) -> None:
        menu = self.menu()
        menu.exec(self._field.mapToGlobal(place))
        menu.deleteLater()


def words_of(field: QWidget) -> str:
    """Return what a field holds, as it is read."""
    if isinstance(field, QComboBox):
        return field.currentText()
    if isinstance(field, QCheckBox):
        return tr("yes") if field.isChecked() else tr("no")
    return field.text() if isinstance(field, QAbstractSpinBox | QLineEdit) else ""
