"""A plot as a file: a picture of points, a picture of lines, or the numbers themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView, QWidget

from nnstudio.gui.look.theme import theme

FORMATS: Mapping[str, str] = {
    ".png": "Save as PNG…",
    ".svg": "Save as SVG…",
    ".csv": "Save numbers as CSV…",
}
"""Suffixes and what the menu says."""

_SHARPNESS = 2


def save_plot(drawing: QWidget, table: Mapping[str, Sequence[Any]], path: Path) -> None:
    """Save a drawing or its numbers, as the suffix of the path says.

    Parameters
    ----------
    drawing : QWidget
    table : mapping of str to sequence
        Columns of equal length.
    path : Path
        Ends with one of `FORMATS`.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    write = {".png": _png, ".svg": _svg}.get(path.suffix.lower())
    path.write_bytes(write(drawing) if write is not None else _csv(table))


def _csv(table: Mapping[str, Sequence[Any]]) -> bytes:
    return polars.DataFrame({name: list(values) for name, values in table.items()}).write_csv().encode()


def _png(drawing: QWidget) -> bytes:
    image = QImage(drawing.size() * _SHARPNESS, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(_SHARPNESS)
    image.fill(theme().color("panel"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint(drawing, painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _svg(drawing: QWidget) -> bytes:
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(drawing.size())
    generator.setViewBox(drawing.rect())
    generator.setTitle(drawing.accessibleName())
    painter = QPainter(generator)
    painter.fillRect(drawing.rect(), theme().color("panel"))
    _paint(drawing, painter)
    painter.end()
    return bytes(buffer.data().data())


def _paint(drawing: QWidget, painter: QPainter) -> None:
    """Paint a widget with lines that stay lines: a view of a scene would else be painted as points."""
    if isinstance(drawing, QGraphicsView):
        drawing.render(painter, QRect(drawing.rect()), drawing.viewport().rect())
    else:
        drawing.render(painter, QPoint())
