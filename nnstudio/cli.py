"""Every verb of the command line, on the same engine as the window, without Qt."""

from __future__ import annotations

import difflib
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table as TextTable

from nnstudio.components import families, find, load_plugins, members
from nnstudio.data import read_csv
from nnstudio.engine import Training
from nnstudio.errors import ComponentError, StudioError
from nnstudio.export import Exporter, export_run
from nnstudio.project import (
    Project,
    Start,
    commit,
    edits,
    evaluate,
    open_project,
    predict_table,
    save_project,
    start_training,
)
from nnstudio.project.facts import facts_of
from nnstudio.project.layer_table import to_csv, to_markdown
from nnstudio.project.proposal import enough_epochs
from nnstudio.project.run import Status
from nnstudio.project.settings import Settings
from nnstudio.version import __version__

VERBS = ("new", "train", "evaluate", "predict", "export", "info", "components")
SLICE_STEPS = 200
INTERRUPTED = 130

app = typer.Typer(
    name="nnstudio",
    help="Draw a neural network, give it your own data and watch it learn. Without a verb the window opens.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_out = Console(soft_wrap=True, highlight=False)
_err = Console(stderr=True, soft_wrap=True, highlight=False)

ProjectFile = Annotated[Path, typer.Argument(metavar="P.nns", help="A project file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


@dataclass(frozen=True)
class OpenRequest:
    """The window is wanted; whoever called the command line opens it, because the command line never sees Qt.

    Attributes are the arguments of `nnstudio.app.main`.
    """

    path: str | None
    train: int | None
    screenshot: str | None
    weights: str | None
    exit_when_done: bool
    theme: str | None
    size: tuple[int, int] | None


def run(words: list[str]) -> int | OpenRequest:
    """Run one command.

    Parameters
    ----------
    words : list of str
        The verb and what follows it.

    Returns
    -------
    int or OpenRequest
        0 done, 1 the work failed, 2 wrong usage, 130 interrupted; or what is to be opened.
    """
    try:
        status = app(words, standalone_mode=False)
    except (StudioError, OSError) as error:
        _err.print(str(error), markup=False)
        return 1
    except typer.Abort:
        return INTERRUPTED
    except Exception as error:
        # Wrong usage: the class differs between versions of the library, what it can do does not.
        show = getattr(error, "show", None)
        if show is None:
            raise
        show()
        return int(getattr(error, "exit_code", 2))
    return status if isinstance(status, (int, OpenRequest)) else 0


@app.callback(invoke_without_command=True)
def _studio(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    load_plugins()
    if version:
        _out.print(__version__)
        raise typer.Exit


@app.command("open")
def open_window(
    file: Annotated[Path | None, typer.Argument(help="A project (.nns) or a CSV file.")] = None,
    train: Annotated[int | None, typer.Option(min=1, help="Train so many epochs at once.")] = None,
    screenshot: Annotated[Path | None, typer.Option(help="Put a picture of the window there when done.")] = None,
    weights: Annotated[Path | None, typer.Option(help="Put the trained weights (.npz) there when done.")] = None,
    exit_when_done: Annotated[bool, typer.Option("--exit", help="Close the window when done.")] = False,
    theme: Annotated[str | None, typer.Option(help="light, dark, contrast or system.")] = None,
    size: Annotated[str | None, typer.Option(help="The window's size, such as 1280x800.")] = None,
) -> OpenRequest:
    """Open the window."""
    return OpenRequest(
        path=None if file is None else str(file),
        train=train,
        screenshot=None if screenshot is None else str(screenshot),
        weights=None if weights is None else str(weights),
        exit_when_done=exit_when_done,
        theme=theme,
        size=None if size is None else _size(size),
    )


@app.command()
def new(
    data: Annotated[Path, typer.Option(help="The CSV file to learn from.")],
    target: Annotated[str | None, typer.Option(help="The column to predict; the likeliest one by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="The project file; the data's name by default.")] = None,
    hidden: Annotated[str | None, typer.Option(help="Units of the hidden layers, such as 16,8.")] = None,
    template: Annotated[str | None, typer.Option(help="A network to begin with, see `components templates`.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="From which weights and orders derive.")] = 0,
) -> None:
    """Make a project with a network that fits the data."""
    if template is not None:
        try:
            find("templates", template)
        except ComponentError as error:
            raise typer.BadParameter(str(error)) from None
    project = edits.set_table(read_csv(data), target).apply(Project())
    if template is not None:
        project = edits.use_template(template).apply(project)
    if hidden is not None:
        project = edits.propose_network(_sizes(hidden)).apply(project)
    project = project.replace(settings=project.settings.model_copy(update={"seed": seed}))
    path = out or Path(data.name).with_suffix(".nns")
    save_project(project, path)
    if project.note:
        _out.print(project.note, markup=False)
    for problem in project.problems():
        _err.print(str(problem), markup=False)
    _out.print(f"{path} is written.", markup=False)


@app.command()
def train(
    file: ProjectFile,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="How many more epochs; enough for the data by default.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin again from the same first weights.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where to save; the project itself by default.")] = None,
    log: Annotated[Path | None, typer.Option(help="Write a JSON line for each epoch there.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A setting, such as optimizer.learning_rate=0.01."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Train a project, going on from where it was."""
    project = open_project(file)
    project = project.replace(settings=_with_settings(project.settings, settings or []))
    split, pipeline = project.rows, project.pipeline
    if epochs is None and project.settings.epochs is None and split is not None and pipeline is not None:
        epochs = enough_epochs(len(pipeline.features), len(split.train), project.settings.batch_size)
    start = start_training(project, fresh=fresh, epochs=epochs)
    began = time.perf_counter()
    training, status = _train(start, log)
    seconds = time.perf_counter() - began
    finished: Status = "finished" if training.finished else "paused"
    project = commit(project, start, training, finished, seconds)
    interrupted = status == "interrupted"
    # What was learned is always kept where a place for it was named, and in the project unless it was broken off.
    if out is not None or not interrupted:
        save_project(project, out or file)
    history = training.history
    facts: dict[str, Any] = {
        "epochs": training.epoch,
        "steps": training.step,
        "seconds": round(seconds, 3),
        "cost": history.latest_cost,
        "validation": history.latest("validation"),
        "stopped_because": status,
    }
    if training.diverged:
        from nnstudio.session.doctors import advise  # late, for it is seldom needed

        _err.print(f"{training.divergence}\n{advise(project, training)}", markup=False)
    if as_json:
        _print_json(facts)
    else:
        run = project.trained_run()
        _out.print(
            f"{facts['epochs']} epochs, {facts['steps']} steps in {seconds:.2f} s; cost {_number(facts['cost'])}, "
            f"validation {_number(facts['validation'])}; {run.measured_on} "
            + ", ".join(f"{name} {value:.4g}" for name, value in run.metrics.items()),
            markup=False,
        )
    return INTERRUPTED if interrupted else 1 if training.diverged else 0


@app.command("evaluate")
def evaluate_project(
    file: ProjectFile,
    data: Annotated[Path | None, typer.Option(help="Rows with targets; the held-out test rows by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell how good a trained project is."""
    project = open_project(file)
    found = evaluate(project, None if data is None else read_csv(data))
    facts = {
        "rows": found.rows,
        "split": found.split,
        "cost": found.cost,
        **found.metrics,
        "baseline": dict(found.baseline),
    }
    if as_json:
        _print_json(facts)
        return
    where = {"test": "on the test rows", "training": "on the training rows", "file": f"on {data}"}[found.split]
    _out.print(f"{found.rows} rows, {where}; cost {found.cost:.4g}", markup=False)
    table = TextTable("metric", "network", "baseline")
    for name, value in found.metrics.items():
        other = found.baseline.get(name)
        table.add_row(name, f"{value:.4g}", "" if other is None else f"{other:.4g}")
    _out.print(table)


@app.command()
def predict(
    file: ProjectFile,
    data: Annotated[Path, typer.Option(help="The CSV file whose rows are predicted.")],
    out: Annotated[Path | None, typer.Option(help="Where to write; the standard output by default.")] = None,
) -> None:
    """Predict the rows of a CSV file."""
    found = predict_table(open_project(file).trained_run(), read_csv(data))
    written = found.to_csv()
    if out is None:
        sys.stdout.buffer.write(written)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(written)
        _err.print(f"{found.table.row_count} rows are written to {out}.", markup=False)
    if found.warning():
        _err.print(found.warning(), markup=False)


@app.command()
def export(
    file: ProjectFile,
    form: Annotated[str, typer.Option("--format", help="The format's key; see: nnstudio components exporters.")],
    out: Annotated[Path, typer.Option(help="The file or folder to write.")],
) -> None:
    """Write the trained network in another format, and check what was written."""
    exporter = find("exporters", form)()
    assert isinstance(exporter, Exporter)
    project = open_project(file)
    proof = export_run(project, project.trained_run(), exporter, out)
    _out.print(
        f"{out} is written and checked on {proof.rows} rows: largest difference {proof.largest_difference:.1e}.",
        markup=False,
    )


@app.command()
def info(
    file: ProjectFile,
    as_json: AsJson = False,
    table: Annotated[str | None, typer.Option(help="Print the layers alone, as markdown or csv.")] = None,
) -> None:
    """Tell what is in a project: layers, shapes, parameters, data and runs."""
    project = open_project(file)
    if table is not None:
        writers = {"markdown": to_markdown, "csv": to_csv}
        if table not in writers:
            raise typer.BadParameter(f"The table is markdown or csv, not '{table}'.")
        sys.stdout.write(writers[table](project.network))
        return
    facts = facts_of(project)
    if as_json:
        _print_json(facts)
        return
    layers = TextTable("layer", "kind", "shape", "parameters")
    for layer in facts["layers"]:
        layers.add_row(layer["title"], layer["note"], layer["shape"] or "?", f"{layer['parameters'] or 0:,}")
    _out.print(layers)
    data = facts["data"]
    if data:
        _out.print(
            f"{data['name']}: {data['rows']} rows, {data['columns']} columns, target {data['target']}", markup=False
        )
    for one in facts["runs"]:
        metrics = ", ".join(f"{name} {value:.4g}" for name, value in one["metrics"].items())
        _out.print(
            f"{one['id']}: {one['epochs']} epochs, {one['status']}; {one['measured_on']} {metrics}", markup=False
        )
    for problem in facts["problems"]:
        _out.print(problem, markup=False)


@app.command()
def components(
    family: Annotated[str | None, typer.Argument(help="Such as layers, activations or exporters.")] = None,
    as_json: AsJson = False,
) -> None:
    """List every layer, activation, cost, optimizer and exporter with its parameters."""
    chosen = families() if family is None else (family,)
    if as_json:
        _print_json({name: [member.facts() for member in members(name)] for name in chosen})
        return
    for name in chosen:
        table = TextTable("key", "what it is", "parameters, defaults and bounds", title=name, title_justify="left")
        for member in members(name):
            table.add_row(member.key, member.summary(), "\n".join(one.line for one in member.parameters()))
        _out.print(table)


def _train(start: Start, log: Path | None) -> tuple[Training, str]:
    """Train to the end of the plan, or until Ctrl-C; return how it ended."""
    training = start.training()
    told: list[bool] = []
    before = signal.signal(signal.SIGINT, lambda *_: told.append(True))
    shown = sys.stderr.isatty() and training.plan.epochs is not None
    progress = (
        Progress(TextColumn("epoch {task.completed:.0f}"), BarColumn(), TimeRemainingColumn(), console=_err)
        if shown
        else nullcontext()
    )
    began = time.perf_counter()
    try:
        with progress as bar, log.open("w", encoding="utf-8") if log is not None else nullcontext() as lines:
            task = bar.add_task("", total=training.plan.epochs) if bar is not None else None
            logged = training.epoch
            while not training.finished and not training.diverged and not told:
                steps = min(SLICE_STEPS, training.steps_left_in_epoch) if lines is not None else SLICE_STEPS
                training.advance(steps, lambda: bool(told), lambda: bool(told))
                if lines is not None and training.epoch > logged:
                    logged = training.epoch
                    lines.write(_log_line(training, time.perf_counter() - began))
                if bar is not None and task is not None:
                    bar.update(task, completed=training.epoch)
    finally:
        signal.signal(signal.SIGINT, before)
    if training.diverged:
        return training, "diverged"
    return training, "interrupted" if told else "epochs"


def _log_line(training: Training, seconds: float) -> str:
    facts = {
        "step": training.step,
        "epoch": training.epoch,
        "cost": training.history.latest("epoch_cost"),
        "validation": training.history.latest("validation"),
        "seconds": round(seconds, 4),
    }
    return json.dumps(facts) + "\n"


def _with_settings(settings: Settings, changes: list[str]) -> Settings:
    """Return the settings with dotted keys replaced."""
    for change in changes:
        key, sign, text = change.partition("=")
        if not sign:
            raise typer.BadParameter(f"'{change}' is not KEY=VALUE.")
        values = settings.model_dump(mode="json")
        place: dict[str, Any] = values
        *outer, last = key.split(".")
        for part in outer:
            place = _inside(place, part, key)
        if last not in place:
            _inside(place, last, key)
        if last == "type":
            place.clear()  # another kind has other parameters
        place[last] = _value(text)
        try:
            settings = Settings.model_validate(values)
        except ValidationError as error:
            fault = error.errors()[0]
            name = ".".join(str(part) for part in fault["loc"])
            raise typer.BadParameter(f"{name}: {str(fault['msg']).removeprefix('Value error, ')}") from None
    return settings


def _inside(place: Mapping[str, Any], part: str, key: str) -> Any:
    if isinstance(place, dict) and part in place:
        return place[part]
    known = list(place) if isinstance(place, dict) else []
    near = difflib.get_close_matches(part, known, n=3) or known
    raise typer.BadParameter(f"There is no setting '{key}'. Did you mean {', '.join(near) or 'another'}?")


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None if text in ("none", "None") else text


def _print_json(facts: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(facts, ensure_ascii=False) + os.linesep)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _sizes(text: str) -> tuple[int, ...]:
    try:
        sizes = tuple(int(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"--hidden takes whole numbers such as 16,8, not '{text}'.") from None
    if not sizes or any(size < 1 for size in sizes):
        raise typer.BadParameter("--hidden takes numbers of 1 or more.")
    return sizes


def _size(text: str) -> tuple[int, int]:
    parts = text.lower().split("x")
    if len(parts) != 2 or not all(part.isdigit() for part in parts):
        raise typer.BadParameter(f"--size takes a size such as 1280x800, not '{text}'.")
    return int(parts[0]), int(parts[1])
