"""What a drawing is, and how it becomes a file."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator

from nnstudio.errors import ExportError
from nnstudio.i18n import tr
from nnstudio.project import write_atomically

FORMATS = ("svg", "pdf", "png")
MARGIN = 24.0
_MOST_PIXELS = 120_000_000
_POINTS_PER_UNIT = 0.75
_MILLIMETRES_PER_POINT = 25.4 / 72
_UNITS_PER_INCH = round(72 / _POINTS_PER_UNIT)
_FAMILY = re.compile(rb'font-family="([^"]*)"')


class Picture(ABC):
    """Something that can be painted at any size."""

    @property
    @abstractmethod
    def bounds(self) -> QRectF:
        """The place that it takes."""

    @abstractmethod
    def paint(self, painter: QPainter) -> None:
        """Paint it, in its own coordinates."""


def write_picture(drawing: Picture, path: Path, background: QColor | None = None, scale: float = 2.0) -> None:
    """Write a drawing to a file whose ending tells the format.

    Parameters
    ----------
    drawing : Picture
    path : Path
        Ends with one of `FORMATS`.
    background : QColor, optional
        By default there is none.
    scale : float
        Pixels for a unit of the drawing, where the format has pixels.

    Raises
    ------
    ExportError
        When there is no such format, or the picture would be too large.
    """
    kind = path.suffix.lower().removeprefix(".")
    writers = {"svg": _svg, "pdf": _pdf, "png": _png}
    if kind not in writers:
        raise ExportError(
            tr("A picture ends with .svg, .pdf or .png, but '{name}' does not. Choose one of these.").format(
                name=path.name
            )
        )
    write_atomically(path, writers[kind](drawing, background, scale))


def to_image(drawing: Picture, background: QColor | None, scale: float) -> QImage:
    """Return a drawing as pixels.

    Raises
    ------
    ExportError
        When it would be too large.
    """
    place = _place(drawing)
    width, height = round(place.width() * scale), round(place.height() * scale)
    if width * height > _MOST_PIXELS:
        words = tr("This picture would have {width} × {height} pixels. Choose a smaller scale, or SVG.")
        raise ExportError(words.format(width=f"{width:,}", height=f"{height:,}"))
    image = QImage(max(1, width), max(1, height), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent if background is None else background)
    painter = QPainter(image)
    painter.scale(scale, scale)
    _paint(drawing, painter, place)
    return image


def size_in_words(drawing: Picture, kind: str, scale: float) -> str:
    """Return how large a drawing is in a format, and what that means."""
    place = _place(drawing)
    if kind == "png":
        words = tr("{width} × {height} pixels.")
        return words.format(width=f"{round(place.width() * scale):,}", height=f"{round(place.height() * scale):,}")
    per_unit = _POINTS_PER_UNIT * _MILLIMETRES_PER_POINT
    words = tr("{width} × {height} mm, sharp at every size.")
    return words.format(width=round(place.width() * per_unit), height=round(place.height() * per_unit))


def _place(drawing: Picture) -> QRectF:
    return drawing.bounds.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)


def _paint(drawing: Picture, painter: QPainter, place: QRectF, background: QColor | None = None) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(drawing_font())
    painter.translate(-place.topLeft())
    if background is not None:
        painter.fillRect(place, background)
    drawing.paint(painter)
    painter.end()


def drawing_font() -> QFont:
    """Return the font of all drawings, in units of the drawing whatever the screen."""
    font = QFont("Inter")
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(12)
    return font


def _png(drawing: Picture, background: QColor | None, scale: float) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(to_image(drawing, background, scale))
    return bytes(buffer.data().data())


def to_svg(drawing: Picture, background: QColor | None) -> bytes:
    """Return a drawing as SVG."""
    place = _place(drawing)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setTitle(tr("Neural network"))
    generator.setResolution(_UNITS_PER_INCH)
    generator.setSize(place.size().toSize())
    generator.setViewBox(QRectF(0, 0, place.width(), place.height()))
    _paint(drawing, QPainter(generator), place, background)
    return _FAMILY.sub(_families, bytes(buffer.data().data()))


def _families(match: re.Match[bytes]) -> bytes:
    """Name the font that was measured first, and one that every reader has last; Qt names only what was asked for."""
    asked = match[1].decode()
    names = dict.fromkeys((QFontInfo(QFont(asked)).family(), asked, "sans-serif"))
    return f'font-family="{", ".join(names)}"'.encode()


def _svg(drawing: Picture, background: QColor | None, scale: float) -> bytes:
    del scale
    return to_svg(drawing, background)


def _pdf(drawing: Picture, background: QColor | None, scale: float) -> bytes:
    del scale
    place = _place(drawing)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    size = QSizeF(place.width() * _POINTS_PER_UNIT, place.height() * _POINTS_PER_UNIT)
    page = QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setTitle(tr("Neural network"))
    painter = QPainter(writer)
    dots = writer.logicalDpiX() / 72 * _POINTS_PER_UNIT
    painter.scale(dots, dots)
    _paint(drawing, painter, place, background)
    return bytes(buffer.data().data())
