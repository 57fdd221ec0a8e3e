"""The window is whole where there is little room, and where the letters are large."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from nnstudio.gui.canvas.viewport import LARGEST_FIT
from nnstudio.gui.frame.status_line import StatusLine
from nnstudio.gui.look.icons import layer_icon
from nnstudio.gui.look.text_size import card_font, grown, growth
from nnstudio.gui.look.theme import THEMES
from nnstudio.paths import samples
from tests.gui.conftest import Open


@pytest.fixture
def large_letters(qapp: QApplication) -> Iterator[QFont]:
    """Letters of 14 points in the whole application."""
    before = qapp.font()
    large = QFont(before)
    large.setPointSizeF(14)
    qapp.setFont(large)
    yield large
    qapp.setFont(before)


def test_no_button_of_the_bar_is_cut_off_in_a_narrow_window(qtbot: QtBot, open_studio: Open) -> None:
    window = open_studio(samples() / "cars.nns", size=(960, 540)).window
    bar = window.top_bar
    buttons = [button for button in bar.findChildren(QToolButton) if button.text()]
    assert bar.export in buttons
    qtbot.waitUntil(lambda: all(button.isVisible() and bar.rect().contains(button.geometry()) for button in buttons))
    assert not bar.optimizer.isVisible()
    window.resize(1440, 900)
    qtbot.waitUntil(bar.optimizer.isVisible)


def test_the_window_fits_a_small_screen_with_large_letters(
    qtbot: QtBot, open_studio: Open, large_letters: QFont
) -> None:
    window = open_studio(samples() / "iris.nns", size=(1280, 800)).window
    assert window.font().pointSizeF() == large_letters.pointSizeF()
    qtbot.waitUntil(window.top_bar.export.isVisible)
    assert window.width() == 1280
    assert window.minimumSizeHint().width() <= 1280
    assert grown(100, window) > 130
    panels = (window.palette_panel, window.inspector)
    assert all(window.canvas.width() > panel.width() for panel in panels)


def test_a_drawing_that_has_room_grows_with_the_letters(open_studio: Open, large_letters: QFont) -> None:
    del large_letters
    canvas = open_studio(samples() / "iris.nns", size=(2600, 1900)).window.canvas
    assert canvas.view.usual == growth(canvas) > 1.3
    assert canvas.view.scale == pytest.approx(LARGEST_FIT * canvas.view.usual)
    assert card_font(canvas).pixelSize() == 12


def test_lines_are_thicker_in_high_contrast() -> None:
    for name in ("accent", "line"):
        for width in (1.0, 1.6):
            assert THEMES["contrast"].pen(name, width).widthF() == pytest.approx(width + 1)
            assert THEMES["light"].pen(name, width).widthF() == pytest.approx(width)


def test_what_happened_is_shortened_where_there_is_no_room_and_whole_in_its_tip(qtbot: QtBot) -> None:
    status = StatusLine()
    qtbot.addWidget(status)
    status.resize(300, 24)
    status.show()
    text = "A sentence that is far too long for so small a window, as anyone can see who looks at it."
    status.tell(text)
    assert status.message() == text
    assert status.minimumSizeHint().width() < 300


@pytest.mark.parametrize("pixels", [16, 27, 36, 54])
def test_a_layer_icon_is_drawn_for_the_size_it_is_asked_for(qtbot: QtBot, pixels: int) -> None:
    del qtbot
    picture = layer_icon("dense").pixmap(pixels, pixels)
    assert picture.width() == pixels
    twice = layer_icon("dense").pixmap(layer_icon("dense").actualSize(picture.size()), 2.0)
    assert twice.devicePixelRatio() == 2
    assert twice.width() == 2 * pixels


def test_every_field_of_the_current_row_is_whole_with_large_letters(
    qtbot: QtBot, open_studio: Open, large_letters: QFont
) -> None:
    del large_letters
    window = open_studio(samples() / "wine.nns", size=(1280, 800)).window
    window.docks.show("row")
    qtbot.waitUntil(lambda: window.row_panel.fields["alcohol"].isVisible())
    form = window.row_panel.fields["alcohol"].parentWidget()
    assert form is not None
    area = form.parentWidget()
    assert area is not None
    qtbot.waitUntil(lambda: 0 < form.width() <= area.width())
    field = window.row_panel.fields["alcohol"]
    assert field.height() >= field.sizeHint().height()
