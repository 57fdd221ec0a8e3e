"""The training loop: an iterator with a state that one can hold."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine import rng, threads
from nnstudio.engine.batch_cost import BatchCost, InterruptedStepError
from nnstudio.engine.batches import Batches
from nnstudio.engine.forecast import foresee
from nnstudio.engine.history import SERIES, History
from nnstudio.engine.journal import Change, Step
from nnstudio.engine.layer import Array
from nnstudio.engine.network import Network
from nnstudio.engine.optimizer import ANSWER, Descent, Optimizer, Search, Update
from nnstudio.engine.origin import Origin, find_origin, how_it_ran_away, where_it_was
from nnstudio.engine.plan import TrainingPlan
from nnstudio.engine.program import Program
from nnstudio.engine.schedules import Constant
from nnstudio.engine.state import State, frozen, plain, sizes
from nnstudio.engine.steering import with_layers
from nnstudio.engine.watch import Watch
from nnstudio.errors import NetworkError

RECORD_STEPS = 256
"""Costs come into the history after so many steps, so that what is kept until then stays small."""

GOOD_STATE_STEPS = 256
"""A good state is kept every so many steps, to return to when numbers run away."""


class Training:
    """Trains a network step by step.

    All that changes lies in flat arrays and changes only inside `advance`, so that `state` and `restore` are exact:
    a run that was put back into a state goes on with the same bytes as the run that never stopped.

    Parameters
    ----------
    plan : TrainingPlan
        What to train, on what, and how.

    Attributes
    ----------
    step, epoch : int
        Steps and epochs done.
    history : History
        Costs so far.
    journal : tuple of Change
        Settings that were changed while training.
    diverged : bool
        Whether the last step's cost was not a finite number; the weights are then the last good ones.
    divergence : str
        What happened and what to do, where it diverged.
    origin : Origin or None
        The layer and the row where it diverged.
    forecast : str
        How long a search that tries everything will take, in words; empty for all others.

    Raises
    ------
    NetworkError
        When the network has problems, or the data do not fit it.
    """

    def __init__(self, plan: TrainingPlan) -> None:
        self.plan = plan
        self.history = History()
        self.journal: tuple[Change, ...] = ()
        self.step = 0
        self.epoch = 0
        self.diverged = False
        self.divergence = ""
        self.origin: Origin | None = None
        batch = plan.batch_size or len(np.asarray(plan.targets))
        self.program = Program(plan.network, plan.precision, plan.seed, plan.initial_weights, batch)
        self._batches = Batches(plan, self.program)
        self._rows = self._batches.rows
        self._ordered_epoch = -1
        self._position = 0
        self._updates = 0
        self._epoch_cost = 0.0
        self._epoch_share = 0.0
        self._optimizer = plan.optimizer
        self._slots = self._fresh_slots()
        self._batch_size = plan.batch_size
        self._objective = BatchCost(self.program, self._batches)
        self._update = self._bind_optimizer()
        self._watch = Watch(plan, self.program, self._rows)
        self._rate_stays = isinstance(plan.schedule, Constant)
        self._logs: dict[str, list[tuple[int, float]]] = {name: [] for name in SERIES if name != "cost"}
        self._noted_rate: float | None = None
        self._began = 0.0
        self.forecast = foresee(plan.optimizer, self._objective, self._rows)
        self._good_weights = np.empty_like(self.program.flat)
        self._good = self._good_state()

    @property
    def weights(self) -> Mapping[str, Array]:
        """The weights by their names, as read-only views that move while training."""
        return self.program.weights

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer with the parameters it has now."""
        return self._optimizer

    @property
    def learning_rate(self) -> float:
        """The rate of the next step; 1 for optimizers that have none."""
        rate = self._optimizer.rate
        if rate is None:
            return 1.0
        return rate if self._rate_stays else rate * self._watch.rate_factor(self.epoch + self._position / self._rows)

    @property
    def answer_weights(self) -> Array:
        """The flat vector to predict with: that of the network, or the mean that some optimizers keep beside it."""
        return self._slots.get(ANSWER, self.program.flat) if self._updates else self.program.flat

    @property
    def batch_size(self) -> int:
        """Rows of a whole batch."""
        if self._optimizer.full_batch_only:
            return self._rows
        return min(self._batch_size or self._rows, self._rows)

    @property
    def rows_of_step(self) -> NDArray[np.int64]:
        """The places among the plan's rows of those that the last step looked at."""
        return self._batches.places(*self._objective.rows)

    @property
    def rows_of_next_step(self) -> int:
        """How many rows the next step looks at."""
        return min(self.batch_size, self._rows - self._position)

    @property
    def steps_per_epoch(self) -> int:
        """Steps of an epoch at today's batch size."""
        return -(-self._rows // self.batch_size)

    @property
    def steps_left_in_epoch(self) -> int:
        """Steps until the current epoch ends."""
        return -(-(self._rows - self._position) // self.batch_size)

    @property
    def finished(self) -> bool:
        """Whether all epochs that the plan asks for are done, or more would gain nothing."""
        return self._is_over(self.epoch)

    def _is_over(self, epoch: int) -> bool:
        if self.plan.epochs is not None and epoch >= self.plan.epochs:
            return True
        return self.stopped_early or (isinstance(self._optimizer, Search) and self._optimizer.is_done(self._slots))

    @property
    def stopped_early(self) -> bool:
        """Whether early stopping has ended the training."""
        return self._watch.stops_early

    @property
    def validation_cost(self) -> float | None:
        """The cost of the validation rows when they were last looked at."""
        return self.history.latest("validation")

    def advance(
        self,
        steps: int,
        should_stop: Callable[[], bool] | None = None,
        should_give_up: Callable[[], bool] | None = None,
    ) -> NDArray[np.float64]:
        """Do the next steps.

        Parameters
        ----------
        steps : int
            How many; fewer are done at the end of the plan, when the numbers run away, or when told to stop.
        should_stop : callable, optional
            Asked between steps.
        should_give_up : callable, optional
            Asked within steps that take long: between layers, chunks of rows and evaluations. A step that is given up
            leaves no trace, and is begun anew by the next call; who always says yes gets nowhere.

        Returns
        -------
        Array of shape (steps done,), float64
            Each batch's cost before its update.
        """
        threads.use(self.program.threads)
        costs = np.empty(max(0, steps))
        done = recorded = 0
        self._began = time.perf_counter() - (self.history.latest("seconds") or 0.0)
        with np.errstate(all="ignore"):
            while done < steps and not self.finished and not self.diverged:
                if should_stop is not None and done and should_stop():
                    break
                cost = self._do_step(should_give_up)
                if cost is None:
                    break
                costs[done] = cost
                done += 1
                if done - recorded == RECORD_STEPS:
                    self._record(costs[recorded:done])
                    recorded = done
        costs = costs[:done]
        self._record(costs[recorded:])
        if self.diverged:
            self.origin = find_origin(self, self._good, lambda: Training(self.plan))
            line = self.plan.line_of(self.origin.row) if self.origin is not None else None
            told = self.divergence.format(where=where_it_was(self.origin, self.plan.network, line))
            self.restore(self._good)
            self.diverged, self.divergence = True, told
        return costs

    def __iter__(self) -> Iterator[Step]:
        while not self.finished and not self.diverged:
            epoch, batch = self.epoch, self._position // self.batch_size
            costs = self.advance(1)
            if len(costs):
                yield Step(self.step, epoch, batch, float(costs[0]))

    def change(self, **settings: Any) -> None:
        """Use other settings from the next step on; each is noted in the journal.

        Parameters
        ----------
        **settings
            ``batch_size``, ``optimizer``, ``layers`` by their ids (see `steered`), ``class_weights``, or a parameter of
            the optimizer such as ``learning_rate``.

        Raises
        ------
        ValueError
            When a value is not allowed, or there is no such setting.
        NetworkError
            When an optimizer cannot train this network.
        """
        for name, value in settings.items():
            if name == "batch_size":
                if value is not None and value < 1:
                    raise ValueError("A batch has at least one row.")
                self._batch_size = value
            elif name == "class_weights":
                self._batches.weigh_classes(value)
            elif name == "layers":
                self._use_network(with_layers(self.program.network, value))
            elif name == "optimizer":
                foresee(value, self._objective, self._rows)  # refused before anything changes
                kind, self._optimizer = type(self._optimizer), value
                # Only another kind of optimizer has another kind of memory.
                if kind is not type(value) or sizes(self._slots) != sizes(self._fresh_slots()):
                    self._slots = self._fresh_slots()
                    self._updates = 0
            else:
                self._optimizer = self._optimizer.replace(**{name: value})
            self._update = self._bind_optimizer()
            self.journal = (*self.journal, Change(self.step, name, plain(value)))
        # Who goes back to the last good weights still wants what was chosen since.
        self._good = replace(self._good, settings=self._settings(), _digest=[])

    def advance_rows(self, rows: int) -> NDArray[np.float64]:
        """Do one step on so many rows; the journal holds both changes of the batch size."""
        usual = self._batch_size
        self.change(batch_size=rows)
        costs = self.advance(1)
        self.change(batch_size=usual)
        return costs

    def recover(self) -> None:
        """Allow further steps from the last good state after the numbers ran away."""
        self.diverged, self.divergence = False, ""

    def state(self) -> State:
        """Return a copy of all that changes."""
        slots = {name: frozen(values) for name, values in self._slots.items()}
        return self._state(frozen(self.program.flat), slots, self._updates)

    def _state(self, weights: Array, slots: Mapping[str, Array], updates: int) -> State:
        return State(
            step=self.step,
            epoch=self.epoch,
            position=self._position,
            updates=updates,
            weights=weights,
            memory=frozen(self.program.memory),
            optimizer=slots,
            streams={id: rng.pack(generator) for id, generator in self.program.streams.items()},
            settings=self._settings(),
            epoch_cost=self._epoch_cost,
            epoch_share=self._epoch_share,
            schedule=frozen(self._watch.schedule),
            stopping={name: frozen(values) for name, values in self._watch.stopping.items()},
        )

    def restore(self, state: State) -> None:
        """Return to a state, bit for bit.

        Raises
        ------
        NetworkError
            When the state is not one of this network.
        """
        if state.weights.shape != self.program.flat.shape or set(state.streams) != set(self.program.streams):
            raise NetworkError("This state belongs to another network: their weights differ in number.")
        self._optimizer = Optimizer.model_validate(state.settings["optimizer"])
        self._batch_size = state.settings["batch_size"]
        self._use_network(with_layers(self.plan.network, state.settings.get("layers", {})))
        self._batches.weigh_classes(state.settings.get("class_weights", {}))
        self.program.load(state.weights, state.memory)
        self._slots = self._fresh_slots()
        remembers = sizes(self._slots) == sizes(state.optimizer)
        if remembers:
            for name, values in self._slots.items():
                np.copyto(values, state.optimizer[name])
        self._watch.restore(state.schedule, state.stopping)
        for id, generator in self.program.streams.items():
            rng.unpack(generator, state.streams[id])
        self.step, self.epoch = state.step, state.epoch
        self._position, self._updates = state.position, state.updates if remembers else 0
        self._epoch_cost, self._epoch_share = state.epoch_cost, state.epoch_share
        self._ordered_epoch = -1
        if self._position:
            # In the middle of an epoch its rows are in the order in which they were begun.
            self._batches.arrange(self.epoch, shuffled=bool(state.settings.get("shuffled", True)))
            self._ordered_epoch = self.epoch
        self._update = self._bind_optimizer()
        self.history = self.history.truncated(self.step)
        self._noted_rate = self.history.latest("learning_rate")
        self.journal = tuple(change for change in self.journal if change.step <= self.step)
        self.diverged, self.divergence = False, ""
        self._good = state

    def _do_step(self, should_give_up: Callable[[], bool] | None) -> float | None:
        """Do one step; return its cost, or None when it was given up."""
        if self._ordered_epoch != self.epoch:
            self._batches.begin(self.epoch, full_batch=self.batch_size == self._rows)
            self._ordered_epoch = self.epoch
        start = self._position
        stop = start + self.rows_of_next_step
        objective, rate, updates = self._objective, self.learning_rate, self._updates
        ends, searches = stop == self._rows, self._update is None
        moving = self._slots if searches or (ends and self._watch.takes_long) else None
        objective.select(start, stop, should_give_up, again=searches, slots=moving)
        try:
            cost, validation = self._move(rate), None
            if ends and math.isfinite(cost):
                last = self._is_over(self.epoch + 1)
                validation = self._watch.look(self.epoch + 1, self.answer_weights, objective.interrupt, is_last=last)
        except InterruptedStepError:
            objective.give_up()
            self._updates = updates
            return None
        if not math.isfinite(cost):
            self.diverged, self.divergence = True, how_it_ran_away(self.step + 1, cost, self._good.step)
            return cost
        self.step += 1
        if rate != self._noted_rate and self._optimizer.rate is not None:
            self._noted_rate = rate
            self._logs["learning_rate"].append((self.step, rate))
        self._epoch_cost += cost * objective.share
        self._epoch_share += objective.share
        self._position = stop
        if ends:
            self._end_epoch(validation)
        # The sum is finite only where all weights are, and needs no memory.
        if self.step % GOOD_STATE_STEPS == 0 and math.isfinite(np.add.reduce(self.program.flat)):
            self._good = self._good_state()
        return cost

    def _move(self, rate: float) -> float:
        """Move the weights over the selected rows, and return the cost before; they stay where that is no number."""
        objective, update = self._objective, self._update
        if update is None:
            assert isinstance(self._optimizer, Search)
            self._optimizer.step(objective, self._slots, self._updates + 1, rate)
        else:
            objective.evaluate()
        cost = objective.first_cost
        if math.isfinite(cost):
            self._updates += 1
            if update is not None:
                if self.plan.clipping is not None:
                    self.plan.clipping.apply(objective.gradients)
                update.update(self._updates, rate)
            objective.constrain(self._slots.get(ANSWER))
        return cost

    def _end_epoch(self, validation: float | None) -> None:
        self.epoch += 1
        self._position = 0
        mean = self._epoch_cost / self._epoch_share if self._epoch_share else 0.0
        self._epoch_cost = self._epoch_share = 0.0
        self._logs["epoch_cost"].append((self.step, mean))
        if self._objective.has_penalties:
            self._logs["penalty"].append((self.step, self._objective.penalty))
        self._watch.end_epoch(mean, validation)
        if validation is not None:
            for name, value in {"validation": validation, **self._watch.metrics}.items():
                self._logs[name].append((self.step, value))

    def _record(self, costs: NDArray[np.float64]) -> None:
        if len(costs):
            last = self.step + (1 if self.diverged else 0)
            self.history.append("cost", np.arange(last - len(costs) + 1, last + 1, dtype=np.float64), costs)
            self._logs["seconds"].append((last, time.perf_counter() - self._began))
        for name, log in self._logs.items():
            if log:
                steps, values = zip(*log, strict=True)
                self.history.append(name, steps, values)
                log.clear()

    def _settings(self) -> dict[str, Any]:
        first, now = self.plan.network, self.program.network
        changed = {node.id: node.layer for node in now.nodes if now is not first and node != first.node(node.id)}
        return {
            "optimizer": self._optimizer.model_dump(mode="json"),
            "batch_size": self._batch_size,
            "shuffled": self._batches.shuffled,
            **({"layers": plain(changed)} if changed else {}),
            **({"class_weights": plain(self._batches.class_weights)} if self._batches.class_weights else {}),
        }

    def _use_network(self, network: Network) -> None:
        """Go on with the same weights in a network whose layers have other rates or strengths."""
        if network != self.program.network:
            self.program.rebind(network)
            self._objective = BatchCost(self.program, self._batches)

    def _good_state(self) -> State:
        """Return a state to go back to when numbers run away, in place of the one before; its optimizer is fresh."""
        np.copyto(self._good_weights, self.program.flat)
        return self._state(self._good_weights, {}, updates=0)

    def _fresh_slots(self) -> dict[str, Array]:
        return self._optimizer.memory(len(self.program.flat), self.program.dtype)

    def _bind_optimizer(self) -> Update | None:
        """Return the update of an optimizer that follows the gradient, or None for one that searches."""
        if not isinstance(self._optimizer, Descent):
            return None
        return self._optimizer.bind(self.program.flat, self.program.flat_gradients, self._slots)
