"""Plain shapes on paper: what drawings are made of before anything is painted. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Measure = Callable[[str, bool], float]
LINE_HEIGHT = 16.0


@dataclass(frozen=True)
class Box:
    """A rectangle.

    Attributes
    ----------
    left, top, width, height : float
    round : float
        Radius of its corners.
    dashed : bool
        For what is not known.
    """

    left: float
    top: float
    width: float
    height: float
    round: float = 0.0
    dashed: bool = False

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.top + self.height

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True)
class Circle:
    """A circle; a filled one is in the colour of lines."""

    x: float
    y: float
    radius: float
    filled: bool = False


@dataclass(frozen=True)
class Line:
    """A line through points.

    Attributes
    ----------
    points : tuple of Point
    width : float
    sign : int
        1 or -1 for the colours of positive and negative numbers (the latter dashed), 0 for that of all lines.
    arrow : bool
        Whether it ends in a tip.
    round : float
        Radius of its corners.
    """

    points: tuple[Point, ...]
    width: float = 1.0
    sign: int = 0
    arrow: bool = False
    round: float = 0.0


@dataclass(frozen=True)
class Words:
    """A line of text.

    Attributes
    ----------
    text : str
    x, y : float
        Its left end, centre or right end, and its middle height.
    side : str
        Which of them `x` is.
    strong, dim : bool
    """

    text: str
    x: float
    y: float
    side: Literal["left", "centre", "right"] = "centre"
    strong: bool = False
    dim: bool = False

    def box(self, measure: Measure) -> Box:
        """Return the place that it takes."""
        width = measure(self.text, self.strong)
        left = self.x - {"left": 0.0, "centre": width / 2, "right": width}[self.side]
        return Box(left, self.y - LINE_HEIGHT / 2, width, LINE_HEIGHT)


Mark = Box | Circle | Line | Words


def around(marks: Iterable[Mark], measure: Measure) -> Box:
    """Return the smallest rectangle that holds all marks."""
    corners: list[Point] = []
    for mark in marks:
        match mark:
            case Line():
                corners += mark.points
            case Circle():
                corners += [(mark.x + side * mark.radius, mark.y + side * mark.radius) for side in (-1, 1)]
            case _:
                box = mark.box(measure) if isinstance(mark, Words) else mark
                corners += [(box.left, box.top), (box.right, box.bottom)]
    if not corners:
        return Box(0.0, 0.0, 0.0, 0.0)
    xs, ys = zip(*corners, strict=True)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest rectangle that holds all of them; there is one at least."""
    boxes = tuple(boxes)
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    return Box(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)
