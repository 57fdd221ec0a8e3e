"""Asks for a unit of a layer, counted from one."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QWidget

from nnstudio.i18n import tr


def ask_unit(owner: QWidget, layer: str, count: int, title: str) -> int | None:
    """Return the unit that was chosen, from 0, or None.

    Parameters
    ----------
    owner : QWidget
    layer : str
        What the layer is called.
    count : int
        How many units it has.
    title : str
        What will be done with it.
    """
    question = tr("Unit of '{name}', from 1 to {count}:").format(name=layer, count=count)
    unit, is_chosen = QInputDialog.getInt(owner, title, question, 1, 1, count)
    return unit - 1 if is_chosen else None
