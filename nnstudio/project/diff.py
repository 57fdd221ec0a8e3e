"""What differs between two projects, in words: layers, their parameters, wires, settings and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from nnstudio.data import ColumnUse
from nnstudio.engine import Network
from nnstudio.project.project import Project

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Change:
    """One parameter that differs.

    Attributes
    ----------
    path : str
        Its name, with dots where it is a part of another.
    before, after : str
        In words.
    """

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class Part:
    """A layer, or another part of a project, that differs.

    Attributes
    ----------
    id : str
        The node, or empty.
    name : str
    kind : str
    changes : tuple of Change
    edge : (str, str) or None
        The wire that it is, where it is one that the second project has.
    """

    id: str
    name: str
    kind: Kind
    changes: tuple[Change, ...] = ()
    edge: tuple[str, str] | None = None


def compare(before: Project, after: Project) -> tuple[Part, ...]:
    """Return what differs, layers first.

    Layers are the same where their ids are; two networks that share none are matched by their order in the flow.

    Parameters
    ----------
    before, after : Project
    """
    pairs = _matched(before.network, after.network)
    parts: list[Part] = []
    for node in before.network.nodes:
        if node.id not in pairs:
            parts.append(Part(node.id, node.name, "removed"))
    known = {new: old for old, new in pairs.items()}
    for node in after.network.nodes:
        if node.id not in known:
            parts.append(Part(node.id, node.name, "added", tuple(_changes({}, _values(node.layer)))))
            continue
        old = before.network.node(known[node.id])
        changes = list(_changes(_values(old.layer), _values(node.layer)))
        if old.name != node.name:
            changes.insert(0, Change("title", old.name, node.name))
        if changes:
            parts.append(Part(node.id, node.name, "changed", tuple(changes)))
    parts += _wires(before.network, after.network, pairs)
    for name, values in (("Training", "settings"), ("Split", "split")):
        changes = list(_changes(_values(getattr(before, values)), _values(getattr(after, values))))
        if changes:
            parts.append(Part("", name, "changed", tuple(changes)))
    roles = [{use.name: _in_words(use) for use in project.columns} for project in (before, after)]
    changes = list(_changes(roles[0], roles[1]))
    if changes:
        parts.append(Part("", "Columns", "changed", tuple(changes)))
    return tuple(parts)


def _in_words(use: ColumnUse) -> str:
    return f"{use.role}, {use.kind}" + (", as it is" if use.scaling == "as_is" else "")


def _matched(before: Network, after: Network) -> dict[str, str]:
    """Return which node of the second network each node of the first one became."""
    shared = {node.id: node.id for node in before.nodes if node.id in after}
    inner = [id for id in shared if before.node(id).layer.is_inner]
    if inner or len(shared) == len(before.nodes):
        return shared
    found = dict(shared)
    rest = [id for id in after.order if id not in shared]
    for id in before.order:
        if id in found:
            continue
        alike = next((other for other in rest if after.node(other).layer.key == before.node(id).layer.key), None)
        if alike is not None:
            rest = rest[rest.index(alike) + 1 :]
            found[id] = alike
    return found


def _wires(before: Network, after: Network, pairs: dict[str, str]) -> list[Part]:
    old = {(pairs.get(a, f"{a} "), pairs.get(b, f"{b} ")): (a, b) for a, b in before.edges}
    found: list[Part] = []
    for edge, (a, b) in old.items():
        if edge not in after.edges:
            found.append(Part("", f"{before.node(a).name} → {before.node(b).name}", "removed"))
    for a, b in after.edges:
        if (a, b) not in old:
            found.append(Part("", f"{after.node(a).name} → {after.node(b).name}", "added", edge=(a, b)))
    return found


def _values(model: BaseModel) -> dict[str, str]:
    return dict(_flat(model.model_dump(mode="json"), ""))


def _flat(values: dict[str, Any], before: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in values.items():
        path = f"{before}.{name}" if before else name
        if isinstance(value, dict):
            found.append((path, str(value.get("type", ""))))
            found += _flat({key: inner for key, inner in value.items() if key != "type"}, path)
        else:
            found.append((path, "none" if value is None else str(value)))
    return found


def _changes(before: dict[str, str], after: dict[str, str]) -> list[Change]:
    names = [*before, *(name for name in after if name not in before)]
    return [
        Change(name, before.get(name, "–"), after.get(name, "–"))
        for name in names
        if before.get(name) != after.get(name)
    ]
