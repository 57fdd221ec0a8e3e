"""Networks to begin with, each as a picture, fitted to the data that are loaded."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.components import members
from nnstudio.engine import Network
from nnstudio.gui.look.theme import theme
from nnstudio.gui.pictures.block_drawing import BlockDrawing
from nnstudio.gui.widgets.wrapped_label import wrapped_label
from nnstudio.i18n import tr
from nnstudio.project import Project, Template, fit_template

_PICTURE = QSize(232, 84)
_CARD = QSize(256, 136)
_KEY = Qt.ItemDataRole.UserRole
_WORDS = _KEY + 1


class TemplatesDialog(QDialog):
    """A gallery; what does not suit the data says why, and can be begun with all the same.

    Parameters
    ----------
    project : Project

    Attributes
    ----------
    chosen : str
        The key of the template that was chosen, or empty.
    """

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("templatesDialog")
        self.setWindowTitle(tr("New from template"))
        self.chosen = ""
        self._suited = 0
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Templates"))
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setIconSize(_PICTURE)
        self.list.setGridSize(_CARD)
        self.list.setWordWrap(True)
        self._sentence = wrapped_label()
        self._sentence.setMinimumHeight(44)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Draw it"))
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._sentence)
        layout.addWidget(buttons)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.itemActivated.connect(self._accept)
        for member in members("templates"):
            template = member()
            assert isinstance(template, Template)
            self._add(template, project)
        self.list.setCurrentRow(0)
        self.resize(848, 560)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the templates that are shown, those that suit first."""
        return tuple(str(self.list.item(row).data(_KEY)) for row in range(self.list.count()))

    def words(self, key: str) -> str:
        """Return what is said of a template."""
        return str(self.list.item(self.keys().index(key)).data(_WORDS))

    def _add(self, template: Template, project: Project) -> None:
        fitting = fit_template(template, project)
        drawing = template.build(fitting.pipeline)
        words = drawing.sentence
        if fitting.unsuited:
            words = tr("Does not suit these data: {why}").format(why=fitting.unsuited)
        item = QListWidgetItem(QIcon(_picture(drawing.network, pale=bool(fitting.unsuited))), tr(template.title))
        item.setData(_KEY, template.key)
        item.setData(_WORDS, words)
        item.setToolTip(f"{tr(template.summary())}\n{words}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{tr(template.title)}. {words}")
        if fitting.unsuited:
            item.setForeground(theme().color("faint"))
            self.list.addItem(item)
        else:
            self.list.insertItem(self._suited, item)
            self._suited += 1

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        self._sentence.setText("" if item is None else str(item.data(_WORDS)))

    def _accept(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen = str(item.data(_KEY))
            self.accept()


def _picture(network: Network, *, pale: bool) -> QPixmap:
    """Return a small drawing of a network, without words."""
    colours = theme()
    drawing = BlockDrawing(network, colours.color("faint" if pale else "text"), colours.color("chip"), words=False)
    picture = QPixmap(_PICTURE * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    place, inside = drawing.bounds, QRectF(6, 6, _PICTURE.width() - 12, _PICTURE.height() - 12)
    scale = min(inside.width() / max(1.0, place.width()), inside.height() / max(1.0, place.height()))
    painter.translate(inside.center())
    painter.scale(scale, scale)
    painter.translate(-place.center())
    drawing.paint(painter)
    painter.end()
    return picture
