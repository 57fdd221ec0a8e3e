"""A moment of training that one can return to, bit for bit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from nnstudio.components import Component
from nnstudio.engine import rng
from nnstudio.engine.layer import Array
from nnstudio.engine.optimizer import ANSWER


@dataclass(frozen=True, eq=False)
class State:
    """All that changes while training.

    Attributes
    ----------
    step, epoch : int
        Steps and epochs done.
    position : int
        Rows of the current epoch that are done.
    updates : int
        Updates of the optimizer since its memory was fresh.
    weights, memory : Array
        The flat vectors.
    optimizer : dict of str to Array
        The optimizer's memory.
    streams : dict of str to Array of shape (6,)
        Where each node's random numbers stand.
    settings : dict
        What can change while training, as plain values: the optimizer with its parameters, the batch size, the
        weights of classes, and the layers that have other rates or strengths than those of the plan.
    epoch_cost, epoch_share : float
        The cost of the epoch so far, times the weight of its rows, and that weight.
    schedule : Array
        What the schedule of the learning rate remembers.
    stopping : dict of str to Array
        What early stopping remembers.
    """

    step: int
    epoch: int
    position: int
    updates: int
    weights: Array
    memory: Array
    optimizer: Mapping[str, Array]
    streams: Mapping[str, Array]
    settings: Mapping[str, Any]
    epoch_cost: float = 0.0
    epoch_share: float = 0.0
    schedule: Array = field(default_factory=lambda: np.zeros(0))
    stopping: Mapping[str, Array] = field(default_factory=dict)
    _digest: list[str] = field(default_factory=list, repr=False)

    @property
    def answer(self) -> Array:
        """The flat vector to predict with: some optimizers keep a mean of where they have been."""
        return self.optimizer.get(ANSWER, self.weights) if self.updates else self.weights

    def settled(self) -> State:
        """Return the state for a plan whose network has today's rates and strengths."""
        if "layers" not in self.settings:
            return self
        return replace(self, settings={k: v for k, v in self.settings.items() if k != "layers"}, _digest=[])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and (self is other or self.digest() == other.digest())

    def __hash__(self) -> int:
        return hash(self.digest())

    def digest(self) -> str:
        """Return a short text that differs when any byte differs."""
        if not self._digest:
            found = hashlib.blake2b(digest_size=16)
            for name, values in self.to_arrays().items():
                found.update(name.encode())
                found.update(np.ascontiguousarray(values).tobytes())
            self._digest.append(found.hexdigest())
        return self._digest[0]

    @property
    def nbytes(self) -> int:
        """How many bytes all arrays hold."""
        groups = (self.stopping, self.optimizer, self.streams)
        alone = (self.weights, self.memory, self.schedule)
        return sum(values.nbytes for values in (*alone, *(values for group in groups for values in group.values())))

    def to_arrays(self) -> dict[str, Array]:
        """Return everything as named arrays, none of which needs pickling."""
        numbers = {
            "step": self.step,
            "epoch": self.epoch,
            "position": self.position,
            "updates": self.updates,
            "settings": dict(self.settings),
        }
        return {
            "numbers": np.array(json.dumps(numbers)),
            "epoch_sums": np.array([self.epoch_cost, self.epoch_share]),
            "weights": self.weights,
            "memory": self.memory,
            "schedule": self.schedule,
            **{f"stopping/{name}": values for name, values in self.stopping.items()},
            **{f"optimizer/{name}": values for name, values in self.optimizer.items()},
            **{f"stream/{name}": values for name, values in self.streams.items()},
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Self:
        """Return the state that `to_arrays` wrote.

        Raises
        ------
        KeyError, ValueError
            When the arrays are not those of a state.
        """
        numbers = json.loads(str(arrays["numbers"]))
        cost, share = arrays["epoch_sums"]
        streams = _under("stream/", arrays)
        if not all(rng.is_packed(values) for values in streams.values()):
            raise ValueError("where its random numbers stand does not fit")
        if min(int(numbers[name]) for name in ("step", "epoch", "position", "updates")) < 0:
            raise ValueError("it counts steps below zero")
        return cls(
            step=int(numbers["step"]),
            epoch=int(numbers["epoch"]),
            position=int(numbers["position"]),
            updates=int(numbers["updates"]),
            weights=arrays["weights"],
            memory=arrays["memory"],
            optimizer=_under("optimizer/", arrays),
            streams=streams,
            settings=numbers["settings"],
            epoch_cost=float(cost),
            epoch_share=float(share),
            schedule=arrays.get("schedule", np.zeros(0)),
            stopping=_under("stopping/", arrays),
        )


def _under(prefix: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}


def plain(value: Any) -> Any:
    """Return a setting as plain values, which a file can hold."""
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    return value.model_dump(mode="json") if isinstance(value, Component) else value


def sizes(arrays: Mapping[str, Array]) -> dict[str, tuple[int, ...]]:
    """Return the shapes of arrays by their names."""
    return {name: values.shape for name, values in arrays.items()}


def frozen(values: Array) -> Array:
    """Return a copy that cannot be written to."""
    copy = values.copy()
    copy.flags.writeable = False
    return copy
