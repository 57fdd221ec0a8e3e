"""A component is a value: read from its key, written with its parameters, found by being defined."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import pytest
from pydantic import BaseModel, Field, SerializeAsAny, ValidationError

from nnstudio.components import Component, find, keep_unknown, members
from nnstudio.errors import ComponentError


class Shape(Component):
    family = "test shapes"

    @classmethod
    def stand_in(cls, data: Mapping[str, Any]) -> Self | None:
        kept = UnknownShape(data=dict(data))
        assert isinstance(kept, cls)
        return kept


class UnknownShape(Shape):
    key = "unknown"
    title = "Unknown"
    listed = False

    data: dict[str, Any]

    def kept_data(self) -> Mapping[str, Any]:
        return self.data


class Square(Shape):
    """Four equal sides.

    More words.
    """

    key = "square"
    title = "Square"

    side: float = Field(1.0, gt=0, le=10, title="Side", description="The length.", json_schema_extra={"unit": "cm"})
    fill: Literal["none", "solid"] = "none"
    count: int | None = Field(None, ge=1)


class Frame(Shape):
    """Holds another shape."""

    key = "frame"
    title = "Frame"

    inner: SerializeAsAny[Shape] = Square()


class Page(BaseModel):
    shape: SerializeAsAny[Shape]


def test_a_key_alone_is_the_component_with_its_defaults() -> None:
    assert Page.model_validate({"shape": "square"}).shape == Square()


def test_parameters_survive_writing_and_reading_at_any_depth() -> None:
    page = Page(shape=Frame(inner=Square(side=3)))
    written = page.model_dump(mode="json")
    assert written["shape"]["inner"] == {"type": "square", "side": 3.0, "fill": "none", "count": None}
    assert Page.model_validate(written) == page


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValidationError, match="Did you mean 'square'"):
        Page.model_validate({"shape": "squre"})
    with pytest.raises(ComponentError, match="no family"):
        find("nothing", "square")


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValidationError, match=r"Square has no parameter 'sde'\. It has 'side'"):
        Page.model_validate({"shape": {"type": "square", "sde": 2}})


def test_what_a_file_holds_and_nobody_knows_is_kept_and_written_back() -> None:
    data = {"type": "blob", "wobble": 3}
    page = Page.model_validate({"shape": data}, context=keep_unknown())
    assert isinstance(page.shape, UnknownShape)
    assert page.model_dump(mode="json") == {"shape": data}


def test_what_is_known_but_wrong_is_refused_also_when_reading_a_file() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        Page.model_validate({"shape": {"type": "square", "side": -1}}, context=keep_unknown())


def test_a_nested_unknown_makes_the_whole_unknown() -> None:
    data = {"type": "frame", "inner": {"type": "blob"}}
    page = Page.model_validate({"shape": data}, context=keep_unknown())
    assert isinstance(page.shape, UnknownShape)
    assert page.shape.data == data


def test_stand_ins_are_not_offered() -> None:
    assert [member.key for member in members("test shapes")] == ["square", "frame"]


def test_a_key_can_be_taken_once_only() -> None:
    with pytest.raises(ComponentError, match="Two components"):

        class Other(Shape):
            key: ClassVar[str] = "square"


def test_parameters_tell_their_bounds_units_and_kinds() -> None:
    side, fill, count = Square.parameters()
    assert (side.kind, side.minimum, side.exclusive_minimum, side.maximum) == ("number", 0, True, 10)
    assert (side.title, side.help, side.unit, side.default) == ("Side", "The length.", "cm", 1.0)
    assert (fill.kind, fill.choices) == ("choice", ("none", "solid"))
    assert (count.kind, count.optional, count.minimum) == ("integer", True, 1)
    assert Frame.parameters()[0].family == "test shapes"
    told = [one.values_text for one in (side, fill, count)]
    assert told == ["above 0, at most 10", "none or solid", "at least 1, or none"]
    assert Frame.parameters()[0].values_text == "one of the test shapes"
    facts = side.facts()
    assert (facts["minimum"], facts["exclusive_minimum"], facts["exclusive_maximum"]) == (0, True, False)
    assert Square.summary() == "Four equal sides."


def test_replacing_a_value_checks_it() -> None:
    assert Square().replace(side=2).side == 2
    with pytest.raises(ValidationError):
        Square().replace(side=-1)
