"""Who may import whom."""

import tomllib
from graphlib import CycleError, TopologicalSorter
from itertools import product
from pathlib import Path

import grimp
import pytest
from importlinter.cli import EXIT_STATUS_ERROR, EXIT_STATUS_SUCCESS, lint_imports

import nnstudio
from nnstudio.components import Component
from tests.house.sources import ROOT, components, packages

CONFIGURATION = ROOT / "pyproject.toml"


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    # What is imported for annotations alone does not exist when the studio runs.
    return grimp.build_graph("nnstudio", exclude_type_checking_imports=True, cache_dir=None)


def cycle_among(graph: grimp.ImportGraph, package: str) -> list[str]:
    """Return a cycle among the parts of a package, each taken with all it contains; empty where there is none."""
    parts = graph.find_children(package)
    inside = {part: {part, *graph.find_descendants(part)} for part in parts}
    needs: dict[str, set[str]] = {part: set() for part in parts}
    for part, other in product(parts, parts):
        looks_at = {found for module in inside[part] for found in graph.find_modules_directly_imported_by(module)}
        if part != other and looks_at & inside[other]:
            needs[part].add(other)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_contract_of_the_import_linter_holds() -> None:
    assert lint_imports(config_filename=str(CONFIGURATION), no_cache=True, no_logo=True) == EXIT_STATUS_SUCCESS


def test_the_storeys_leave_nothing_out() -> None:
    contracts = tomllib.loads(CONFIGURATION.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (storeys,) = [contract for contract in contracts if contract["type"] == "layers"]
    assert storeys["exhaustive"] is True
    named = {room.strip() for storey in storeys["layers"] for room in storey.split("|")}
    assert named == {part.stem for part in Path(nnstudio.__path__[0]).iterdir() if _is_room(part)}


def _is_room(part: Path) -> bool:
    return (part.suffix == ".py" and part.stem != "__init__") or (part / "__init__.py").is_file()


def test_the_import_linter_notices_a_look_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = tmp_path / "crooked"
    house.mkdir()
    for name, text in {"__init__": "", "attic": "", "cellar": "import crooked.attic\n"}.items():
        (house / f"{name}.py").write_text(text, encoding="utf-8")
    laws = tmp_path / "laws.toml"
    laws.write_text(
        '[tool.importlinter]\nroot_package = "crooked"\n[[tool.importlinter.contracts]]\n'
        'name = "down"\ntype = "layers"\nlayers = ["crooked.attic", "crooked.cellar"]\n',
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert lint_imports(config_filename=str(laws), no_cache=True, no_logo=True) == EXIT_STATUS_ERROR


def test_there_are_no_cycles_at_any_depth(graph: grimp.ImportGraph) -> None:
    found = [cycle_among(graph, ".".join(package.relative_to(ROOT).parts)) for package in packages()]
    assert [cycle for cycle in found if cycle] == []


def test_a_cycle_is_noticed_also_through_a_room() -> None:
    graph = grimp.ImportGraph()
    for module in ("house", "house.door", "house.room", "house.room.chair"):
        graph.add_module(module)
    graph.add_import(importer="house.door", imported="house.room.chair")
    assert cycle_among(graph, "house") == []
    graph.add_import(importer="house.room", imported="house.door")
    assert set(cycle_among(graph, "house")) == {"house.door", "house.room"}


def test_nobody_inside_imports_the_root(graph: grimp.ImportGraph) -> None:
    assert graph.find_modules_that_directly_import("nnstudio") == set()


def test_members_of_a_family_do_not_import_each_other(graph: grimp.ImportGraph) -> None:
    kin: dict[str, set[str]] = {"portraits": graph.find_children("nnstudio.gui.canvas.portraits")}
    for member in components():
        kin.setdefault(member.family, set()).add(member.__module__)
    assert all(kin.values())
    looks = [
        f"{module} imports {other}"
        for modules in kin.values()
        for module, other in product(modules, modules)
        if module != other and other in graph.find_modules_directly_imported_by(module)
    ]
    assert looks == []


def test_the_base_of_a_family_does_not_know_its_members(graph: grimp.ImportGraph) -> None:
    looks: list[str] = []
    for member in components():
        base = next(kind for kind in member.__mro__ if issubclass(kind, Component) and not kind.key)
        if member.__module__ in graph.find_modules_directly_imported_by(base.__module__):
            looks.append(f"{base.__module__} imports {member.__module__}")
    assert looks == []
