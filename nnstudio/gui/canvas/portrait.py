"""What a portrait is: the size of a card, its tiles, and how its inside is painted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from nnstudio.engine import Array, Shape
from nnstudio.gui.look.colours import value_image
from nnstudio.gui.look.icons import layer_icon
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.i18n import tr

MOST_TILES = 12
FIRST_TILES = 5
LAST_TILES = 3
MOST_OPEN_TILES = 64
_PADDING = 10.0
_CAPTION = 16.0
_ICON = 26.0
_CORNER = 4.0
_VALUE = 44
"""The width that a value at the end of a line is given."""


@dataclass(frozen=True)
class Subject:
    """Who is portrayed.

    Attributes
    ----------
    id : str
    shape : tuple of int or None
        Of one row of the output.
    icon : str
        The key of the layer's icon.
    names : tuple of str
        What the units are called, where they have names.
    plane : bool
        Whether the network has two inputs, so that units have maps.
    open : bool
        Whether a folded layer was opened.
    """

    id: str
    shape: Shape | None
    icon: str
    names: tuple[str, ...] = ()
    plane: bool = False
    open: bool = False


@dataclass(frozen=True)
class Tile:
    """One unit on a card."""

    unit: int
    rect: QRectF


class Portrait(ABC):
    """The base of portraits; members set `key`."""

    key: ClassVar[str]

    @abstractmethod
    def size(self, subject: Subject) -> QSizeF:
        """Return the size of the card."""

    def tiles(self, subject: Subject, rect: QRectF) -> tuple[Tile, ...]:
        """Return the units that are shown on a card at this place."""
        del subject, rect
        return ()

    def fold(self, subject: Subject, rect: QRectF) -> QRectF | None:
        """Return where a click opens or closes the card, or None."""
        del subject, rect
        return None

    @abstractmethod
    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint the inside of the card."""


def shown_units(count: int, *, opened: bool) -> tuple[int, ...]:
    """Return which of a layer's units are shown: all of a few, else the first and the last."""
    if count <= MOST_TILES:
        return tuple(range(count))
    if opened:
        return tuple(range(min(count, MOST_OPEN_TILES)))
    return (*range(FIRST_TILES), *range(count - LAST_TILES, count))


def flat_count(subject: Subject) -> int:
    """Return how many units a layer has that says one number each; 0 for others."""
    return subject.shape[0] if subject.shape and len(subject.shape) == 1 else 0


def captioned(size: QSizeF) -> QSizeF:
    """Return the size of a card that holds a picture of this size and a line below it."""
    return QSizeF(size.width() + 2 * _PADDING, size.height() + 2 * _PADDING + _CAPTION)


def place_above_caption(rect: QRectF, size: QSizeF) -> QRectF:
    """Return where on such a card the picture is."""
    return QRectF(rect.topLeft() + QPointF(_PADDING, _PADDING), size)


def paint_caption(painter: QPainter, rect: QRectF, words: str, theme: Theme) -> None:
    """Paint the line at the lower end of such a card."""
    painter.setPen(theme.color("dim"))
    line = QRectF(rect.left(), rect.bottom() - _PADDING - _CAPTION + 3, rect.width(), _CAPTION)
    painter.drawText(line, Qt.AlignmentFlag.AlignCenter, words)


def paint_fold(painter: QPainter, place: QRectF | None, hidden: int, theme: Theme, *, opened: bool) -> None:
    """Paint the line that opens or closes a card, with how many units are folded away."""
    if place is not None:
        words = tr("fold") if opened else tr("… {count} more").format(count=f"{hidden:,}")
        painter.setPen(theme.color("accent"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def paint_named_value(painter: QPainter, line: QRectF, name: str, value: str, theme: Theme) -> None:
    """Paint a name at the left of a line, shortened where it must be, and a value at its right."""
    painter.setPen(theme.color("dim"))
    short = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(line.width() - _VALUE))
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, short)
    painter.setPen(theme.color("text"))
    painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, value)


def paint_bar(painter: QPainter, line: QRectF, share: float, colour: QColor, theme: Theme) -> None:
    """Paint a thin bar at the bottom of a line, filled to a share of its length."""
    bar = QRectF(line.left(), line.bottom() - 4, line.width(), 3)
    painter.fillRect(bar, theme.color("chip"))
    painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), colour)


def paint_icon(painter: QPainter, icon: str, rect: QRectF) -> None:
    """Paint a layer's icon in the middle of a card that has nothing else to show."""
    place = QRectF(0, 0, _ICON, _ICON)
    place.moveCenter(rect.center())
    layer_icon(icon).paint(painter, place.toRect())


def paint_values(painter: QPainter, place: QRectF, values: Array, theme: Theme) -> None:
    """Paint numbers of shape (height, width) as a picture with round corners, each number a field of one colour."""
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(place, _CORNER, _CORNER)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.drawImage(place, value_image(values, theme))
    painter.restore()
    painter.setPen(theme.pen("line", 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place, _CORNER, _CORNER)
