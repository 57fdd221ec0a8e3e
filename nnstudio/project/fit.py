"""Where the ends of a network do not fit the data and the task."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnstudio.components import Fix, Problem
from nnstudio.data import Pipeline, Split, Table
from nnstudio.engine import Cost, Network, Node, Optimizer, set_answer, why_unsuited
from nnstudio.engine.optimizers.adam import Adam
from nnstudio.project.inputs import FIT_ENDS, PROPOSE, problems_of_inputs
from nnstudio.project.proposal import end_of, units_of_answer


def problems_of_fit(network: Network, table: Table, rows: Split, pipeline: Pipeline) -> tuple[Problem, ...]:
    """Return where a network does not fit its data; what concerns the answer only where there is one output.

    Parameters
    ----------
    network : Network
    table : Table
    rows : Split
        Which rows are for what.
    pipeline : Pipeline
        Fitted for the network's cost.
    """
    inputs = tuple(problems_of_inputs(network, pipeline))
    if len(network.output_ids) != 1:
        return inputs
    (output,) = network.output_ids
    return (
        *inputs,
        *_problems_of_domain(output, network.output.cost, table, rows, pipeline),
        *_problems_of_task(network, output, pipeline),
    )


def problems_of_optimizer(network: Network, optimizer: Optimizer) -> tuple[Problem, ...]:
    """Return why an optimizer cannot train a network that has no problems of its own; one at most."""
    unsuited = why_unsuited(optimizer, network)
    if unsuited is None:
        return ()
    what, hint = unsuited
    fix = Fix(key="set_optimizer", title=f"Use {Adam().title}", arguments={"optimizer": Adam.key})
    return (Problem(node=network.output_ids[0], what=what, hint=hint, fixes=(fix,)),)


def problems_of_drawing(network: Network, *, has_table: bool, has_data: bool) -> tuple[Problem, ...]:
    """Return the problems of a network; where there are data, an empty canvas is offered a network for them.

    Parameters
    ----------
    network : Network
    has_table : bool
        Whether a table is loaded.
    has_data : bool
        Whether it has data that a network can learn.
    """
    found = network.problems()
    if network.nodes or not has_table:
        return found
    hint = "Propose a network for the data, or drag layers from the palette."
    if not has_data:
        hint = "Mend the data first: then a network can be proposed for them. Or drag layers from the palette."
    fixes = (PROPOSE,) if has_data else ()
    return tuple(problem.model_copy(update={"hint": hint, "fixes": (*fixes, *problem.fixes)}) for problem in found)


def _problems_of_task(network: Network, output: str, pipeline: Pipeline) -> Iterator[Problem]:
    """Yield where the cost, the activation or the number of units of the answer do not suit the task."""
    cost, target = network.output.cost, ", ".join(pipeline.target_names)
    sources = network.sources(output)
    last = network.node(sources[0]) if len(sources) == 1 else None
    suit = () if last is None else (_suit_the_task(last, output, pipeline),)
    if pipeline.task == "regression" and cost.wants != "values":
        yield Problem(
            node=output,
            other=last.id if last is not None else "",
            what=f"{cost.title} is for classes, but the target '{target}' is a number.",
            hint="Use a cost for numbers, or read the target as a category.",
            fixes=(*suit, PROPOSE),
        )
        return
    shape = network.likely_shapes()[output]
    if last is not None and shape is not None and len(shape) == 1 and shape != (pipeline.output_units,):
        yield _wrong_units(network, last, output, shape[0], pipeline)
    if pipeline.task != "regression" and cost.wants == "values":
        classes = len(pipeline.class_names)
        yield Problem(
            node=output,
            other=last.id if last is not None else "",
            what=f"{cost.title} is for numbers, but the target '{target}' is one of {classes} classes.",
            hint="It can learn them, but cross-entropy learns classes faster and answers with probabilities.",
            severity="warning",
            fixes=suit,
            sickness="cost_misfit",
        )
    activation = None if last is None else last.layer.last_activation()
    if last is None or activation is None:
        return
    if pipeline.task == "regression" and cost.domain == "any" and activation.range_text != "any value":
        yield Problem(
            node=last.id,
            other=output,
            what=f"{last} answers with {activation.title}, which gives {activation.range_text}, but '{target}', "
            "scaled to a mean of 0 and a spread of 1, goes beyond.",
            hint="Numbers are learned best with linear units.",
            severity="warning",
            fixes=(Fix(key="set_activation", title="Set linear", arguments={"node": last.id, "activation": "linear"}),),
            sickness="cost_misfit",
        )


def _wrong_units(network: Network, last: Node, output: str, given: int, pipeline: Pipeline) -> Problem:
    units, classes = pipeline.output_units, len(pipeline.class_names)
    target = f"the target '{', '.join(pipeline.target_names)}'"
    what = f"{target} has {classes} classes" if classes else f"{target} needs {units}"
    why = ": yes or no" if classes and units == 1 else f": the target has {classes} classes" if classes else ""
    wide = _with_units(network, last)
    fixes = [FIT_ENDS] if wide not in (None, last) else [_suit_the_task(last, output, pipeline), FIT_ENDS]
    if wide is not None:
        where = "" if wide is last else f" in '{wide.name}'"
        title = f"Set {units} {'unit' if units == 1 else 'units'}{where}{why}"
        # An answer that comes out of a Dropout needs a layer of its own more than few units before it.
        place = 0 if wide is last or last.layer.last_activation() is not None else len(fixes)
        fixes.insert(place, Fix(key="set_units", title=title, arguments={"node": wide.id, "units": units}))
    return Problem(
        node=last.id,
        other=output,
        what=f"{last} answers with {given} {'number' if given == 1 else 'numbers'}, but {what}.",
        hint=f"The answer needs {units}.",
        fixes=(*fixes, PROPOSE),
    )


def _with_units(network: Network, last: Node) -> Node | None:
    """Return the node whose units are the answer's numbers, seen through layers that keep them."""
    node, shapes = last, network.likely_shapes()
    seen = {last.id}
    while "units" not in type(node.layer).model_fields:
        sources = network.sources(node.id)
        if len(sources) != 1 or sources[0] in seen or shapes[sources[0]] != shapes[node.id]:
            return None
        seen.add(sources[0])
        node = network.node(sources[0])
    return node if shapes[node.id] == (getattr(node.layer, "units", 0),) else None


def _suit_the_task(last: Node, output: str, pipeline: Pipeline) -> Fix:
    activation, cost = end_of(pipeline)
    units = units_of_answer(pipeline)
    count = f"{units} {'unit' if units == 1 else 'units'}"
    title = f"Use {count} with {activation.title} and {cost.title.lower()}"
    return set_answer(last.id, output, activation.key, cost.key, title, units)


def _problems_of_domain(output: str, cost: Cost, table: Table, rows: Split, pipeline: Pipeline) -> Iterator[Problem]:
    """Yield which target columns leave the domain of the cost."""
    if cost.domain == "any" or pipeline.task != "regression":
        return
    known = sorted((*rows.train, *rows.validation, *rows.test))
    targets = pipeline.encode_targets(table, known)
    for index, name in enumerate(pipeline.target_names):
        outside = np.flatnonzero(~cost.allows(targets[:, index]))
        if len(outside):
            line = table.file_row(known[int(outside[0])])
            needs = "above zero" if cost.domain == "positive" else "of zero or more"
            value = targets[int(outside[0]), index]
            arguments = {"node": output, "cost": "mean_squared_error"}
            yield Problem(
                node=output,
                what=f"{cost.title} needs targets {needs}, but line {line} of '{name}' is {value:g}.",
                hint="Use another cost, or another target.",
                fixes=(Fix(key="set_cost", title="Use mean squared error", arguments=arguments),),
            )
