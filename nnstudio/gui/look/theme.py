"""Colours and style of the window: light, dark and high contrast; follows the system unless told otherwise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template as Sheet

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAccessibilityHints, QColor, QFont, QPalette, QPen, QStyleHints
from PySide6.QtWidgets import QApplication

from nnstudio.paths import resources


@dataclass(frozen=True)
class Theme:
    """Colours by what they are for, as ``#rrggbb``, and how thick lines are.

    Text is read on every background with a contrast of 7 and dim text of 4.5, or 7 in high contrast; what is only
    seen, such as curves, arrows and rings, has a contrast of 3 (WCAG 2.2, 1.4.3, 1.4.6 and 1.4.11).

    Attributes
    ----------
    name : str
    background, panel, canvas, card, chip, warning_background : str
        What lies behind.
    pressed : str
        Behind a button that is held down or switched on.
    line, warning_line, dot : str
        What divides.
    text, dim, faint, alarm, off : str
        Words: usual, less important, hints, what is wrong, and what cannot be used now.
    accent, on_accent : str
        What stands out, and words on it.
    focus, focus_on_accent : str
        The ring around what has the keys, and around what has them and stands out.
    edge : str
        The line around what is selected; in the colour of what lies behind where that tells enough.
    positive, negative, good : str
        Signs of numbers, and what is right.
    stroke, ring : int
        Pixels of a line, and of the ring, which is one thicker: the paddings of the style sheet give way to it.
    """

    name: str
    background: str
    panel: str
    line: str
    text: str
    dim: str
    faint: str
    alarm: str
    off: str
    accent: str
    on_accent: str
    focus: str
    focus_on_accent: str
    edge: str
    positive: str
    negative: str
    canvas: str
    dot: str
    card: str
    chip: str
    pressed: str
    good: str
    warning_background: str
    warning_line: str
    stroke: int = 1
    ring: int = 2

    def color(self, name: str, alpha: int = 255) -> QColor:
        """Return a colour, with its opacity from 0 to 255."""
        color = QColor(getattr(self, name))
        color.setAlpha(alpha)
        return color

    def pen(
        self, name: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine, *, alpha: int = 255
    ) -> QPen:
        """Return a pen of a colour, thicker where the lines of the theme are."""
        return QPen(self.color(name, alpha), self.thick(width), style)

    def thick(self, width: float) -> float:
        """Return the width that a line of a usual theme has in this one."""
        return width + self.stroke - 1


LIGHT = Theme(
    name="light",
    background="#f4f5f7",
    panel="#ffffff",
    line="#e2e5ea",
    text="#1d2330",
    dim="#5f6878",
    faint="#7f8999",
    alarm="#a8470a",
    off="#b9c0cb",
    accent="#2f6fed",
    on_accent="#ffffff",
    focus="#2f6fed",
    focus_on_accent="#1d2330",
    edge="#eef1f6",
    positive="#2f7fe0",
    negative="#d97706",
    canvas="#fafbfc",
    dot="#dfe4ec",
    card="#ffffff",
    chip="#eef1f6",
    pressed="#dfe3ea",
    good="#178a60",
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
    faint="#737c8f",
    alarm="#ffb27a",
    off="#4b5361",
    accent="#5b8ff5",
    on_accent="#0b1018",
    focus="#7ea8ff",
    focus_on_accent="#ffffff",
    edge="#2a2f39",
    positive="#5a9bf0",
    negative="#f2a044",
    canvas="#17191f",
    dot="#2a303a",
    card="#21252d",
    chip="#2a2f39",
    pressed="#363d4a",
    good="#3fbf90",
    warning_background="#2c2519",
    warning_line="#5e4a22",
)

CONTRAST = Theme(
    name="contrast",
    background="#000000",
    panel="#000000",
    line="#ffffff",
    text="#ffffff",
    dim="#ffffff",
    faint="#d0d0d0",
    alarm="#ffb4a0",
    off="#8c8c8c",
    accent="#ffe600",
    on_accent="#000000",
    focus="#00e5ff",
    focus_on_accent="#3a6bff",
    edge="#ffe600",
    positive="#4cc9ff",
    negative="#ffa640",
    canvas="#000000",
    dot="#4a4a4a",
    card="#000000",
    chip="#262626",
    pressed="#404040",
    good="#5cff9d",
    warning_background="#1a1400",
    warning_line="#ffe600",
    stroke=2,
    ring=3,
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}
"""What can be chosen, beside ``"system"``."""


class ThemeSignals(QObject):
    """Says that the theme has changed; whoever paints by hand listens."""

    changed = Signal()


theme_signals = ThemeSignals()
_current = LIGHT


def theme() -> Theme:
    """Return the theme of this moment."""
    return _current


def apply_theme(app: QApplication, name: str) -> None:
    """Dress the application.

    Parameters
    ----------
    app : QApplication
    name : str
        ``"light"``, ``"dark"``, ``"contrast"`` or ``"system"``, which follows the system from now on.
    """
    wardrobe = app.findChild(_Wardrobe) or _Wardrobe(app)
    wardrobe.choose(name)


class _Wardrobe(QObject):
    """Dresses the application again when the system asks for other colours."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = "system"
        self._worn: Theme | None = None
        app.setStyle("Fusion")
        # Both are kept: what hangs on a wrapper that is let go would be cut off.
        self._hints: QStyleHints = app.styleHints()
        self._hints.colorSchemeChanged.connect(self._on_system_changed)
        self._accessibility: QAccessibilityHints | None = None
        if hasattr(self._hints, "accessibility"):  # since Qt 6.10
            self._accessibility = self._hints.accessibility()
            self._accessibility.contrastPreferenceChanged.connect(self._on_system_changed)

    def choose(self, name: str) -> None:
        self._choice = name
        self._dress()

    @Slot()
    def _on_system_changed(self) -> None:
        if self._choice not in THEMES:
            self._dress()

    def _dress(self) -> None:
        global _current
        _current = THEMES.get(self._choice) or self._of_system()
        app = self._app
        if self._worn is _current and app.styleSheet():
            return  # dressing every widget again takes most of the time in which a window opens
        self._worn = _current
        font = app.font()
        font.setFamilies(["Inter", *(family for family in font.families() if family != "Inter")])
        font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
        app.setFont(font)
        app.setPalette(_palette(_current))
        # One sheet after another dresses each widget once for all that it lies in; where none was there, once in all.
        app.setStyleSheet("")
        app.setStyleSheet(style_sheet(_current))
        theme_signals.changed.emit()

    def _of_system(self) -> Theme:
        asked = self._accessibility
        if asked is not None and asked.contrastPreference() == Qt.ContrastPreference.HighContrast:
            return CONTRAST
        return DARK if self._hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT


def style_sheet(colours: Theme) -> str:
    """Return the style sheet in the colours of a theme."""
    sheet = (resources() / "themes" / "studio.qss").read_text(encoding="utf-8")
    pictures = {"icons": (resources() / "icons" / "controls").as_posix()}
    return Sheet(sheet).substitute(asdict(colours), **pictures)


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
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.off))
    return palette
