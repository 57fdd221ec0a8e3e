"""Tells that something did not work, in words, with the technical details kept for copying."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from nnstudio.i18n import tr


class ReportDialog(QMessageBox):
    """One paragraph for the person; a button copies the details for a report.

    Parameters
    ----------
    message : str
        What happened, to what, and what to do.
    details : str
        Technical details; empty where the message says it all.
    """

    def __init__(self, message: str, details: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reportDialog")
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(tr("NN Studio"))
        self.setText(message)
        self.addButton(QMessageBox.StandardButton.Ok)
        self._details = details
        if details:
            copy = self.addButton(tr("Copy details"), QMessageBox.ButtonRole.ActionRole)
            copy.clicked.disconnect()  # a message box closes on any of its buttons, this one only copies
            copy.clicked.connect(self._on_copy)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.text()}\n\n{self._details}")
