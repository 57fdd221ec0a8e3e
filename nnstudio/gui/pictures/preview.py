"""Shows what will be written: a picture as large as there is room for, or a table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from nnstudio.gui.look.theme import theme
from nnstudio.gui.pictures.drawing import MARGIN, Picture, drawing_font
from nnstudio.gui.widgets.wrapped_label import wrapped_label
from nnstudio.i18n import tr

_SMALLEST = QSize(420, 320)
_LARGEST_SCALE = 2.0
_ROUND = 10.0
_SQUARE = 9


class Preview(QStackedWidget):
    """A picture, a table, or words that say why there is neither."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(_SMALLEST)
        self.sheet = _Sheet()
        self.table = QTableWidget()
        self.table.setAccessibleName(tr("Table of the layers"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.words = wrapped_label()
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for widget in (self.sheet, self.table, self.words):
            self.addWidget(widget)

    def show_picture(self, picture: Picture, behind: QColor | None) -> None:
        """Show a picture on the colour behind it; squares stand for no colour."""
        self.sheet.show_picture(picture, behind)
        self.setCurrentWidget(self.sheet)

    def show_table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show a table with settings, whose last column holds numbers and whose last row is their sum."""
        self.table.setColumnCount(len(headings))
        self.table.setRowCount(len(rows))
        self.table.setHorizontalHeaderLabels([tr(heading) for heading in headings])
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for line, row in enumerate(rows):
            for column, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column == len(headings) - 1:
                    item.setTextAlignment(right)
                if line == len(rows) - 1:
                    font = item.font()
                    font.setBold(True)
                    item.setFont(font)
                self.table.setItem(line, column, item)
        # What is longest gives way: the settings, which are read in full in the hint.
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(list(headings).index("Settings"), QHeaderView.ResizeMode.Stretch)
        self.setCurrentWidget(self.table)

    def show_words(self, words: str) -> None:
        """Say why there is nothing to show."""
        self.words.setText(words)
        self.setCurrentWidget(self.words)


class _Sheet(QWidget):
    """Paints a picture as large as it has room, so that it is sharp on every screen."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: Picture | None = None
        self._behind: QColor | None = None
        self.setAccessibleName(tr("Preview"))

    def show_picture(self, picture: Picture, behind: QColor | None) -> None:
        self._picture, self._behind = picture, behind
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is behind, the picture in its middle, and a thin line around."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, place = theme(), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        around = QPainterPath()
        around.addRoundedRect(place, _ROUND, _ROUND)
        painter.setClipPath(around)
        if self._behind is not None:
            painter.fillRect(place, self._behind)
        else:
            _paint_squares(painter, self.size(), colours.color("canvas"), colours.color("chip"))
        if self._picture is not None:
            bounds = self._picture.bounds.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
            fits = min(place.width() / bounds.width(), place.height() / bounds.height(), _LARGEST_SCALE)
            painter.save()
            painter.translate(place.center())
            painter.scale(fits, fits)
            painter.translate(QPointF() - bounds.center())
            painter.setFont(drawing_font())
            self._picture.paint(painter)
            painter.restore()
        painter.setClipping(False)
        painter.setPen(QPen(colours.color("line"), colours.stroke))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(around)
        painter.end()


def _paint_squares(painter: QPainter, size: QSize, one: QColor, other: QColor) -> None:
    """Paint the squares that stand for no colour."""
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), one)
    for x in range(0, size.width(), _SQUARE):
        for y in range(_SQUARE * (x // _SQUARE % 2), size.height(), 2 * _SQUARE):
            painter.fillRect(x, y, _SQUARE, _SQUARE, other)
