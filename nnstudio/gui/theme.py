"""Colours and style of the window, light and dark; follows the system unless told otherwise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from nnstudio.paths import resources


@dataclass(frozen=True)
class Theme:
    """Colours by what they are for, as ``#rrggbb``."""

    name: str
    background: str
    panel: str
    line: str
    text: str
    dim: str
    faint: str
    accent: str
    on_accent: str
    positive: str
    negative: str
    canvas: str
    dot: str
    card: str
    chip: str
    good: str
    warning_background: str
    warning_line: str

    def color(self, name: str, alpha: int = 255) -> QColor:
        """Return a colour, with its opacity from 0 to 255."""
        color = QColor(getattr(self, name))
        color.setAlpha(alpha)
        return color


LIGHT = Theme(
    name="light",
    background="#f4f5f7",
    panel="#ffffff",
    line="#e2e5ea",
    text="#1d2330",
    dim="#6b7484",
    faint="#9aa3b2",
    accent="#2f6fed",
    on_accent="#ffffff",
    positive="#2f7fe0",
    negative="#ee8a1d",
    canvas="#fafbfc",
    dot="#dfe4ec",
    card="#ffffff",
    chip="#eef1f6",
    good="#1c9a6c",
    warning_background="#fff6e9",
    warning_line="#f3d19b",
)

DARK = Theme(
    name="dark",
    background="#15171c",
    panel="#1c1f26",
    line="#2b303a",
    text="#e7eaf0",
    dim="#98a1b3",
    faint="#6c7587",
    accent="#5b8ff5",
    on_accent="#ffffff",
    positive="#5a9bf0",
    negative="#f2a044",
    canvas="#17191f",
    dot="#2a303a",
    card="#21252d",
    chip="#2a2f39",
    good="#3fbf90",
    warning_background="#2c2519",
    warning_line="#5e4a22",
)


class ThemeSignals(QObject):
    """Says that the theme has changed; whoever paints by hand listens."""

    changed = Signal()


theme_signals = ThemeSignals()
_current = LIGHT
_choice = "system"
_follows_system = False


def theme() -> Theme:
    """Return the theme of this moment."""
    return _current


def apply_theme(app: QApplication, name: str) -> None:
    """Dress the application.

    Parameters
    ----------
    app : QApplication
    name : str
        ``"light"``, ``"dark"`` or ``"system"``, which follows the system from now on.
    """
    global _choice, _follows_system
    _choice = name
    if not _follows_system:
        _follows_system = True
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda: _dress(app))
    app.setStyle("Fusion")
    _dress(app)


def _dress(app: QApplication) -> None:
    global _current
    dark = _choice == "dark"
    if _choice == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    _current = DARK if dark else LIGHT
    font = app.font()
    font.setFamilies(["Inter", *(family for family in font.families() if family != "Inter")])
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    app.setFont(font)
    app.setPalette(_palette(_current))
    sheet = (resources() / "themes" / "studio.qss").read_text(encoding="utf-8")
    pictures = {"icons": (resources() / "icons" / "controls").as_posix()}
    app.setStyleSheet(Template(sheet).substitute(asdict(_current), **pictures))
    theme_signals.changed.emit()


def _palette(colours: Theme) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.panel,
        QPalette.ColorRole.Base: colours.panel,
        QPalette.ColorRole.AlternateBase: colours.background,
        QPalette.ColorRole.Button: colours.panel,
        QPalette.ColorRole.ToolTipBase: colours.panel,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.faint,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Dark: colours.line,
        QPalette.ColorRole.Light: colours.panel,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    return palette
