"""A component's parameter as the inspector, the command line and the help see it."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo

from nnstudio.components.registry import members

if TYPE_CHECKING:
    from nnstudio.components.component import Component

Kind = Literal["integer", "number", "boolean", "choice", "component", "shape", "text"]


@dataclass(frozen=True)
class Parameter:
    """One named, bounded value of a component.

    Attributes
    ----------
    name : str
        The field's name, as files and Python write it.
    title : str
        What the inspector shows.
    help : str
        One sentence that says what the value does.
    kind : str
        What editor the value needs.
    default : object
        The value a new component has; None where one must be given.
    minimum, maximum : float or None
        Bounds; `exclusive_minimum` and `exclusive_maximum` say that the bound itself is not allowed.
    optional : bool
        Whether None is a value too ("none", "off").
    choices : tuple of str
        The values of a choice.
    family : str
        The family a component is chosen from.
    base : type of Component or None
        The class that it must be of.
    unit : str
        What the number counts or measures, may be empty.
    """

    name: str
    title: str
    help: str
    kind: Kind
    default: object
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()
    family: str = ""
    base: type[Component] | None = None
    unit: str = ""

    def options(self) -> tuple[type[Component], ...]:
        """Return the components that may be chosen."""
        base = self.base
        return tuple(member for member in members(self.family) if base is None or issubclass(member, base))

    @property
    def plain_default(self) -> Any:
        """The default as a plain value; a component is its key."""
        key = getattr(self.default, "key", None)
        if isinstance(key, str):
            return key
        return list(self.default) if isinstance(self.default, tuple) else self.default

    @property
    def values_text(self) -> str:
        """Which values are allowed, such as ``above 0, at most 100`` or ``same or valid``; empty where any is."""
        if self.choices:
            return " or ".join(self.choices)
        if self.family:
            return f"one of the {self.family}" + (", or none" if self.optional else "")
        lowest = "above" if self.exclusive_minimum else "at least"
        highest = "below" if self.exclusive_maximum else "at most"
        bounds = ((lowest, self.minimum), (highest, self.maximum))
        told = [f"{word} {bound:,.12g}" for word, bound in bounds if bound is not None]
        return ", ".join(told + ["or none"] * self.optional)

    @property
    def line(self) -> str:
        """Name, default and allowed values, such as ``rate = 0.2 (at least 0, below 1)``."""
        told = f"{self.name} = {self.plain_default}"
        return f"{told} ({self.values_text})" if self.values_text else told

    def facts(self) -> dict[str, Any]:
        """Return everything as plain values for other programs to read."""
        return {
            "name": self.name,
            "kind": self.kind,
            "default": self.plain_default,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "exclusive_minimum": self.exclusive_minimum,
            "exclusive_maximum": self.exclusive_maximum,
            "optional": self.optional,
            "choices": list(self.choices),
            "family": self.family,
            "help": self.help,
        }


def describe(name: str, field: FieldInfo) -> Parameter:
    """Describe a field of a component class."""
    annotation, optional = _without_none(field.annotation)
    kind, choices, base = _kind(annotation)
    minimum, maximum = _bound(field, "ge", "gt"), _bound(field, "le", "lt")
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return Parameter(
        name=name,
        title=field.title or name.replace("_", " ").capitalize(),
        help=field.description or "",
        kind=kind,
        default=None if field.is_required() else field.get_default(call_default_factory=True, validated_data={}),
        minimum=minimum[0],
        maximum=maximum[0],
        exclusive_minimum=minimum[1],
        exclusive_maximum=maximum[1],
        optional=optional,
        choices=choices,
        family=base.family if base is not None else "",
        base=base,
        unit=str(extra.get("unit", "")),
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        if len(rest) == 1:
            return rest[0], True
    return annotation, False


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...], type[Component] | None]:
    # SerializeAsAny[X] and other annotations are Annotated[X, ...]; inside an optional pydantic leaves them so.
    plain: Any = annotation.__origin__ if get_origin(annotation) is Annotated else annotation
    if isinstance(plain, type) and hasattr(plain, "family"):
        return "component", (), plain
    if get_origin(plain) is Literal:
        return "choice", tuple(str(value) for value in get_args(plain)), None
    if get_origin(plain) is tuple:
        return "shape", (), None
    kinds: dict[Any, Kind] = {bool: "boolean", int: "integer", float: "number"}
    return kinds.get(plain, "text"), (), None


def _bound(field: FieldInfo, inclusive: str, exclusive: str) -> tuple[float | None, bool]:
    for rule in field.metadata:
        if isinstance(rule, annotated_types.BaseMetadata):
            for name, is_exclusive in ((inclusive, False), (exclusive, True)):
                value = getattr(rule, name, None)
                if value is not None:
                    return float(value), is_exclusive
    return None, False
