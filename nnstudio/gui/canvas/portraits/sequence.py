"""A card with a strip: time runs to the right, units stand one below the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from nnstudio.engine import Array
from nnstudio.gui.canvas.portrait import (
    Portrait,
    Subject,
    Tile,
    captioned,
    paint_caption,
    paint_icon,
    paint_values,
    place_above_caption,
)
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.i18n import tr

_WIDTH, _HEIGHT = 104.0, 76.0


class SequencePortrait(Portrait):
    """For layers that read or write sequences: what each unit says at every step, or the state that it carries."""

    key = "sequence"

    def size(self, subject: Subject) -> QSizeF:
        """Return a card around the strip and the line below it."""
        del subject
        return captioned(QSizeF(_WIDTH, _HEIGHT))

    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint the strip, and what runs to the right."""
        del tiles
        strip, words = (None, "") if frame is None else _strip(frame, subject.id)
        if strip is None:
            paint_icon(painter, subject.icon, rect)
            return
        paint_values(painter, place_above_caption(rect, QSizeF(_WIDTH, _HEIGHT)), strip, theme)
        paint_caption(painter, rect, words, theme)


def _strip(frame: LivingFrame, id: str) -> tuple[Array | None, str]:
    """Return numbers of shape (units, steps), and what they are."""
    learned = frame.learned(id)
    if learned is not None:
        kernels = [values for name, values in learned.items() if name.endswith("kernel")]
        if not kernels:
            return None, ""
        # A filter that looks at many numbers is shown as their mean.
        flat = [kernel if kernel.ndim == 2 else kernel.mean(axis=-2) for kernel in kernels]
        recurs = any(name.endswith("recurrent_kernel") for name in learned)
        return np.concatenate(flat).T, tr("inputs, state →") if recurs else tr("inputs →")
    trace = frame.traces.get(id)
    if trace is not None:
        return trace.T, tr("state over time →")
    values = frame.outputs.get(id)
    if values is None or values.ndim != 2:
        return None, ""
    return values.T, tr("steps →")
