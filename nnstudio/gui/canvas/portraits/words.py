"""A card with a map of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from nnstudio.engine import Array
from nnstudio.gui.canvas.portrait import (
    Portrait,
    Subject,
    Tile,
    captioned,
    paint_caption,
    paint_icon,
    place_above_caption,
)
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.i18n import tr

MOST_WORDS = 400
_MOST_LABELS = 24
"""So many words wear their code: those of the row that is shown, then those that lie furthest out."""

_LETTERS = 0.8
_SIDE = 132.0
_BESIDE_DOT = 4.0


class WordsPortrait(Portrait):
    """For embeddings: the places of the words, seen from where they lie widest apart. Words of this row are lit."""

    key = "words"

    def size(self, subject: Subject) -> QSizeF:
        """Return a card around the map and the line below it."""
        del subject
        return captioned(QSizeF(_SIDE, _SIDE))

    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint a dot for each word, with its code where there is room for it."""
        del tiles
        table = None if frame is None else frame.numbers.get(f"{subject.id}/kernel")
        if frame is None or table is None or len(table) < 2:
            paint_icon(painter, subject.icon, rect)
            return
        place = place_above_caption(rect, QSizeF(_SIDE, _SIDE))
        points = flattened(table[:MOST_WORDS])
        source = frame.said(frame.network.sources(subject.id)[0])
        lit = set() if source is None else {int(code) for code in source.tolist() if 0 <= code < len(points)}
        furthest = np.argsort(-np.hypot(*points.T), kind="stable").tolist()
        labelled = [*sorted(lit), *(code for code in furthest if code not in lit)][:_MOST_LABELS]
        font = painter.font()
        small = painter.font()
        small.setPixelSize(round(font.pixelSize() * _LETTERS) if font.pixelSize() > 0 else 10)
        painter.setFont(small)
        dots = [place.center() + QPointF(x, -y) * _SIDE * 0.46 for x, y in points.tolist()]
        painter.setPen(Qt.PenStyle.NoPen)
        for code, dot in enumerate(dots):
            painter.setBrush(theme.color("accent" if code in lit else "faint"))
            painter.drawEllipse(dot, 3.0 if code in lit else 2.0, 3.0 if code in lit else 2.0)
        for code, label in labels_with_room(dots, labelled, painter.fontMetrics(), rect.right() - 2).items():
            painter.setPen(theme.color("text" if code in lit else "dim"))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, str(code))
        painter.setFont(font)
        words = tr("{count} words") if len(table) <= MOST_WORDS else tr("{shown} of {count} words")
        paint_caption(painter, rect, words.format(count=f"{len(table):,}", shown=MOST_WORDS), theme)


def labels_with_room(
    dots: Sequence[QPointF], codes: Sequence[int], metrics: QFontMetrics, right: float
) -> dict[int, QRectF]:
    """Return where codes stand beside their dots; one that would lie over an earlier one has none.

    Parameters
    ----------
    dots : sequence of QPointF
        The place of each word.
    codes : sequence of int
        Those that matter most first.
    metrics : QFontMetrics
    right : float
        How far words may reach; near it a code stands on the other side of its dot.
    """
    found: dict[int, QRectF] = {}
    for code in codes:
        dot, wide = dots[code], metrics.horizontalAdvance(str(code))
        aside = _BESIDE_DOT if dot.x() + _BESIDE_DOT + wide <= right else -_BESIDE_DOT - wide
        label = QRectF(dot.x() + aside, dot.y() - 2 - metrics.ascent(), wide, metrics.height())
        if not any(label.intersects(other) for other in found.values()):
            found[code] = label
    return found


def flattened(table: Array) -> Array:
    """Return places between -1 and 1 on the plane on which rows differ most (their two main components).

    Parameters
    ----------
    table : Array of shape (rows, numbers)

    Returns
    -------
    Array of shape (rows, 2)
    """
    centred = np.asarray(table, np.float64) - np.mean(table, axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    main = axes[:, ::-1][:, :2]
    # The sign of an axis is free: the larger end points right and up, so that the map does not flip between frames.
    main = main * np.sign(main[np.abs(main).argmax(axis=0), np.arange(main.shape[1])])
    found = np.zeros((len(centred), 2))
    found[:, : main.shape[1]] = centred @ main
    return found / max(float(np.abs(found).max()), 1e-12)
