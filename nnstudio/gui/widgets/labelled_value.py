"""A small grey label over a bold number."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from nnstudio.gui.look.accessible import Role, set_role


class LabelledValue(QWidget):
    """A value with its name above it, as in the top bar.

    Parameters
    ----------
    label : str
        The name.
    widest : str
        The longest text it will show, which keeps the bar from jumping.
    """

    def __init__(self, label: str, widest: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel(label)
        self._label.setProperty("role", "dim")
        font = self._label.font()
        font.setPointSizeF(font.pointSizeF() * 0.86)
        self._label.setFont(font)
        self._value = QLabel("")
        self._value.setProperty("role", "value")
        strong = self._value.font()
        strong.setPointSizeF(strong.pointSizeF() * 1.12)
        strong.setWeight(QFont.Weight.Bold)
        strong.setFeature(QFont.Tag("tnum"), 1)
        self._value.setFont(strong)
        self._least = QFontMetrics(strong).horizontalAdvance(widest)
        self._value.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(7, 0, 7, 0)
        layout.setSpacing(0)
        layout.addWidget(self._label)
        layout.addWidget(self._value)
        self.setAccessibleName(label)
        set_role(self, Role.Grouping)

    def set_value(self, text: str) -> None:
        """Show a text."""
        if text != self._value.text():
            self._value.setText(text)
            self._fit()
            self.setAccessibleDescription(text)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for other letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        """Give the value a size of its own: with another text of the same size nothing is laid out anew."""
        hint = self._value.sizeHint()
        hint.setWidth(max(self._least, hint.width()))
        if hint != self._value.minimumSize():
            self._value.setFixedSize(hint)

    def value(self) -> str:
        """Return the text that is shown."""
        return self._value.text()
