"""The window: wires rooms that do not know each other."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from nnstudio.engine import Edge
from nnstudio.gui.actions import make_actions
from nnstudio.gui.background import Background
from nnstudio.gui.block_library import BlockLibrary
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.dialogs.report import ReportDialog
from nnstudio.gui.dialogs.shortcuts import ShortcutsDialog
from nnstudio.gui.drawing.canvas_actions import CanvasActions
from nnstudio.gui.drawing.canvas_search import CanvasSearch
from nnstudio.gui.drawing.drawing_dialogs import DrawingDialogs
from nnstudio.gui.drawing.holds import HoldsMenu
from nnstudio.gui.drawing.surgery import SurgeryMenu
from nnstudio.gui.drawing.weight_editor import WeightEditor
from nnstudio.gui.files import Files
from nnstudio.gui.frame.command_palette import CommandPalette
from nnstudio.gui.frame.docks import Docks
from nnstudio.gui.frame.lens_switch import LensSwitch
from nnstudio.gui.frame.menus import MENUS, Menus
from nnstudio.gui.frame.offers import Offers
from nnstudio.gui.frame.plot_docks import PlotDocks
from nnstudio.gui.frame.regions import Regions
from nnstudio.gui.frame.status_line import StatusLine
from nnstudio.gui.frame.top_bar import TopBar
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.icons import app_icon
from nnstudio.gui.look.theme import apply_theme
from nnstudio.gui.moments.living import Lens
from nnstudio.gui.panels.current_row import CurrentRowPanel
from nnstudio.gui.panels.data import DataPanel
from nnstudio.gui.panels.history import HistoryPanel
from nnstudio.gui.panels.inspector import InspectorPanel
from nnstudio.gui.panels.outline import OutlinePanel
from nnstudio.gui.panels.palette import Palette
from nnstudio.gui.panels.predictions import PredictionsPanel
from nnstudio.gui.panels.problems import ProblemsPanel
from nnstudio.gui.panels.training import TrainingPanel
from nnstudio.gui.plots.boundary import BoundaryPlot
from nnstudio.gui.plots.loss import LossPlot
from nnstudio.gui.plots.plot import Plot
from nnstudio.gui.preferences import Preferences
from nnstudio.gui.settling import settle
from nnstudio.gui.training.bridge import Bridge
from nnstudio.gui.training.doctor import Doctor
from nnstudio.gui.training.frame_clock import FrameClock
from nnstudio.gui.training.rate_finder import RateFinder
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.gui.watching.answers import Answers
from nnstudio.gui.watching.current_row import CurrentRow
from nnstudio.gui.watching.display import Display
from nnstudio.gui.watching.pinning import Pinning
from nnstudio.gui.watching.stage import Stage, shows_another
from nnstudio.gui.watching.time_machine import TimeMachine
from nnstudio.i18n import tr
from nnstudio.project import Document, Edit, Project
from nnstudio.session import UNLIMITED, Limit, Session


class MainWindow(QMainWindow):
    """Canvas in the middle, panels around it, the bar above and the line below.

    Parameters
    ----------
    document : Document
    session : Session
    bridge : Bridge
    preferences : Preferences
    """

    def __init__(self, document: Document, session: Session, bridge: Bridge, preferences: Preferences) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.resize(1440, 900)
        self._document = document
        self._session = session
        self._preferences = preferences
        self.control = TrainingControl(document, session, bridge, self)
        self.background = Background(self)
        self.stage = Stage(document, self)
        self.files = Files(document, self.control, self.background, preferences, self)
        self.actions_by_id = make_actions(self)
        self._offers = Offers(document, session, self.actions_by_id, self)

        self.canvas = Canvas(document, self.perform)
        self.blocks = BlockLibrary()
        self.palette_panel = Palette(preferences, self.blocks)
        self.inspector = InspectorPanel(document, self.perform)
        self.training = TrainingPanel(document, self.perform)
        self.data = DataPanel(document, self.perform)
        self.problems = ProblemsPanel(document, self.perform)
        self.predictions = PredictionsPanel()
        self.history = HistoryPanel(document)
        self.row_panel = CurrentRowPanel()
        self.row = CurrentRow(document, self.stage, self.row_panel, self._draw_again)
        self.answers = Answers(self.predictions, self.stage, self.files, self.row)
        self.outline = OutlinePanel(document, self.perform)
        self.loss = LossPlot()
        self.boundary = BoundaryPlot()
        self.time = TimeMachine(document, self.control, self.stage, self.background, preferences, self)
        self.top_bar = TopBar(self.actions_by_id)
        self.status = StatusLine()
        self._lay_out()
        self._menus = Menus(self.menuBar(), self.actions_by_id, self.docks.toggles(), preferences)
        CommandPalette(self.menuBar(), self.docks, self.actions_by_id["help.commands"], self)
        Regions(self.canvas, self.docks, self.actions_by_id, self)
        self.canvas_actions = CanvasActions(self.canvas, self.actions_by_id, self)
        self._canvas_search = CanvasSearch(self.canvas, self.actions_by_id, self.blocks, preferences, self)
        self.drawing = DrawingDialogs(document, self.perform, self.canvas, self.blocks, preferences, self)
        self.rates = RateFinder(document, self.perform, self.background, self)
        self.doctor = Doctor(document, session, self.control, self.background, self.canvas)
        self.weights = WeightEditor(self.control, self.canvas, self)
        self.holds = HoldsMenu(self.control, self.canvas_actions, self.canvas, self.weights, self)
        self.surgery = SurgeryMenu(document, self.control, self.canvas_actions, self.canvas, self.background, self)
        self.lens = LensSwitch(self.actions_by_id, self.canvas)
        self.display = Display(
            document,
            self.stage,
            self.canvas,
            self.lens,
            session,
            self.control,
            self.loss,
            self.boundary,
            self.plots,
            self.pins,
            self.inspector,
            self.row,
            self.answers,
            self.doctor,
            self.top_bar,
            self.status,
        )
        self.clock = FrameClock(session, self.display.draw, self)
        self._wire()
        self._refresh_all()
        self.canvas.setFocus()

    def perform(self, edit: Edit) -> None:
        """Do an edit, pausing training first where that is needed."""
        self.control.perform(edit)

    # Layout

    def _lay_out(self) -> None:
        self.setCentralWidget(self.canvas)
        set_role(self.canvas, Role.Canvas)
        self.menuBar().setAccessibleName(tr("Menus"))
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.top_bar)
        self.setStatusBar(self.status)
        self.docks = Docks(self)
        left, right, below = (
            Qt.DockWidgetArea.LeftDockWidgetArea,
            Qt.DockWidgetArea.RightDockWidgetArea,
            Qt.DockWidgetArea.BottomDockWidgetArea,
        )
        self.docks.add("palette", tr("Layers"), self.palette_panel, left)
        self.docks.add("outline", tr("Outline"), self.outline, left)
        self.docks.add("inspector", tr("Inspector"), self.inspector, right)
        self.docks.add("training", tr("Training"), self.training, right)
        self.docks.add("history", tr("History"), self.history, right)
        self.docks.add("data", tr("Data"), self.data, below)
        # Before the loss: where panels lie behind each other already, Qt would add a tab instead of parting the place.
        self.docks.add("boundary", tr("Boundary"), self.boundary, below, beside="data")
        self.docks.add("timeline", tr("Timeline"), self.time.timeline, below, under="data")
        self.docks.add("loss", tr("Loss"), self.loss, below)
        self.docks.add("predictions", tr("Predictions"), self.predictions, below, behind="boundary")
        self.docks.add("row", tr("Current row"), self.row_panel, below, behind="boundary")
        self.docks.add("runs", tr("Runs"), self.time.runs, below, behind="boundary")
        self.docks.add("problems", tr("Problems"), self.problems, below, behind="boundary")
        placed: dict[str, Plot] = {"loss": self.loss, "boundary": self.boundary}
        self.plots = PlotDocks(self.docks, self._document, self.control.kept, placed)
        self.pins = Pinning(
            self._document, self._session, self.control, self.stage, self.canvas, self.docks, self._preferences, self
        )
        self.docks.arrange(self._preferences.layout())

    def _wire(self) -> None:
        actions, control, files, canvas = self.actions_by_id, self.control, self.files, self.canvas
        for id, call in {
            "file.new": files.new,
            "file.open": files.ask_open,
            "file.save": files.save,
            "file.saveAs": files.save_as,
            "file.sample": files.ask_sample,
            "file.template": self.drawing.ask_template,
            "canvas.saveBlock": self.drawing.save_block,
            "data.import": files.ask_import,
            "edit.undo": partial(canvas.scene.travel, control.undo),
            "edit.redo": partial(canvas.scene.travel, control.redo),
            "training.start": self._train,
            "training.pause": control.pause,
            "training.step": lambda: self._train(Limit(steps=1)),
            "training.epoch": lambda: self._train(Limit(epochs=1)),
            "training.stop": control.stop,
            "training.reset": control.reset,
            "training.newWeights": control.new_weights,
            "training.nextWrong": self.row.show_next_wrong,
            "training.findRate": self.rates.find,
            "view.pin": self.pins.choose,
            "export.weights": files.ask_export,
            "export.picture": self.drawing.export_picture,
            "help.shortcuts": self._show_shortcuts,
        }.items():
            # An action hands its checked state on, which none of these wants.
            actions[id].triggered.connect(lambda _=False, call=call: call())
        canvas.selection_changed.connect(self._on_selection_changed)
        canvas.scene.wire_selected.connect(self._on_wire_selected)
        self.lens.chosen.connect(self._on_lens_chosen)
        canvas.files_dropped.connect(files.open_dropped)
        canvas.open_file_requested.connect(files.ask_open)
        canvas.open_sample_requested.connect(files.ask_sample)
        canvas.template_requested.connect(self.drawing.ask_template)
        self.data.open_file_requested.connect(files.ask_open)
        self.data.open_sample_requested.connect(files.ask_sample)
        self.palette_panel.component_activated.connect(canvas.add_component)
        self.palette_panel.block_activated.connect(canvas.add_block)
        canvas.scene.layer_added.connect(self.palette_panel.remember)
        self.history.travel_wanted.connect(control.travel)
        self.history.difference_changed.connect(canvas.show_difference)
        self.history.file_wanted.connect(files.ask_compare)
        files.comparable.connect(self.history.compare_with)
        self.outline.nodes_chosen.connect(canvas.select)
        self.outline.add_wanted.connect(actions["canvas.quickAdd"].trigger)
        self.outline.delete_wanted.connect(actions["edit.delete"].trigger)
        self.inspector.units_chosen.connect(self.surgery.resize)
        for panel in (self.outline, self.inspector):
            panel.menu_wanted.connect(self.canvas_actions.show_menu_at)
        for teller in (
            self.row,
            self.drawing,
            self.rates,
            self.doctor,
            self.surgery,
            self.weights,
            self.holds,
            self.time,
        ):
            teller.told.connect(self.status.tell)
        self.doctor.withdrawn.connect(self.status.withdraw)
        self.doctor.row_wanted.connect(self.row.choose)
        self.drawing.blocks_changed.connect(self.palette_panel.refresh)
        canvas.told.connect(self.status.refuse)
        canvas.scene.changed.connect(self.status.forget_refusal)
        canvas.inspect_requested.connect(self._inspect)
        self.problems.nodes_activated.connect(canvas.select)
        self.problems.open_file_requested.connect(files.ask_open)
        self.problems.open_sample_requested.connect(files.ask_sample)
        self.problems.count_changed.connect(self._show_problem_count)
        self.plots.lines_selected.connect(self.answers.show_lines)
        self.pins.told.connect(self.status.tell)
        self.pins.lines_selected.connect(self.answers.show_lines)
        self.predictions.show_requested.connect(canvas.setFocus)
        self.data.menu_actions = (actions["data.import"],)
        self._menus.file_chosen.connect(files.open)
        self._menus.theme_chosen.connect(self._use_theme)
        self._menus.layout_reset.connect(self.docks.put_back)
        self._menus.quit_wanted.connect(self.close)
        files.told.connect(self.status.tell)
        files.failed.connect(self._report)
        files.opened.connect(self._on_opened)
        files.opened.connect(self.pins.restore)
        files.saved.connect(self.pins.remember)
        files.opened.connect(self.time.read_past)
        files.saved.connect(self._show_title)
        files.predicted.connect(lambda _: self.docks.raise_("predictions"))
        control.status_changed.connect(self._on_status_changed)
        control.refused.connect(self._on_refused)
        control.failed.connect(self._report)
        control.diverged.connect(self.status.tell)  # the doctor says where it happened and what helps
        control.committed.connect(self._on_committed)
        self.time.connect_window(actions, self.display, self.predictions)
        self._document.subscribe(self._on_project_changed)
        self._show_problem_count(len(self.problems.problems()))

    # Training and drawing

    def train_epochs(self, epochs: int) -> None:
        """Train so many epochs, then pause."""
        self._train(Limit(epochs=epochs))

    def _train(self, limit: Limit = UNLIMITED) -> None:
        if not self.docks.is_open("loss") or self.docks.is_seen("data"):
            self.docks.show("loss")
        self.control.train(limit)

    def _on_status_changed(self, status: str) -> None:
        self.top_bar.show_status(status)
        if status == "running":
            self.clock.start()
            self.status.tell("")
        else:
            self.clock.stop()
            self.status.clear_speed()
            self.display.show_moment()
        self._offers.refresh()

    def _on_committed(self) -> None:
        if self._session.status != "running":
            self.answers.show_rows()
        run = self._document.project.run
        if run is not None:
            self.status.tell_progress(run.state.epoch, run.history.lowest("epoch_cost"))

    def _on_refused(self, message: str) -> None:
        self.docks.show("problems")
        self.problems.refresh()
        self.status.tell(message.splitlines()[0])

    # Following the document

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if before.settings != after.settings or before.table is not after.table or before.columns != after.columns:
            self.top_bar.show_project(after)
        if not self.control.running and shows_another(before, after):
            self.display.show_moment()
        self.answers.show_change(before, after)
        self._show_title()
        self._offers.refresh()

    def _refresh_all(self) -> None:
        self.top_bar.show_project(self._document.project)
        self.display.show_moment()
        self.answers.show_rows()
        self._show_title()
        self._offers.refresh()

    def _show_title(self) -> None:
        document = self._document
        table = document.project.table
        name = document.path.name if document.path is not None else table.name if table is not None else tr("untitled")
        self.setWindowTitle(f"{name}[*] – NN Studio")
        self.setWindowModified(not document.saved)

    def _show_problem_count(self, count: int) -> None:
        self.docks.set_title("problems", tr("Problems {count}").format(count=count))

    def _on_opened(self) -> None:
        self._refresh_all()
        self.canvas.fit()
        project = self._document.project
        self.docks.raise_("data" if project.run is None else "loss")
        if project.note:
            self.status.tell(project.note)
        if project.in_the_way is not None:
            self.docks.raise_("problems")
        elif project.pipeline is not None:
            self.docks.raise_("boundary" if len(project.pipeline.features) == 2 else "predictions")

    def _on_selection_changed(self, ids: tuple[str, ...]) -> None:
        self.inspector.show_nodes(ids)
        self.outline.select(ids)
        self._raise_inspector(bool(ids))

    def _on_wire_selected(self, wire: Edge | None) -> None:
        self.inspector.show_wire(wire)
        self._raise_inspector(wire is not None)

    def _raise_inspector(self, is_asked: bool) -> None:
        if is_asked and not self.docks.is_seen("history"):  # who looks at the past goes on doing so
            self.docks.raise_("inspector")

    def _inspect(self) -> None:
        """Let the person change the selected layer in the inspector."""
        self.docks.show("inspector")
        self.inspector.focus_first()

    def _on_lens_chosen(self, lens: Lens) -> None:
        self.stage.lens = lens
        self.display.watch()
        self._draw_again()
        frame = self.canvas.frame()
        if lens == "changes" and not self.control.running and frame is not None and not frame.changes:
            self.status.tell(tr("What a step changes is seen while it trains, and when it pauses after that."))

    def _draw_again(self) -> None:
        """Draw the same moment, of which something else is to be seen; while it trains the next frame will do."""
        if not self.control.running:
            frame = self.stage.again()
            self.canvas.show_frame(frame)
            self.boundary.show_frame(frame, self.stage.view, None)

    def _show_shortcuts(self) -> None:
        dialog = ShortcutsDialog(MENUS, self.actions_by_id, self)
        dialog.exec()
        dialog.deleteLater()

    # The window itself

    def _report(self, message: str, details: str) -> None:
        self.status.tell(message.splitlines()[0] if message else "")
        dialog = ReportDialog(message, details, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _use_theme(self, name: str) -> None:
        self._preferences.theme = name
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, name)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Lead the Tab key past panels that lie behind others."""
        start = QApplication.focusWidget()
        while super().focusNextPrevChild(forward):
            found = QApplication.focusWidget()
            if found is None or found is start or not self.docks.covers(found):
                return True
        return False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files anywhere on the window."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file that was dropped."""
        if event.mimeData().hasUrls():
            self.files.open_dropped([url.toLocalFile() for url in event.mimeData().urls()])
            event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hold the run, remember the layout, and let everything go."""
        settle(self)
        self.clock.stop()
        self.control.release()
        self.background.cancel()
        self.files.keep_unsaved()
        self._preferences.remember_layout(self.saveGeometry(), self.docks.state())
        super().closeEvent(event)
