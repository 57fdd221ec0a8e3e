"""Project files: a zip with plain JSON, plain arrays and the data as CSV. Nothing in it is code."""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from nnstudio.components import keep_unknown, names_unknown
from nnstudio.data import Source, Table, read_csv
from nnstudio.engine import Change, History, Network, Rung, State, weight_views
from nnstudio.errors import DataError, ProjectFileError
from nnstudio.project import edits
from nnstudio.project.files.archive import DAMAGES, Archive, array_bytes, write_archive
from nnstudio.project.files.migrations import VERSION, migrate
from nnstudio.project.files.past import past_members
from nnstudio.project.inputs import shares
from nnstudio.project.project import Project
from nnstudio.project.run import Run
from nnstudio.project.settings import Settings

EMBED_BYTES = 20 * 2**20
"""Data up to this size are put into the file; larger ones are referred to by path and checksum."""


_VALUES = (
    *("network", "positions", "colours", "notes", "blocks"),
    *("columns", "split", "settings", "current", "note", "embed_data"),
)
"""What a file holds of a project as it is."""


def save_project(project: Project, path: Path, pasts: Mapping[str, Sequence[Rung]] | None = None) -> None:
    """Write a project to a file, atomically.

    Parameters
    ----------
    project : Project
    path : Path
    pasts : mapping of str to sequence of Rung, optional
        Earlier states of runs by the runs' ids, for `open_past`.

    Raises
    ------
    ProjectFileError
        When it cannot be written; what was there before is untouched.
    """
    members: dict[str, bytes] = {}
    data: dict[str, Any] = {
        "version": VERSION,
        "network": project.network.model_dump(mode="json"),
        "positions": {id: list(place) for id, place in project.positions.items()},
        "colours": dict(project.colours),
        "notes": [note.model_dump(mode="json") for note in project.notes],
        "blocks": [block.model_dump(mode="json") for block in project.blocks],
        "columns": [use.model_dump(mode="json") for use in project.columns],
        "split": project.split.model_dump(mode="json"),
        "settings": project.settings.model_dump(mode="json"),
        "runs": [*(run.id for run in project.runs), *project.unread_runs],
        "current": project.current,
        "note": project.note,
        "embed_data": project.embed_data,
        "data": None,
    }
    if project.table is not None:
        data["data"] = _data_members(project.table, project.embed_data, members)
    members["project.json"] = _json(data)
    for run in project.runs:
        _add_run(run, members)
        if pasts and pasts.get(run.id):
            members |= past_members(run, pasts[run.id])
    for kept in project.unread_runs.values():
        members.update(kept)
    write_archive(path, members)


def open_project(path: Path) -> Project:
    """Read a project from a file.

    Raises
    ------
    ProjectFileError
        When the file is damaged, hostile, newer than this version, or refers to data that are gone.
    """
    archive = Archive(path, path.name)
    try:
        data = _parse_json(archive, "project.json", path.name)
        data = migrate(data, path.name)
        table = _read_table(archive, data.get("data"), path)
        values = {key: data[key] for key in _VALUES if key in data}
        project = Project.model_validate(values, context=keep_unknown())
        strangers = {use.name for use in project.columns} - set(table.column_names if table is not None else ())
        if table is not None and strangers:
            raise ValueError(f"it uses the column '{min(strangers)}', which its data do not have")
        runs, unread = _read_runs(archive, [str(id) for id in data.get("runs", [])], path.name)
        for run in runs:
            rows = max((*run.split.train, *run.split.validation, *run.split.test), default=-1)
            if table is not None and table.digest == run.data_digest and rows >= table.row_count:
                raise ValueError(f"{run.id} names rows that its data do not have")
        note = project.note
        if unread:
            names = ", ".join(unread)
            note = f"{names} uses what is not known here and is kept in the file as it is."
        return project.replace(table=table, runs=runs, unread_runs=unread, note=note)
    except DAMAGES as error:
        fault = _first_fault(error) if isinstance(error, ValidationError) else f"{error}."
        raise ProjectFileError(f"{path.name} is damaged: {fault} It was left as it is.") from error
    finally:
        archive.close()


def read_any(path: Path) -> Project:
    """Return the project in a ``.nns`` file, or a new one with a proposed network for any other file, read as CSV.

    Raises
    ------
    ProjectFileError, DataError
        When the file cannot be used.
    """
    if path.suffix.lower() == ".nns":
        return open_project(path)
    return edits.set_table(read_csv(path)).apply(Project())


def _data_members(table: Table, embed: bool, members: dict[str, bytes]) -> dict[str, Any]:
    data = table.to_csv()
    embeds = (embed and len(data) <= EMBED_BYTES) or table.source is None
    source = None if table.source is None else table.source.model_dump(mode="json")
    if source is not None and embeds:
        source["path"] = Path(source["path"]).name  # the project may be given away, but not the folders it came from
    lines = [table.file_row(row) for row in range(table.row_count)]
    if embeds:
        members["data.csv"] = data
        members["data_lines.npy"] = array_bytes(np.array(lines, np.int64))
    return {
        "name": table.name,
        "source": source,
        "embedded": embeds,
        "columns": list(table.column_names),
        "warnings": {column.name: list(column.warnings) for column in table.columns if column.warnings},
    }


def _read_table(archive: Archive, data: Any, path: Path) -> Table | None:
    if not isinstance(data, dict):
        return None
    source = None if data.get("source") is None else Source.model_validate(data["source"])
    if not data.get("embedded"):
        return _read_referred(source, path)
    import polars  # late, because it takes a third of a second

    names = [str(name) for name in data.get("columns", [])]
    try:
        frame = polars.read_csv(
            archive.read("data.csv"), infer_schema=False, schema=dict.fromkeys(names, polars.String)
        )
    except polars.exceptions.PolarsError as error:
        raise ProjectFileError(f"{path.name} is damaged at 'data.csv' ({error}). It was left as it is.") from error
    lines = dict(archive.arrays("data_")).get("lines")
    if lines is not None and len(lines) != frame.height:
        raise ProjectFileError(f"{path.name} is damaged: its data have another number of rows than they say.")
    # Warnings about kinds are found again; only what was noticed while reading the first time is kept.
    renamed = {
        str(name): tuple(words for words in map(str, texts) if "renamed" in words)
        for name, texts in dict(data.get("warnings", {})).items()
    }
    return Table(str(data.get("name", "data.csv")), frame, _as_lines(lines), source, renamed)


def _as_lines(lines: Any) -> Any:
    return None if lines is None else np.asarray(lines, np.int64)


def _read_referred(source: Source | None, path: Path) -> Table:
    if source is None:
        raise ProjectFileError(f"{path.name} is damaged: it does not say where its data are.")
    # The data may have moved along with the project.
    for place in (Path(source.path), path.parent / Path(source.path).name):
        if place.is_file():
            if hashlib.blake2b(place.read_bytes(), digest_size=16).hexdigest() != source.checksum:
                raise ProjectFileError(
                    f"{path.name} refers to {place.name}, which has changed since. Load it into a new project."
                )
            try:
                return read_csv(place, delimiter=source.delimiter, encoding=source.encoding, header=source.header)
            except DataError as error:
                raise ProjectFileError(f"{path.name} refers to data that cannot be read: {error}") from error
    raise ProjectFileError(
        f"{path.name} refers to {source.path}, which is not there. Put the file back, or beside the project."
    )


def _add_run(run: Run, members: dict[str, bytes]) -> None:
    folder = f"runs/{run.id}/"
    data = {
        "id": run.id,
        "network": run.network.model_dump(mode="json"),
        "pipeline": run.pipeline.model_dump(mode="json"),
        "split": run.split.model_dump(mode="json"),
        "settings": run.settings.model_dump(mode="json"),
        "design": run.design,
        "data_name": run.data_name,
        "data_digest": run.data_digest,
        "journal": [[change.step, change.name, change.value] for change in run.journal],
        "status": run.status,
        "name": run.name,
        "pinned": run.pinned,
        "parent": run.parent,
        "parent_step": run.parent_step,
        "note": run.note,
        "seconds": run.seconds,
        "metrics": run.metrics,
        "baseline": run.baseline,
        "measured_on": run.measured_on,
        # Left out where it says nothing, so that programs that do not know it can read the file.
        **({"schedule_from": run.schedule_from} if run.schedule_from else {}),
    }
    members[f"{folder}run.json"] = _json(data)
    for name, values in weight_views(run.network, run.state.weights).items():
        members[f"{folder}weights/{name}.npy"] = array_bytes(values)
    for name, values in run.state.to_arrays().items():
        if name != "weights":  # they are there by their names
            members[f"{folder}memory/{name}.npy"] = array_bytes(values)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **run.history.to_arrays())
    members[f"{folder}history.npz"] = buffer.getvalue()


def _read_runs(archive: Archive, ids: list[str], name: str) -> tuple[tuple[Run, ...], dict[str, dict[str, bytes]]]:
    """Return the runs, and the members of those that hold what nobody knows here, to be saved again as they are."""
    runs, unread = [], {}
    for id in ids:
        try:
            runs.append(_read_run(archive, id, name))
        except ValidationError as error:
            if not names_unknown(error):
                raise
            folder = f"runs/{id}/"
            unread[id] = {member: archive.read(member) for member in archive.names() if member.startswith(folder)}
    return tuple(runs), unread


def _read_run(archive: Archive, id: str, name: str) -> Run:
    folder = f"runs/{id}/"
    data = _parse_json(archive, f"{folder}run.json", name)
    network = Network.model_validate(data["network"])
    settings = Settings.model_validate(data["settings"])
    weights = dict(archive.arrays(f"{folder}weights/"))
    expected = network.weight_shapes()
    if {key: values.shape for key, values in weights.items()} != dict(expected):
        raise ValueError(f"the weights of {id} do not fit its network")
    dtype = np.dtype(data["settings"].get("precision", "float32"))
    flat = np.concatenate([np.asarray(weights[key], dtype).reshape(-1) for key in expected] or [np.zeros(0, dtype)])
    if not np.isfinite(flat).all():
        raise ValueError(f"the weights of {id} hold values that are not finite numbers")
    flat.flags.writeable = False
    state = State.from_arrays({**dict(archive.arrays(f"{folder}memory/")), "weights": flat})
    size = sum(math.prod(shape) for shape in network.memory_shapes().values())
    fresh = settings.optimizer.memory(len(flat), dtype)
    slots = {name: values.shape for name, values in state.optimizer.items()}
    if (
        state.memory.shape != (size,)
        or any(values.dtype.kind not in "fiu" for values in (state.memory, *state.optimizer.values()))
        or set(state.streams) != set(network.order)
        or any(name in slots and slots[name] != values.shape for name, values in fresh.items())
    ):
        raise ValueError(f"the state of {id} does not fit its network")
    if state.position > len(data["split"]["train"]):
        raise ValueError(f"the state of {id} lies behind the last of its rows")
    history = History.from_arrays(
        {key: np.asarray(values) for key, values in archive.npz(f"{folder}history.npz").items()}
    )
    journal = tuple(Change(int(step), str(setting), value) for step, setting, value in data.pop("journal", []))
    run = Run.model_validate({**data, "state": state, "history": history, "journal": journal})
    if run.pipeline.output_units != network.shapes()[network.output_ids[0]][0]:  # type: ignore[index]  # it has a shape
        raise ValueError(f"the answers of {id} do not fit its classes")
    if shares(network)[network.input_ids[-1]].stop != len(run.pipeline.features):
        raise ValueError(f"the inputs of {id} do not fit its columns")
    return run


def _parse_json(archive: Archive, member: str, name: str) -> dict[str, Any]:
    try:
        data = json.loads(archive.read(member).decode())
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ProjectFileError(f"{name} is damaged at '{member}' ({error}). It was left as it is.") from error
    if not isinstance(data, dict):
        raise ProjectFileError(f"{name} is damaged at '{member}'. It was left as it is.")
    return data


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, indent=1, ensure_ascii=False).encode()


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    place = " → ".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}." if place else f"{fault['msg']}."
