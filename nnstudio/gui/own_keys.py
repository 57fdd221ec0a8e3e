"""Keys that a part of the window keeps for itself, which would otherwise change the canvas."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def claims_key(event: QEvent, keys: Collection[Qt.Key], *, with_control: bool = False) -> bool:
    """Return whether an event asks who wants one of these keys, and claim it for who received it.

    Parameters
    ----------
    event : QEvent
        Any; all but questions about keys are left alone.
    keys : collection of Qt.Key
    with_control : bool
        Whether the keys are wanted together with Ctrl only.
    """
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if event.key() not in keys or (with_control and not event.modifiers() & Qt.KeyboardModifier.ControlModifier):
        return False
    event.accept()
    return True
