"""The ends of a network as they suit the data of a project, where a person adds them by hand."""

from __future__ import annotations

from nnstudio.engine import Layer, Shape
from nnstudio.engine.layer import shape_after
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output
from nnstudio.project.picture_template import PictureTemplate, picture_shape
from nnstudio.project.project import Project
from nnstudio.project.proposal import end_of

_EXAMPLE_OF_SEQUENCE = (20, 1)
"""Steps and numbers a step of an Input for sequences, where there are no data yet."""


def suited(layer: Layer, project: Project) -> Layer:
    """Return an Input or an Output that is as it is made as the data want it, and every other layer as it is."""
    if layer == Input():
        return input_for(project)
    return output_for(project) if layer == Output() else layer


def output_for(project: Project) -> Output:
    """Return an Output whose cost suits the task."""
    return Output() if project.pipeline is None else Output(cost=end_of(project.pipeline)[1])


def input_for(project: Project, target: str = "") -> Input:
    """Return an Input for flat rows, for pictures or for sequences, the first that the layer behind it takes."""
    shapes: list[Shape | None]
    if project.pipeline is None:
        shapes = [Input().shape, PictureTemplate.example, _EXAMPLE_OF_SEQUENCE]
    else:
        numbers = len(project.pipeline.features)
        shapes = [(numbers,), picture_shape(numbers), (numbers, 1)]
    able = [Input(shape=shape) for shape in shapes if shape is not None]
    if target not in project.network:
        return able[0]
    layer = project.network.node(target).layer
    return next((made for made in able if shape_after(layer, [made.shape]) is not None), able[0])
