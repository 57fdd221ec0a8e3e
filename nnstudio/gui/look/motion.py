"""How long things may move: not at all where the person, or the system, wants it still."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QStyle


class MotionSignals(QObject):
    """Says that the person wants more or less motion."""

    changed = Signal()


motion_signals = MotionSignals()
_reduced = False


def duration(milliseconds: int) -> int:
    """Return how long an animation lasts that usually takes so many milliseconds; 0 where motion is reduced."""
    return 0 if is_reduced() else milliseconds


def is_reduced() -> bool:
    """Return whether the person has chosen less motion, or the system asks for it where Qt tells."""
    return _reduced or system_wants_less()


def system_wants_less() -> bool:
    """Return whether the desktop has switched animations off.

    Qt tells so in the duration of the animations of its own widgets.
    """
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


def reduce_motion(reduced: bool) -> None:
    """Set what the person has chosen."""
    global _reduced
    _reduced = reduced
    motion_signals.changed.emit()
