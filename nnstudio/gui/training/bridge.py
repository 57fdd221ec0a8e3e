"""Where events of the training thread enter the window thread."""

from PySide6.QtCore import QObject, Qt, Signal, Slot

from nnstudio.session import Event


class Bridge(QObject):
    """Carries events from the training thread to the window thread, in order.

    `send` may be called in any thread. Subscribers of `arrived` are called in the window thread, because the
    signal is owned by an object that lives there and the connection is an explicit queued one to a bound method.
    """

    arrived = Signal(object)
    _sent = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sent.connect(self._on_sent, Qt.ConnectionType.QueuedConnection)

    def send(self, event: Event) -> None:
        """Hand over an event; returns at once."""
        self._sent.emit(event)

    @Slot(object)
    def _on_sent(self, event: Event) -> None:
        self.arrived.emit(event)
