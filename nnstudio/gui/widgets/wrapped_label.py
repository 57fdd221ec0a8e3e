"""Words that take as many lines as they need."""

from PySide6.QtWidgets import QLabel


def wrapped_label(words: str = "", role: str = "dim") -> QLabel:
    """Return a label whose words are wrapped, in the look that the theme gives to a role."""
    label = QLabel(words)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
