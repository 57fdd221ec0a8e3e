"""Icons of one family: actions from the icon font, layers from our own drawings, both in the theme's colours."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

import qtawesome
from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from nnstudio.gui.look.theme import theme
from nnstudio.paths import resources

_NAMES = {
    "new": "mdi6.file-outline",
    "open": "mdi6.folder-outline",
    "save": "mdi6.content-save-outline",
    "sample": "mdi6.shape-outline",
    "data": "mdi6.table-arrow-down",
    "undo": "mdi6.arrow-u-left-top",
    "redo": "mdi6.arrow-u-right-top",
    "delete": "mdi6.trash-can-outline",
    "fit": "mdi6.fit-to-page-outline",
    "zoom-in": "mdi6.magnify-plus-outline",
    "zoom-out": "mdi6.magnify-minus-outline",
    "train": "mdi6.play",
    "pause": "mdi6.pause",
    "step": "mdi6.skip-next-outline",
    "epoch": "mdi6.fast-forward-outline",
    "stop": "mdi6.stop",
    "reset": "mdi6.restart",
    "new-weights": "mdi6.dice-multiple-outline",
    "rate": "mdi6.chart-bell-curve",
    "export": "mdi6.export-variant",
    "cut": "mdi6.content-cut",
    "copy": "mdi6.content-copy",
    "paste": "mdi6.content-paste",
    "duplicate": "mdi6.plus-box-multiple-outline",
    "group": "mdi6.group",
    "quick-add": "mdi6.plus-circle-outline",
    "connect": "mdi6.vector-line",
    "note": "mdi6.note-text-outline",
    "tidy": "mdi6.sitemap-outline",
    "pin": "mdi6.pin-outline",
    "memory": "mdi6.memory",
    "now": "mdi6.record-circle-outline",
    "picture": "mdi6.image-outline",
    "template": "mdi6.view-grid-plus-outline",
    "keyboard": "mdi6.keyboard-outline",
    "search": "mdi6.magnify",
    "warning": "mdi6.alert-outline",
    "error": "mdi6.alert-circle-outline",
    "ok": "mdi6.check-circle-outline",
}
_PALE = 0.4


def icon(name: str, color: str = "") -> QIcon:
    """Return an action's icon.

    Parameters
    ----------
    name : str
        The studio's own name for it.
    color : str, optional
        The name of one of the theme's colours; the dim text colour by default.
    """
    colours = theme()
    normal = getattr(colours, color or "dim")
    found: QIcon = qtawesome.icon(_NAMES[name], color=normal, color_disabled=colours.off, color_active=colours.text)
    return found


def layer_icon(key: str, color: str = "") -> QIcon:
    """Return a layer's icon in one of the theme's colours; a plain one where it has none of its own."""
    return _tinted(_layer_drawing(key), theme().color(color or "dim").name())


@cache
def _layer_drawing(key: str) -> Path:
    folder = resources() / "icons" / "layers"
    path = folder / f"{key}.svg"
    return path if path.exists() else folder / "plain.svg"


def app_icon() -> QIcon:
    """Return the studio's own icon."""
    return QIcon(str(resources() / "icons" / "app" / "nnstudio.svg"))


@lru_cache(maxsize=256)
def _tinted(path: Path, color: str) -> QIcon:
    drawing = path.read_text(encoding="utf-8").replace("currentColor", color)
    return QIcon(_Drawing(drawing))


class _Drawing(QIconEngine):
    """Draws an icon anew for every size, so that it is sharp at any scale of the screen."""

    def __init__(self, drawing: str) -> None:
        super().__init__()
        self._drawing = drawing
        self._renderer = QSvgRenderer(QByteArray(drawing.encode()))

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the icon."""
        del state
        painter.setOpacity(_PALE if mode == QIcon.Mode.Disabled else 1.0)
        self._renderer.render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon as a picture."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Return another one that draws the same."""
        return _Drawing(self._drawing)
