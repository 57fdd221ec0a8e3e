"""Opening, importing, saving, exporting and predicting files; all beside the window."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from nnstudio.data import Table, read_csv
from nnstudio.errors import StudioError
from nnstudio.export import Exporter, Verification, export_run
from nnstudio.gui.background import Background
from nnstudio.gui.preferences import Preferences
from nnstudio.gui.training_control import TrainingControl
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, TablePredictions, edits, open_project, predict_table, save_project

DATA_SUFFIXES = (".csv", ".tsv", ".txt", ".data")


class Files(QObject):
    """What happens to files. Reading and writing go on beside the window; what comes of them is told by signals.

    Parameters
    ----------
    document : Document
    control : TrainingControl
    background : Background
    preferences : Preferences
    window : QWidget
        The parent of dialogs.
    """

    told = Signal(str)
    failed = Signal(str, str)
    opened = Signal()
    predicted = Signal(object)

    def __init__(
        self,
        document: Document,
        control: TrainingControl,
        background: Background,
        preferences: Preferences,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document = document
        self._control = control
        self._background = background
        self._preferences = preferences
        self._window = window

    def new(self) -> None:
        """Begin with an empty canvas."""
        if self._may_leave():
            self._control.forget()
            self._document.reset(Project())
            self.opened.emit()

    def ask_open(self) -> None:
        """Let the person choose a project or a CSV file."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Open"),
            self._preferences.folder,
            tr("Projects and data (*.nns *.csv *.tsv *.txt);;All files (*)"),
        )
        if name:
            self.open(Path(name))

    def ask_import(self) -> None:
        """Let the person choose a CSV file to load into this project."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, tr("Import data"), self._preferences.folder, tr("Tables (*.csv *.tsv *.txt);;All files (*)")
        )
        if name:
            self.import_data(Path(name))

    def open(self, path: Path) -> None:
        """Open a project, or load a CSV file into what is open."""
        if path.suffix.lower() != ".nns":
            self.import_data(path)
            return
        if not self._may_leave():
            return

        def done(project: Project) -> None:
            self._control.forget()
            self._document.reset(project, path)
            self._preferences.remember_file(path)
            self.opened.emit()
            self.told.emit(tr("{name} is open.").format(name=path.name))

        self._background.run(lambda: open_project(path), "open").then(done, self.failed.emit)

    def import_data(self, path: Path) -> None:
        """Load a CSV file; on an empty canvas a network that fits is proposed."""

        def done(table: Table) -> None:
            drawn = bool(self._document.project.network.nodes)
            self._control.perform(edits.set_table(table))
            self._preferences.remember_file(path)
            note = self._document.project.note
            self.opened.emit()
            self.told.emit(tr("{name} is loaded.").format(name=path.name) if drawn or not note else note)

        self._background.run(lambda: read_csv(path), "open").then(done, self.failed.emit)

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Save the project where it was, or ask where."""
        if self._document.path is None:
            self.save_as(then)
        else:
            self._save(self._document.path, then)

    def save_as(self, then: Callable[[], None] | None = None) -> None:
        """Ask where to save the project."""
        table = self._document.project.table
        stem = Path(table.name).stem if table is not None else tr("network")
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            tr("Save the project"),
            str(Path(self._preferences.folder) / f"{stem}.nns"),
            tr("Projects (*.nns)"),
        )
        if name:
            self._save(Path(name).with_suffix(".nns"), then)

    def export_weights(self, exporter: Exporter, path: Path) -> None:
        """Write the trained weights, and check what was written."""
        run = self._document.project.run
        if run is None:
            self.failed.emit(tr("Nothing was trained yet. Press Train first; the weights can be exported then."), "")
            return

        def done(verification: Verification) -> None:
            self.told.emit(
                tr("{name} is written and checked on {rows} rows: largest difference {difference}.").format(
                    name=path.name,
                    rows=verification.rows,
                    difference=f"{verification.largest_difference:.1e}",
                )
            )

        project = self._document.project
        self._background.run(lambda: export_run(project, run, exporter, path), "export").then(done, self.failed.emit)

    def ask_predict(self) -> None:
        """Let the person choose a CSV file whose rows are predicted."""
        run = self._document.project.run
        if run is None:
            self.failed.emit(tr("Nothing was trained yet. Press Train first."), "")
            return
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Predict a file"),
            self._preferences.folder,
            tr("Tables (*.csv *.tsv *.txt);;All files (*)"),
        )
        if name:
            self.predict(Path(name))

    def predict(self, path: Path) -> None:
        """Predict the rows of a CSV file."""
        run = self._document.project.run
        if run is not None:
            job = self._background.run(lambda: predict_table(run, read_csv(path)), "predict")
            job.then(self.predicted.emit, self.failed.emit)

    def ask_save_predictions(self, predictions: TablePredictions) -> None:
        """Let the person choose where to write predictions."""
        stem = Path(predictions.table.name).stem
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            tr("Save the predictions"),
            str(Path(self._preferences.folder) / f"{stem} predicted.csv"),
            tr("Tables (*.csv)"),
        )
        if name:
            path = Path(name)
            self._background.run(lambda: path.write_bytes(predictions.to_csv()), "save predictions").then(
                lambda _: self.told.emit(tr("{name} is written.").format(name=path.name)), self.failed.emit
            )

    def keep_unsaved(self, path: Path) -> None:
        """Put work that no file holds where the next start finds it; at once, because the window is closing."""
        if self._document.saved:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            save_project(self._document.project, path)
        except (StudioError, OSError) as error:
            sys.stderr.write(f"{error}\n")

    def _save(self, path: Path, then: Callable[[], None] | None) -> None:
        self._control.hold()
        project = self._document.project

        def done(_: None) -> None:
            self._document.mark_saved(project, path)
            self._preferences.remember_file(path)
            self.told.emit(tr("{name} is saved.").format(name=path.name))
            if then is not None:
                then()

        self._background.run(lambda: save_project(project, path), "save").then(done, self.failed.emit)

    def _may_leave(self) -> bool:
        """Ask what to do with unsaved work; return whether to go on."""
        if self._document.saved:
            return True
        answer = QMessageBox.question(
            self._window,
            tr("NN Studio"),
            tr("Save the changes to this project first?"),
            QMessageBox.StandardButton.Save | QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel,
        )
        if answer == QMessageBox.StandardButton.Save:
            self.save()
            return False
        return answer == QMessageBox.StandardButton.Discard
