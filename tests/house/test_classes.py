"""Classes are abstract or final, and what registers itself can be shown to a person."""

import ast
import importlib
import inspect
from xml.etree import ElementTree

import pytest

from nnstudio.components import Component
from nnstudio.paths import resources
from tests.house.sources import MODULES, ROOT, components, tree

LAYERS = tuple(member for member in components() if member.family == "layers")
every_component = pytest.mark.parametrize("member", components(), ids=lambda member: f"{member.family}-{member.key}")


def our_classes() -> list[type]:
    """Return every class that the house defines."""
    names = [".".join(module.relative_to(ROOT).with_suffix("").parts) for module in MODULES]
    modules = [importlib.import_module(name.removesuffix(".__init__")) for name in names]
    return [
        kind
        for module in modules
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__ == module.__name__
    ]


def made(module: ast.Module) -> set[str]:
    """Return the names of all that is called in a module."""
    return {
        node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
    }


def test_a_class_that_others_build_on_is_never_made_itself() -> None:
    classes = our_classes()
    bases = {base.__name__ for kind in classes for base in kind.__mro__[1:] if base in classes}
    assert {"Component", "Layer", "StudioError"} <= bases
    called = set().union(*(made(tree(module)) for module in MODULES))
    assert called >= {"Dense", "DataError"}
    assert bases & called == set()


def test_no_concrete_component_is_built_on() -> None:
    concrete = {kind for kind in our_classes() if issubclass(kind, Component) and "key" in vars(kind) and kind.key}
    assert len(concrete) > 20
    assert [kind.__name__ for kind in concrete if kind.__subclasses__()] == []


@every_component
def test_a_component_has_a_title_and_a_summary_of_one_sentence(member: type[Component]) -> None:
    assert member.title
    assert member.__doc__
    summary = member.summary()
    assert summary.endswith(".")
    assert summary[0].isupper()
    assert len(summary) <= 120


@every_component
def test_each_parameter_of_a_component_has_a_title_and_says_what_it_does(member: type[Component]) -> None:
    parameters = member.parameters()
    assert {one.name for one in parameters} == set(member.model_fields) - member.not_parameters
    assert [one.name for one in parameters if not one.title or not one.help.endswith(".")] == []


@pytest.mark.parametrize("member", LAYERS, ids=lambda member: member.key)
def test_a_layer_has_an_icon_of_its_own(member: type[Component]) -> None:
    drawing = ElementTree.parse(resources() / "icons" / "layers" / f"{member.key}.svg").getroot()
    assert drawing.tag.endswith("svg")
    assert "viewBox" in drawing.attrib
    assert len(drawing) > 0


def test_no_two_layers_share_a_drawing() -> None:
    folder = resources() / "icons" / "layers"
    drawings = [(folder / f"{member.key}.svg").read_bytes() for member in LAYERS]
    assert len(set(drawings)) == len(drawings)
