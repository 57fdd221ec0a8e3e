"""The line at the bottom: speed, time left, and how good the network is beside who has learned nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from nnstudio.gui.look.accessible import Announcer
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.i18n import tr

_NEWS_EVERY = 3_000
_PROGRESS_EVERY = 10_000
"""Milliseconds between what a screen reader is told."""

_TOLD_FOR = 30_000
"""Milliseconds for which is shown what just happened."""

_SLACK = 12
"""Pixels by which the metric may have more room than its words before that becomes narrower."""


class StatusLine(QStatusBar):
    """Numbers on the left, what just happened on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setAccessibleName(tr("Status"))
        self.news = Announcer(self, _NEWS_EVERY)
        self.progress = Announcer(self, _PROGRESS_EVERY)
        self._speed = QLabel()
        self._epoch = QLabel()
        self._left = QLabel()
        self._metric = QLabel()
        self._metric.setTextFormat(Qt.TextFormat.RichText)
        self._message = ElidedLabel()
        self._message.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for label in (self._speed, self._epoch, self._left, self._metric):
            font = label.font()
            font.setFeature(QFont.Tag("tnum"), 1)
            label.setFont(font)
            label.hide()
            self.addWidget(label)
        self._show("")
        self._refusal = ""
        self._forget = QTimer(self, singleShot=True, interval=_TOLD_FOR)
        self._forget.timeout.connect(self._on_told_long_ago)
        self.addPermanentWidget(self._message, 1)

    def show_speed(self, steps_per_second: float, steps_per_epoch: int, epochs_left: int | None) -> None:
        """Show how quick training is, and how long it still takes where that is known."""
        if steps_per_second <= 0:
            return
        _set(self._speed, tr("{count} steps/s").format(count=f"{steps_per_second:,.0f}"))
        seconds = steps_per_epoch / steps_per_second
        _set(self._epoch, tr("epoch {time}").format(time=_short(seconds)))
        _set(self._left, "" if epochs_left is None else tr("{time} left").format(time=_clock(epochs_left * seconds)))

    def clear_speed(self) -> None:
        """Show no speed, because nothing runs."""
        for label in (self._speed, self._epoch, self._left):
            _set(label, "")

    def show_metric(self, text: str) -> None:
        """Show how good the network is."""
        if text == self._metric.text():
            return
        _set(self._metric, text)
        # Numbers change all the time; the window shall not be laid out anew for each.
        hint = self._metric.sizeHint()
        if not 0 <= self._metric.width() - hint.width() <= _SLACK or self._metric.minimumSize() != self._metric.size():
            self._metric.setFixedSize(hint)

    def metric_text(self) -> str:
        """Return what is said of how good the network is."""
        return self._metric.text()

    def tell(self, text: str) -> None:
        """Show what just happened, and let a screen reader say it."""
        self._show(text)
        self._forget.start()
        self.news.say(text)

    def withdraw(self, text: str) -> None:
        """Show what was told no longer, unless something else was told since: it is so no more."""
        if text and text == self.message():
            self._show("")

    def refuse(self, text: str) -> None:
        """Show why something was not done, until something is."""
        self.tell(text)
        self._refusal = text

    @Slot()
    def forget_refusal(self) -> None:
        """Show no longer why something was not done, because something was done since."""
        self.withdraw(self._refusal)
        self._refusal = ""

    def tell_progress(self, epoch: int, best: float | None) -> None:
        """Let a screen reader say from time to time how far training is.

        Parameters
        ----------
        epoch : int
        best : float, optional
            The lowest cost until now.
        """
        text = tr("Epoch {epoch}").format(epoch=f"{epoch:,}")
        if best is not None:
            text += ", " + tr("best cost {cost}").format(cost=f"{best:.4g}")
        self.progress.say(text)

    def message(self) -> str:
        """Return what was said last."""
        return self._message.text()

    @Slot()
    def _on_told_long_ago(self) -> None:
        """Show it no longer: it speaks of something that is past."""
        self._show("")

    def _show(self, text: str) -> None:
        self._message.say(text)
        self._message.setAccessibleName(text or tr("What just happened"))


def _set(label: QLabel, text: str) -> None:
    """Show a text; a label without one takes no room."""
    if text != label.text():
        label.setText(text)
        label.setVisible(bool(text))


def _short(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
