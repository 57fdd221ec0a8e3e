"""Colours that everyone can read, and a style sheet that shows where the keys go."""

import re

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.look.colours import CLASS_COLOURS
from nnstudio.gui.look.theme import CONTRAST, DARK, LIGHT, THEMES, Theme, apply_theme, style_sheet, theme
from nnstudio.gui.preferences import Preferences
from nnstudio.paths import resources
from tests.gui.conftest import Open

BACKGROUNDS = ("panel", "background", "canvas", "card", "chip", "warning_background")
every_theme = pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)


def _luminance(color: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = (channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in _rgb(color))
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def _rgb(color: str) -> tuple[float, float, float]:
    found = QColor(color)
    return found.redF(), found.greenF(), found.blueF()


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _weakest(colours: Theme, name: str, backgrounds: tuple[str, ...] = BACKGROUNDS) -> float:
    return min(contrast(getattr(colours, name), getattr(colours, behind)) for behind in backgrounds)


def test_the_contrast_of_black_and_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@every_theme
def test_text_can_be_read_on_every_background(colours: Theme) -> None:
    assert _weakest(colours, "text") >= 7
    assert _weakest(colours, "dim") >= (7 if colours is CONTRAST else 4.5)
    assert _weakest(colours, "alarm") >= (7 if colours is CONTRAST else 4.5)
    assert _weakest(colours, "text", ("pressed",)) >= 7
    assert contrast(colours.on_accent, colours.accent) >= (7 if colours is CONTRAST else 4.5)


@every_theme
def test_curves_signs_and_rings_can_be_seen_on_every_background(colours: Theme) -> None:
    least = 7 if colours is CONTRAST else 3
    for name in ("accent", "focus", "positive", "good", "faint"):
        assert _weakest(colours, name) >= least, name
    assert _weakest(colours, "negative", ("panel", "canvas", "card")) >= least
    for behind in (colours.accent, colours.panel):
        assert contrast(colours.focus_on_accent, behind) >= 3


def test_high_contrast_has_thick_lines_that_can_be_seen() -> None:
    assert CONTRAST.stroke == 2
    assert _weakest(CONTRAST, "line") >= 7
    assert _weakest(CONTRAST, "edge") >= 7


@every_theme
def test_the_ring_is_one_pixel_thicker_than_a_line(colours: Theme) -> None:
    # The paddings of the style sheet count on it: nothing may move when the ring comes and goes.
    assert colours.ring == colours.stroke + 1


@every_theme
def test_every_picture_of_the_style_sheet_is_there(colours: Theme) -> None:
    wanted = re.findall(r"url\(([^)]*)\)", style_sheet(colours))
    assert len(wanted) >= 4
    for path in wanted:
        assert (resources() / "icons" / "controls" / path.rsplit("/", 1)[1]).is_file(), path


def test_classes_of_a_yes_or_no_answer_have_the_colours_of_signs() -> None:
    assert CLASS_COLOURS[:2] == (LIGHT.negative, LIGHT.positive)


def test_a_chosen_theme_is_worn_and_an_unknown_one_follows_the_system(qtbot: QtBot, qapp: QApplication) -> None:
    del qtbot
    for colours in (DARK, CONTRAST, LIGHT):
        apply_theme(qapp, colours.name)
        assert theme() is colours
        assert qapp.palette().window().color() == QColor(colours.panel)
    apply_theme(qapp, "system")
    assert theme() in (LIGHT, DARK, CONTRAST)
    apply_theme(qapp, "light")


def test_high_contrast_is_chosen_in_the_menu_and_remembered(open_studio: Open) -> None:
    window = open_studio().window
    choices = {action.text(): action for action in window.findChildren(QAction)}
    choices["High contrast"].trigger()
    assert theme() is CONTRAST
    assert Preferences().theme == "contrast"
    choices["Light"].trigger()
    assert theme() is LIGHT


def test_another_theme_dresses_every_widget_once(open_studio: Open, qapp: QApplication) -> None:
    # Qt would dress each again for all that it lies in, and the window would stand still for a second.
    class Dressings(QObject):
        """Counts them."""

        count = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.count += watched is deep and event.type() == QEvent.Type.StyleChange
            return False

    deep = open_studio("samples/iris.nns").window.boundary.held
    seen = Dressings()
    deep.installEventFilter(seen)
    apply_theme(qapp, "dark")
    apply_theme(qapp, "light")
    assert 0 < seen.count <= 2 * 2  # off with the old, on with the new
