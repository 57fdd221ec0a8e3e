"""Icons of one family: actions from the icon font, layers from our own drawings, both in the theme's colours."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

import qtawesome
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from nnstudio.gui.theme import theme
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
    "now": "mdi6.record-circle-outline",
    "keyboard": "mdi6.keyboard-outline",
    "search": "mdi6.magnify",
    "warning": "mdi6.alert-outline",
    "error": "mdi6.alert-circle-outline",
    "ok": "mdi6.check-circle-outline",
}
_SIZES = (16, 20, 32, 48)


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
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    made = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        made.addPixmap(pixmap)
    return made
