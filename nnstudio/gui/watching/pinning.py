"""Pins neurons and weights: joins the canvas, the panel of pins, and what is computed of them beside the window."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from nnstudio.gui.background import Background
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.dialogs.pin import PinDialog
from nnstudio.gui.frame.docks import Docks
from nnstudio.gui.moments.kept_states import same_weights
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.moments.moved_pins import moved_pin
from nnstudio.gui.moments.pin import Findings, Pin, Probe, Trace
from nnstudio.gui.panels.pins import PinCard, PinFacts, PinsPanel
from nnstudio.gui.preferences import Preferences
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.gui.watching.pin_words import gone_words, pin_choices, pin_title
from nnstudio.gui.watching.stage import Stage
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, Run
from nnstudio.session import Session

MOST_PINS = 8

_REST = 10
"""While a run trains, looking rests so many times as long as it took."""

_TURN = 0.003
"""Seconds that a frame of a run that trains may spend on the cards."""

DOCK = "pins"


class Pinning(QObject):
    """Keeps what is pinned, and shows what it is, was, and says of the rows.

    Pins belong to the window: they are no edits, and go when their neuron or weight goes. Those of a file are kept with
    a person's settings, and are there again when it is opened. While the panel is hidden nothing is computed; what
    happened meanwhile is taken from the states that the time machine keeps.

    Parameters
    ----------
    document : Document
    session : Session
    control : TrainingControl
    stage : Stage
    canvas : Canvas
    docks : Docks
    preferences : Preferences
    window : QMainWindow
    """

    told = Signal(str)
    lines_selected = Signal(object)
    """A tuple of lines of the file."""

    def __init__(
        self,
        document: Document,
        session: Session,
        control: TrainingControl,
        stage: Stage,
        canvas: Canvas,
        docks: Docks,
        preferences: Preferences,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._document, self._session, self._control = document, session, control
        self._stage, self._canvas, self._docks, self._window = stage, canvas, docks, window
        self._preferences = preferences
        self.panel = PinsPanel(self.choose)
        self._pins: dict[Pin, Trace] = {}
        self._unfilled: set[Pin] = set()
        self._frame: LivingFrame | None = None
        self._stale = False
        self._run = ""
        self._probe: Probe | None = None
        self._background = Background(self)
        self._waiting = False
        self._found: Findings | None = None
        self._shown: Findings | None = None
        self._asked = 0
        self._began = self._due = 0.0
        docks.add(
            DOCK,
            tr("Pinned"),
            self.panel,
            Qt.DockWidgetArea.BottomDockWidgetArea,
            behind="boundary",
            tip=tr("Neurons and weights that were clicked: their history, their spread, and the rows that excite them"),
        )
        docks.close(DOCK)
        docks.dock(DOCK).visibilityChanged.connect(self._on_visibility_changed)
        canvas.pins.clicked.connect(self.toggle)
        self.panel.unpin_wanted.connect(self.unpin)
        self.panel.clear_wanted.connect(self.clear)
        self.panel.row_wanted.connect(self._on_row_wanted)
        document.subscribe(self._on_project_changed)

    # What a person does

    @property
    def pins(self) -> tuple[Pin, ...]:
        """What is pinned, in the order of the numbers."""
        return tuple(self._pins)

    def history(self, pin: Pin) -> Trace:
        """Return what a pin was at the steps that are known."""
        return self._pins[pin]

    @property
    def is_computing(self) -> bool:
        """Whether more will be shown soon."""
        return self._background.busy or self._waiting

    @Slot(object)
    def toggle(self, pin: Pin) -> None:
        """Pin something, or let it go where it is pinned."""
        if self._had_other_layers:
            self._refuse()
        elif pin in self._pins:
            self.unpin(pin)
        else:
            self.pin(pin)

    def pin(self, pin: Pin) -> None:
        """Pin something and show it; the oldest pin gives way when there are too many."""
        if len(self._pins) >= MOST_PINS and pin not in self._pins:
            oldest = next(iter(self._pins))
            del self._pins[oldest]
            self._unfilled.discard(oldest)
            self.told.emit(tr("{count} pins at most: the oldest gave way.").format(count=MOST_PINS))
        self._pins.setdefault(pin, Trace())
        self._unfilled.add(pin)
        self._mark()
        self.remember()
        self._docks.show(DOCK)
        self._stale = True
        QTimer.singleShot(0, self, self._on_pinned)

    @Slot(object)
    def unpin(self, pin: Pin) -> None:
        """Let something go."""
        self._pins.pop(pin, None)
        self._unfilled.discard(pin)
        self._mark()
        self.remember()
        self._show()

    @Slot()
    def clear(self) -> None:
        """Let everything go."""
        for pin in self.pins:
            self.unpin(pin)

    @Slot()
    def remember(self) -> None:
        """Keep what is pinned for the next time the file is opened."""
        path = self._document.path
        if path is not None:
            self._preferences.remember_pins(path, [(pin.node, pin.weight, pin.index) for pin in self._pins])

    @Slot()
    def restore(self) -> None:
        """Pin what was pinned when the file that was opened was last looked at."""
        path, network = self._document.path, self._document.project.network
        kept = self._preferences.pins(path) if path is not None else ()
        found = [Pin(node, index, weight) for node, weight, index in kept]
        self._pins = {pin: Trace() for pin in found[:MOST_PINS] if pin.fits(network)}
        self._unfilled = set(self._pins)
        self._stale = True
        self._mark()
        self.follow(self._canvas.frame())
        self._show()

    def choose(self) -> None:
        """Ask for a neuron or a weight, and pin it."""
        if self._had_other_layers:
            self._refuse()
            return
        frame = self._canvas.frame()
        choices = pin_choices(self._canvas.scene.geometry, frame.network) if frame is not None else []
        if not choices:
            self.told.emit(tr("There is no neuron yet. Load data and draw a network that has no problems."))
            return
        selected = self._canvas.selection()
        dialog = PinDialog(choices, selected[0] if selected else "", self._window)
        if dialog.exec():
            self.pin(dialog.pin)
        dialog.deleteLater()

    def _refuse(self) -> None:
        self.told.emit(tr("The network had other layers at this step. Go to the end to pin something."))

    # Following the network

    def follow(self, frame: LivingFrame | None) -> None:
        """Show another moment, or keep it until the panel is seen."""
        self._frame, self._stale = frame, True
        self._follow_run()
        self._mark()
        if not self._pins or not self.panel.is_seen:
            return
        if frame is None or self._had_other_layers:
            self._found = self._shown = None
            self._show()
            return
        self._stale = False
        past = self._past is not None
        for pin, trace in self._pins.items():
            if not past:
                trace.cut(frame.step)
            values = frame.weights.get(pin.name) if pin.fits(frame.network) else None
            if values is not None:
                trace.put(frame.step, float(values[pin.index]))
        self._compute()
        shown = self._show()
        if self._control.running:
            # At once, while training stands still: painted later, every call would wait for the training thread.
            for card in shown:
                card.repaint()

    @property
    def _past(self) -> int | None:
        """The step that is shown, where it is an earlier one than that at which the run stands."""
        run, frame = self._document.project.run, self._frame
        if frame is None or run is None or self._control.running or frame.step >= run.state.step:
            return None
        return frame.step

    @property
    def _had_other_layers(self) -> bool:
        """Whether an earlier step is shown at which what has a pin's number now may have been another neuron."""
        frame, run = self._frame, self._document.project.run
        if frame is None or run is None or self._past is None:
            return False
        return not same_weights(frame.network, run.network)

    def _follow_run(self) -> None:
        """Begin all histories anew where another run is shown."""
        run = self._document.project.run
        now = self._session.run if self._control.running else run.id if run is not None else ""
        if now != self._run:
            self._run = now
            self._asked += 1
            self._unfilled.update(self._pins)
            for trace in self._pins.values():
                trace.cut(-1)

    def _compute(self) -> None:
        """Look at all pins beside the window; while one look is under way, the newest moment waits."""
        frame, view, table = self._frame, self._stage.view, self._document.project.table
        if frame is None or view is None or table is None or not self._pins or self._had_other_layers:
            self._waiting = False
            return
        if self._background.busy:
            self._waiting = True
            return
        self._waiting = False
        around, network, now = frame.surroundings, frame.network, time.perf_counter()
        pins = [pin for pin in self._pins if pin.fits(network)]
        unfilled = [pin for pin in pins if pin in self._unfilled]
        if self._control.running and now < self._due and not unfilled:
            return
        if self._probe is None or self._probe.network is not network or self._probe.around is not around:
            self._probe = Probe(network, around, table, view.program.precision)
        self._unfilled -= set(unfilled)
        rungs = self._control.kept() if unfilled else ()
        asked, self._began = self._asked, now
        work = partial(self._probe.look, frame, pins, rungs, unfilled, is_wanted=lambda: asked == self._asked)
        self._background.run(work).then(partial(self._on_found, asked), self._on_failed)

    def _on_found(self, asked: int, found: Findings) -> None:
        now = time.perf_counter()
        self._due = now + _REST * (now - self._began)
        if asked == self._asked:
            self._found = found
        if self._waiting:
            self._compute()
        if not self._control.running:
            self._show()

    def _on_failed(self, message: str, details: str) -> None:
        del details
        self.told.emit(message.splitlines()[0] if message else "")
        if self._waiting:
            self._compute()

    # Showing

    def _mark(self) -> None:
        """Mark the pins on the canvas, unless what has their numbers there was something else."""
        self._canvas.pins.show_pins(() if self._had_other_layers else self.pins)

    def _show(self) -> list[PinCard]:
        """Show what is known on the cards, and return those that were brought up to date."""
        found, self._found = self._found, None
        if found is not None:
            self._take(found)
        shown = self._shown
        if shown is not None and (self._probe is None or shown.frame.network is not self._probe.network):
            shown = None
        frame, unknown = self._frame, tr("looking…")
        if self._had_other_layers:
            frame, shown, unknown = None, None, tr("The network had other layers at this step.")
        facts = [self._facts(pin, trace, frame, shown, self._past, unknown) for pin, trace in self._pins.items()]
        # While it trains, what there is no time for in this frame is shown in the next.
        return self.panel.show_pins(facts, _TURN if self._control.running and not self._unshown(facts) else math.inf)

    def _unshown(self, facts: Sequence[PinFacts]) -> bool:
        """Return whether the cards are of other pins than these."""
        return [fact.pin for fact in facts] != [card.facts.pin for card in self.panel.cards if card.facts is not None]

    def _take(self, found: Findings) -> None:
        """Keep what a probe has found, in the histories too."""
        self._shown = found
        last = self._frame.step if self._frame is not None and self._past is None else None
        for pin, trace in self._pins.items():
            for step, value in found.past.get(pin, ()):
                if last is None or step <= last:
                    trace.put(step, value)
            values = found.values.get(pin)
            if values is not None and not pin.weight and (last is None or found.frame.step <= last):
                trace.put(found.frame.step, float(values.mean()))

    def _facts(
        self, pin: Pin, trace: Trace, frame: LivingFrame | None, shown: Findings | None, mark: int | None, rows: str
    ) -> PinFacts:
        """Return what is known of a pin; of its rows what is given, where nothing is."""
        values = shown.values.get(pin) if shown is not None else None
        weights = frame.weights.get(pin.name) if frame is not None and pin.fits(frame.network) else None
        pipeline = frame.surroundings.pipeline if frame is not None else None
        if weights is not None:
            value = f"{float(weights[pin.index]):.4g}"
        elif values is not None and not pin.weight:
            value = tr("mean {value}").format(value=f"{float(values.mean()):.4g}")
        else:
            value = ""
        if shown is not None and values is not None:
            all_rows = shown.frame.surroundings.all_rows
            rows = tr("over {count} of {all} rows") if len(values) < all_rows else tr("over all {all} rows")
            rows = rows.format(count=f"{len(values):,}", all=f"{all_rows:,}")
        elif shown is not None and pin.weight:
            rows = tr("What a weight adds is shown where the layer before is flat.")
        return PinFacts(
            pin=pin,
            title=pin_title(self._canvas.scene.geometry, pin),
            value=value,
            rows=rows,
            steps=tuple(trace.steps),
            history=tuple(trace.values),
            mark=mark,
            values=values,
            classes=shown.classes if shown is not None and values is not None else None,
            names=pipeline.class_names if pipeline is not None and pipeline.task != "regression" else (),
            top=shown.tops.get(pin, ()) if shown is not None else (),
        )

    # What happens

    @Slot()
    def _on_pinned(self) -> None:
        self.follow(self._canvas.frame())
        self.panel.reveal(len(self._pins) - 1)

    @Slot(bool)
    def _on_visibility_changed(self, visible: bool) -> None:
        # What happened while nobody looked is taken from the states that are kept.
        if visible and self._stale and self._pins:
            self._unfilled.update(self._pins)
            QTimer.singleShot(0, self, self._on_seen)

    @Slot()
    def _on_seen(self) -> None:
        if self._stale:
            self.follow(self._canvas.frame())

    @Slot(int)
    def _on_row_wanted(self, line: int) -> None:
        self.lines_selected.emit((line,))
        self.told.emit(tr("Line {line} is the current row now.").format(line=line))

    def _follow_units(self, before: Run | None, after: Run | None) -> None:
        """Let pins stay with their neurons where an operation gave these other numbers."""
        if before is None or after is None or before.id != after.id or before.network == after.network:
            return
        moved = {pin: moved_pin(pin, before, after) for pin in self._pins}
        if any(now != pin for pin, now in moved.items()):
            self._unfilled = {now for pin, now in moved.items() if now is not None and pin in self._unfilled}
            self._pins = {now: self._pins[pin] for pin, now in moved.items() if now is not None}
            self._mark()
            self.remember()

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if before.network is not after.network:
            pinned = len(self._pins)
            self._follow_units(before.run, after.run)
            self._pins = {pin: trace for pin, trace in self._pins.items() if not pin.is_gone(after.network)}
            self._unfilled &= self._pins.keys()
            if len(self._pins) < pinned:
                self._mark()
                self.remember()
                self._show()
                if before.table is after.table:  # else it is another project, with nothing of this one
                    # Behind what is told of the edit itself, which the person has just done and sees.
                    told = partial(self.told.emit, gone_words(pinned - len(self._pins)))
                    QTimer.singleShot(0, self, told)
        if before.run is not after.run:
            # Between the moments that were seen there are states that were kept.
            self._unfilled.update(self._pins)
            self._follow_run()
