"""What a screen reader is told: what a widget that paints itself is, and what has happened."""

from __future__ import annotations

import time
from functools import cache

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

Role = QAccessible.Role

_PROPERTY = "accessibleRole"


def set_role(widget: QWidget, role: QAccessible.Role) -> None:
    """Say what a widget is, where Qt cannot know it from its class; before anybody asks."""
    _install()
    widget.setProperty(_PROPERTY, role.value)


@cache
def _install() -> None:
    QAccessible.installFactory(_make)


def _make(name: str, thing: QObject) -> QAccessibleInterface | None:
    del name
    if not isinstance(thing, QWidget) or thing.property(_PROPERTY) is None:
        return None
    return QAccessibleWidget(thing, Role(thing.property(_PROPERTY)))


class Announcer(QObject):
    """Lets a screen reader say things, but never more often than a person can listen: the newest wins.

    Parameters
    ----------
    widget : QWidget
        On whose behalf it is said.
    milliseconds : int
        The least time between two announcements.
    """

    said = Signal(str)

    def __init__(self, widget: QWidget, milliseconds: int) -> None:
        super().__init__(widget)
        self._widget = widget
        self._pause = milliseconds / 1000
        self._text = ""
        self._spoke = float("-inf")
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._speak)

    def say(self, text: str) -> None:
        """Say something, at once or as soon as it is time again."""
        self._text = text
        if not text:
            self._timer.stop()
        elif not self._timer.isActive():
            left = self._pause - (time.monotonic() - self._spoke)
            if left <= 0:
                self._speak()
            else:
                self._timer.start(round(1000 * left))

    @Slot()
    def _speak(self) -> None:
        self._spoke = time.monotonic()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._widget, self._text))
        self.said.emit(self._text)
