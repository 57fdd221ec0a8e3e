"""What a panel shows while it has nothing to show: one sentence, and buttons that help."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class EmptyState(QWidget):
    """A sentence in the middle, with buttons under it.

    Parameters
    ----------
    sentence : str
    buttons : sequence of (text, callable)
        The first is the one most people want.
    """

    def __init__(
        self, sentence: str, buttons: Sequence[tuple[str, Callable[[], None]]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label = QLabel(sentence)
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setProperty("role", "dim")
        row = QHBoxLayout()
        row.addStretch()
        for index, (text, press) in enumerate(buttons):
            button = QPushButton(text)
            button.setProperty("kind", "primary" if index == 0 else "plain")
            button.clicked.connect(press)
            row.addWidget(button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.addStretch()
        layout.addWidget(self._label)
        layout.addSpacing(6)
        layout.addLayout(row)
        layout.addStretch()

    def set_sentence(self, sentence: str) -> None:
        """Show another sentence."""
        self._label.setText(sentence)

    def sentence(self) -> str:
        """Return the sentence that is shown."""
        return self._label.text()
