"""Shows a moment everywhere in the window: while training a part of it at each frame, at rest all of it."""

from __future__ import annotations

from dataclasses import dataclass

from nnstudio.engine import History
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.canvas.living_layer import living_nodes
from nnstudio.gui.frame.lens_switch import LensSwitch
from nnstudio.gui.frame.plot_docks import PlotDocks
from nnstudio.gui.frame.status_line import StatusLine
from nnstudio.gui.frame.top_bar import TopBar
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.panels.inspector import InspectorPanel
from nnstudio.gui.plots.boundary import BoundaryPlot
from nnstudio.gui.plots.loss import LossPlot
from nnstudio.gui.training.doctor import Doctor
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.gui.watching.answers import Answers
from nnstudio.gui.watching.current_row import CurrentRow
from nnstudio.gui.watching.pinning import Pinning
from nnstudio.gui.watching.stage import Stage
from nnstudio.project import Document, Project
from nnstudio.session import Session, Snapshot

_SIDE_EVERY = 4
"""Every fourth frame goes to a plot or a panel beside the canvas, in turn, so that no frame is a long one."""


@dataclass(eq=False)
class Display:
    """Everything that follows the network's weights.

    Attributes
    ----------
    document : Document
    stage : Stage
        Makes the frames.
    session : Session
        Which is told what is watched.
    control : TrainingControl
        Knows when the run that trains ends.
    canvas, lens, loss, boundary, plots, pins, inspector, row, answers, doctor, top_bar, status
        What shows them.
    """

    document: Document
    stage: Stage
    canvas: Canvas
    lens: LensSwitch
    session: Session
    control: TrainingControl
    loss: LossPlot
    boundary: BoundaryPlot
    plots: PlotDocks
    pins: Pinning
    inspector: InspectorPanel
    row: CurrentRow
    answers: Answers
    doctor: Doctor
    top_bar: TopBar
    status: StatusLine
    _beat: int = 0
    _boundary_was_seen: bool = False

    def draw(self, snapshot: Snapshot) -> None:
        """Draw a snapshot: the canvas in three of four frames, a part of what is beside it in the fourth."""
        self._beat += 1
        turns = 4 if self.plots.any_seen else 3
        turn = self._beat // _SIDE_EVERY % turns if self._beat % _SIDE_EVERY == 0 else None
        if turn is None and self._show_newcomer(snapshot):
            return
        if turn is None:
            self.canvas.show_frame(self.stage.frame(snapshot, self._nodes_in_sight()))
            self.status.show_metric(self.stage.metric_line)  # with the answer's card, which says it too
        elif turn == 0:
            self.doctor.follow(snapshot)
            self.loss.take_history(snapshot.history, self._steps_per_epoch())
            self.stage.measure()
            self.answers.follow()
            self._show_numbers(snapshot)
        elif turn == 1:
            self.loss.paint_now()
        elif turn == 2:
            self._show_beside(self._frame_beside(snapshot), snapshot.history, paced=True)
        else:
            self.plots.show_next(self._frame_beside(snapshot), self.stage.view, snapshot.history)

    def show_drawing(self, project: Project | None) -> None:
        """Show the drawing of an earlier time, which cannot be changed; None shows the document's again."""
        self.canvas.scene.show_past(project)
        if project is not None:
            self.canvas.keep_in_sight()
        self.inspector.show_past(project)

    def show_moment(self) -> None:
        """Show the document's own weights everywhere, because nothing runs."""
        self.show_drawing(None)
        run = self.document.project.run
        history = run.history if run is not None else None
        self.show_frame(self.stage.moment(), history)
        steps = 1 if run is None else run.settings.steps_per_epoch(len(run.split.train))
        self.loss.show_history(history, steps)

    def watch(self) -> None:
        """Have gradients and changes brought while they are to be seen."""
        self.session.watch(wanted=self.lens.lens in ("gradients", "changes"))

    def show_frame(self, frame: LivingFrame | None, history: History | None, *, past: bool = False) -> None:
        """Show one moment, which may be an earlier one of the history, on everything but the curve of the cost."""
        self.lens.setVisible(frame is not None)
        self.canvas.leave_free(bottom=self.lens.height() // 2 if frame is not None else 0)
        self.canvas.show_frame(frame)
        self._show_beside(frame, history)
        self._boundary_was_seen = self.boundary.is_seen
        self.plots.show_moment(frame, self.stage.view, history, past=past)
        self.top_bar.show_epoch(frame.epoch if frame is not None else 0)
        self.top_bar.show_rate(None)
        self.status.show_metric(self.stage.metric_line or self.document.project.moved_on())

    def _show_beside(self, frame: LivingFrame | None, history: History | None, *, paced: bool = False) -> None:
        self.boundary.show_frame(frame, self.stage.view, history, paced=paced)
        self.inspector.show_frame(frame)
        self.row.follow()
        self.pins.follow(frame)

    def _show_newcomer(self, snapshot: Snapshot) -> bool:
        """Show a moment at once on a plot that has just come to be seen; return whether there is one."""
        was_seen, self._boundary_was_seen = self._boundary_was_seen, self.boundary.is_seen
        if self._boundary_was_seen and not was_seen:
            self.boundary.show_frame(self._frame_beside(snapshot), self.stage.view, snapshot.history)
            return True
        if self.plots.has_newcomer:
            self.plots.show_next(self._frame_beside(snapshot), self.stage.view, snapshot.history)
            return True
        return False

    def _nodes_in_sight(self) -> frozenset[str]:
        canvas = self.canvas
        return (
            living_nodes(canvas.scene.geometry, canvas.seen, canvas.view.scale) if canvas.isVisible() else frozenset()
        )

    def _frame_beside(self, snapshot: Snapshot) -> LivingFrame | None:
        """Return a frame for what is beside the canvas, of which the answer is drawn at most."""
        view = self.stage.view
        return self.stage.frame(snapshot, view.network.output_ids if view is not None and self.boundary.is_seen else ())

    def _show_numbers(self, snapshot: Snapshot) -> None:
        self.top_bar.show_epoch(snapshot.epoch)
        self.top_bar.show_rate(snapshot.history.latest("learning_rate"))
        last = self.control.last_epoch
        left = None if last is None else max(0, last - snapshot.epoch)
        self.status.show_speed(snapshot.steps_per_second, self._steps_per_epoch(), left)
        self.status.tell_progress(snapshot.epoch, snapshot.history.lowest("epoch_cost"))

    def _steps_per_epoch(self) -> int:
        """Return how many steps an epoch of the run that trains has, with what was handed to it last."""
        project = self.document.project
        return project.settings.steps_per_epoch(len(project.rows.train) if project.rows is not None else 0)
