"""The base of everything a person can choose."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    model_serializer,
    model_validator,
)

from nnstudio.components import registry
from nnstudio.components.parameter import Parameter, describe
from nnstudio.errors import ComponentError

_KEEP_UNKNOWN = "keep_unknown"


def keep_unknown() -> dict[str, bool]:
    """Return the validation context with which a file is opened: what is unknown is kept, not refused."""
    return {_KEEP_UNKNOWN: True}


class NobodyKnowsError(ValueError):
    """A key or a parameter that nobody knows; pydantic passes it on with the place where it happened."""


def names_unknown(error: ValueError) -> bool:
    """Return whether an error says that a file holds a component or a parameter that nobody knows."""
    if isinstance(error, ValidationError):
        return any(isinstance(fault.get("ctx", {}).get("error"), NobodyKnowsError) for fault in error.errors())
    return isinstance(error, NobodyKnowsError)


class Component(BaseModel):
    """A frozen value with a key, parameters and a one-line summary.

    A family's base class sets `family` and stays abstract; a member sets `key` and `title`, and its docstring's
    first line is its summary. A member is written as ``{"type": key, ...parameters}``, or as its key alone.
    A field that holds a component is annotated ``SerializeAsAny[Family]``, else its parameters would not be saved.

    Attributes
    ----------
    family : str
        The name of the family, plural, such as ``"layers"``.
    key : str
        The name in files, on the command line and in Python.
    title : str
        The name that a person sees.
    listed : bool
        Whether a person may choose it; stand-ins for what a file holds but nobody knows are not listed.
    presets : mapping of str to Preset
        Keys under which it can be chosen with certain parameters.
    not_parameters : frozenset of str
        Fields that tell of one use of it in a project, not of what it is; nobody is asked for them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    family: ClassVar[str] = ""
    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    listed: ClassVar[bool] = True
    presets: ClassVar[Mapping[str, registry.Preset]] = MappingProxyType({})
    not_parameters: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "key" in cls.__dict__:
            registry.register(cls)

    @classmethod
    def summary(cls) -> str:
        """Return the first line of the docstring, which is the tooltip and the help's first sentence."""
        return (cls.__doc__ or "").strip().partition("\n")[0]

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Return the parameters in the order of their definition."""
        fields = cls.model_fields.items()
        return tuple(describe(name, field) for name, field in fields if name not in cls.not_parameters)

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """Return what it is and takes, as plain values for other programs to read."""
        return {
            "key": cls.key,
            "title": cls.title,
            "summary": cls.summary(),
            "parameters": [parameter.facts() for parameter in cls.parameters()],
        }

    @classmethod
    def stand_in(cls, data: Mapping[str, Any]) -> Self | None:
        """Return a value that keeps what nobody knows, or None where a family has no use for such a thing."""
        del data
        return None

    def replace(self, **values: Any) -> Self:
        """Return the same component with other values, checked like new ones."""
        return type(self).model_validate({**{name: getattr(self, name) for name in type(self).model_fields}, **values})

    @model_validator(mode="wrap")
    @classmethod
    def _from_key_or_object(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if isinstance(value, Component):
            return handler(value)
        if isinstance(value, str):
            value = {"type": value}
        if not isinstance(value, Mapping):
            return handler(value)
        if cls.key:
            return cls._member(value, handler)
        keeps = bool(info.context and info.context.get(_KEEP_UNKNOWN))
        try:
            try:
                given = str(value.get("type", ""))
                preset = registry.presets(cls.family).get(given)
                if preset is not None:
                    value = {**preset[1].parameters, **value, "type": preset[0].key}
                member = registry.find(cls.family, str(value.get("type", "")))
            except ComponentError as error:
                raise NobodyKnowsError(str(error)) from error
            found = member.model_validate(value)
        except ValueError as error:
            # A nested component that nobody knows makes the one that holds it unknown too.
            kept = cls.stand_in(value) if keeps and names_unknown(error) else None
            if kept is None:
                raise
            return kept
        assert isinstance(found, cls)
        return found

    @classmethod
    def _member(cls, value: Mapping[str, Any], handler: ModelWrapValidatorHandler[Self]) -> Self:
        rest = dict(value)
        given = rest.pop("type", cls.key)
        if given != cls.key:
            raise ValueError(f"'{given}' is not a {cls.title}.")
        for name in rest:
            if name not in cls.model_fields:
                near = get_close_matches(name, cls.model_fields, n=3) or list(cls.model_fields)
                known = ", ".join(f"'{other}'" for other in near) or "none"
                raise NobodyKnowsError(f"{cls.title} has no parameter '{name}'. It has {known}.")
        return handler(rest)

    def kept_data(self) -> Mapping[str, Any] | None:
        """Return what a stand-in was made of, to be written back untouched; None for everything else."""
        return None

    @model_serializer(mode="wrap")
    def _with_key(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        kept = self.kept_data()
        if kept is not None:
            return dict(kept)
        return {"type": type(self).key, **handler(self)}
