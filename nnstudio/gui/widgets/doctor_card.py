"""A quiet card that says what is wrong with a run, and offers what helps."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.widgets.flow_layout import FlowLayout
from nnstudio.i18n import tr

_MARGIN = 12
_WIDEST, _NARROWEST = 860, 160
_SHORTEST_LINE = 320
"""Pixels that a line of the sentence has at least; where the buttons leave less beside it, they stand below."""


class DoctorCard(QFrame):
    """A strip along the upper edge of a widget, where drawings have their margin; hidden while there is nothing to say.

    Parameters
    ----------
    over : QWidget
        Where it stands.
    """

    cure_wanted = Signal()
    shown_wanted = Signal()
    next_wanted = Signal()
    dismissed = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("doctorCard")
        self.setAccessibleName(tr("Training doctor"))
        set_role(self, Role.Grouping)
        self._over = over
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self.cure = QToolButton()
        self.cure.setProperty("kind", "plain")
        self.cure.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.show_it = _small(tr("Show"), tr("Select the layers that are meant"))
        self.next = _small("", tr("Show the next thing that was found"))
        self.close_it = _small("×", tr("Say no more about this until the next run"))
        self.close_it.setAccessibleName(tr("Dismiss"))
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(14, 6, 6, 6)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._sentence, 1)
        self._buttons = QWidget()
        self._row = FlowLayout(gap=6)
        self._buttons.setLayout(self._row)
        for button in (self.cure, self.show_it, self.next, self.close_it):
            self._row.addWidget(button)
        self._layout.addWidget(self._buttons, 0, Qt.AlignmentFlag.AlignVCenter)
        self.cure.clicked.connect(self.cure_wanted)
        self.show_it.clicked.connect(self.shown_wanted)
        self.next.clicked.connect(self.next_wanted)
        self.close_it.clicked.connect(self.dismissed)
        over.installEventFilter(self)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said now."""
        return self._sentence.text()

    def say(self, sentence: str, cure: str, *, can_show: bool, place: int, count: int, tip: str = "") -> None:
        """Say one of several things.

        Parameters
        ----------
        sentence, cure : str
            What is wrong, and the words of what helps.
        can_show : bool
            Whether there are layers to be shown.
        place, count : int
            Which of how many things it is, from 1.
        tip : str
            What the cure does besides.
        """
        self._sentence.setText(sentence)
        self.setAccessibleDescription(sentence)
        self.cure.setText(cure)
        self.cure.setAccessibleName(cure)
        self.cure.setToolTip(tip)
        self.show_it.setVisible(can_show)
        self.next.setVisible(count > 1)
        self.next.setText(tr("{place} of {count}").format(place=place, count=count))
        self.show()
        self.place()

    def place(self) -> None:
        """Go to the upper edge."""
        self.setFixedWidth(max(_NARROWEST, min(_WIDEST, self._over.width() - 2 * _MARGIN)))
        margins, buttons = self._layout.contentsMargins(), self._row.sizeHint().width()
        inside = self.width() - margins.left() - margins.right()
        is_beside = inside - self._layout.spacing() - buttons >= _SHORTEST_LINE
        direction = QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom
        self._layout.setDirection(direction)
        self._buttons.setFixedWidth(buttons if is_beside else inside)
        self.setFixedHeight(self._layout.totalHeightForWidth(self.width()))
        self.move((self._over.width() - self.width()) // 2, _MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of what it stands on."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)


def _small(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text or tip)
    button.setProperty("kind", "small")
    return button
