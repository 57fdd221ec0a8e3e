"""Everything that is wrong with a drawing, all at once, with what would mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from nnstudio.components import Fix, Problem
from nnstudio.engine.layer import Shape, shape_after, shape_in_words
from nnstudio.engine.layers.add import Add
from nnstudio.engine.layers.concatenate import Concatenate
from nnstudio.engine.problems.answer_problems import problems_of_answer
from nnstudio.engine.problems.doubts import doubts_of, doubts_of_codes
from nnstudio.engine.problems.likely_flow import LikelyFlow

if TYPE_CHECKING:
    from nnstudio.engine.network import Network, Node

_DEEP = 6
"""From so many layers with weights on, start weights that do not suit the activation are told."""

_NEAR = 12
"""A loose end is offered a wire to one of so many nodes before and after it, in the order of their adding."""

_MOST_OFFERS = 2
"""So many wires are offered to a loose end."""

_MOST_NAMES = 5
"""A sentence names so many nodes and counts the others."""


def problems_of_network(network: Network, flow: LikelyFlow) -> tuple[Problem, ...]:
    """Return everything that is wrong or doubtful: what is missing first, then in the order of the flow.

    Parameters
    ----------
    network : Network
    flow : LikelyFlow
        Of this network.
    """
    found = [*_missing_ends(network), *_circles(network, flow), *_second_outputs(network)]
    is_deep = _is_deep(network, flow)
    fed, used = _fed(network), _used(network)
    for id in flow.order:
        node = network.node(id)
        found += _too_few_wires(network, flow, node, fed)
        found += _too_many_wires(network, flow, node)
        found += _wires_out_of_an_end(network, node)
        found += _shape(network, flow, node)
        found += _leads_nowhere(network, flow, node, used)
        found += doubts_of(id, str(node), node.layer, flow.shapes[id], is_deep=is_deep)
        found += doubts_of_codes(network, flow, node)
    for id in network.output_ids:
        found += problems_of_answer(network, id, flow.shapes)
    return tuple(_all_at_once(found))


def _all_at_once(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yield the problems, with a further button where many layers want the same start weights."""
    wanted: dict[str, list[Fix]] = {}
    for problem in problems:
        for fix in problem.fixes:
            if fix.key == "set_initializer":
                wanted.setdefault(fix.title, []).append(fix)
    shared = {title: _all_of(fixes) for title, fixes in wanted.items() if len(fixes) > 1}
    for problem in problems:
        more = [shared[fix.title] for fix in problem.fixes if fix.title in shared]
        yield problem.model_copy(update={"fixes": (*problem.fixes, *more)}) if more else problem


def _all_of(fixes: Sequence[Fix]) -> Fix:
    nodes = [fix.arguments["node"] for fix in fixes]
    arguments = {"nodes": nodes, "initializer": fixes[0].arguments["initializer"]}
    return Fix(key="set_initializers", title=f"{fixes[0].title} in all {len(nodes)} layers", arguments=arguments)


def _missing_ends(network: Network) -> Iterator[Problem]:
    if not network.nodes:
        start = Fix(key="start_network", title="Start with Input, Dense and Output")
        hint = "Load a CSV, or drag layers from the palette."
        yield Problem(node="", what="The canvas is empty.", hint=hint, fixes=(start,))
        return
    if not network.input_ids:
        first = next((node for node in network.nodes if _is_loose(network, node)), None)
        yield Problem(
            node="",
            other=first.id if first is not None else "",
            what="There is no Input, so no data can enter.",
            hint="Drag an Input from the palette and wire it to the first layer.",
            fixes=(_add_input(first),),
        )
    if not network.output_ids:
        last = _last_end(network)
        yield Problem(
            node="",
            other=last.id if last is not None else "",
            what="There is no Output, so nothing can be learned.",
            hint="Drag an Output from the palette and wire the last layer to it.",
            fixes=(_add_output(last),),
        )


def _is_loose(network: Network, node: Node) -> bool:
    return node.layer.fewest_inputs > 0 and not network.sources(node.id)


def _last_end(network: Network) -> Node | None:
    """Return the node that the output most likely belongs behind."""
    ends = [node for node in network.nodes if node.layer.has_output and not network.targets(node.id)]
    return ends[-1] if ends else next(iter(reversed(network.nodes)), None)


def _second_outputs(network: Network) -> Iterator[Problem]:
    for id in network.output_ids[1:]:
        first, extra = network.node(network.output_ids[0]), network.node(id)
        both = (extra, first) if network.sources(id) == () or network.sources(first.id) else (first, extra)
        yield Problem(
            node=id,
            other=first.id,
            what=f"{extra} is a second output beside '{first.name}'; a network has one.",
            hint="Remove one of them.",
            fixes=tuple(_remove([node]) for node in both),
        )


def _circles(network: Network, flow: LikelyFlow) -> Iterator[Problem]:
    for (source, target), circle in flow.circles.items():
        start, end = network.node(source), network.node(target)
        arguments = {"source": source, "target": target}
        title = f"Remove the wire from '{start.name}' to '{end.name}'"
        yield Problem(
            node=source,
            other=target,
            what=f"The wires run in a circle through {_names(network, circle, ', ')}.",
            hint="Signals flow in one direction only. What comes back in time is drawn with LSTM, GRU or SimpleRNN.",
            fixes=(Fix(key="disconnect", title=title, arguments=arguments),),
        )


def _too_few_wires(network: Network, flow: LikelyFlow, node: Node, fed: Collection[str]) -> Iterator[Problem]:
    sources, layer = network.sources(node.id), node.layer
    if len(sources) >= layer.fewest_inputs:
        return
    behind: list[str] = []
    if sources:
        lone = network.node(sources[0]).name
        what = f"{node} joins {layer.fewest_inputs} or more inputs but gets one, from '{lone}'."
    else:
        what = f"{node} gets nothing: no wire leads into it."
        reached = network.reachable(node.id)
        behind = [id for id in flow.order if id in reached and id not in fed and id != node.id] if fed else []
        if behind:
            what += f" So no data reach {_names(network, behind)} either."
    fixes = [_connect(source, node) for source in _fitting_sources(network, flow, node)]
    if not network.input_ids:
        fixes.insert(0, _add_input(node))
    island = [id for id in behind if network.node(id).layer.has_output]
    if island:
        fixes.append(_remove([node, *(network.node(id) for id in island)]))
    yield Problem(
        node=node.id,
        other=sources[0] if sources else "",
        what=what,
        hint="Drag from the port of an earlier layer to it, or remove it.",
        fixes=(*fixes, _remove([node])),
    )


def _fitting_sources(network: Network, flow: LikelyFlow, node: Node) -> list[Node]:
    """Return the nodes from which a wire is likely wanted: those that lead nowhere first, then what comes before."""
    behind = network.reachable(node.id)
    taken = network.sources(node.id)
    brought = [shape for id in taken if (shape := flow.shapes[id]) is not None]
    ranked, best = [], 0
    for other in _near(network, node):
        if not other.layer.has_output or other.id in behind or other.id in taken:
            continue
        shape = flow.shapes[other.id]
        fits = shape is not None and _takes(node, [*brought, shape])
        targets = network.targets(other.id)
        if fits or not targets:
            ranked.append((bool(targets), not fits, network.gives_answer(other.id), other))
            best += not any(ranked[-1][:3])
            if best == _MOST_OFFERS:
                break  # none that is further off can be better
    ranked.sort(key=lambda one: one[:3])
    return [other for *_, other in ranked[:_MOST_OFFERS]]


def _takes(node: Node, given: Sequence[Shape]) -> bool:
    whole = [*given, *[given[0]] * node.layer.fewest_inputs][: max(len(given), node.layer.fewest_inputs)]
    return shape_after(node.layer, whole) is not None


def _too_many_wires(network: Network, flow: LikelyFlow, node: Node) -> Iterator[Problem]:
    sources, most = network.sources(node.id), node.layer.most_inputs
    if most is None or len(sources) <= most:
        return
    takes = "no wire" if most == 0 else f"{most} wire"
    fixes: list[Fix] = []
    if most == 0:
        fixes.append(_keep(node, (), "Remove the wire" if len(sources) == 1 else "Remove the wires"))
    else:
        brought = [shape for id in sources if (shape := flow.shapes[id]) is not None]
        for join in (Add(), Concatenate()):
            joined = shape_after(join, brought) if brought else None
            if joined is None or shape_after(node.layer, [joined]) is None:
                continue
            arguments = {"target": node.id, "layer": join.model_dump(mode="json")}
            fixes.append(Fix(key="join_wires", title=f"Join them with {join.title}", arguments=arguments))
        fixes += [_keep(node, (id,), f"Keep only the wire from '{network.node(id).name}'") for id in sources[:3]]
    yield Problem(
        node=node.id,
        other=sources[0],
        what=f"{node} takes {takes} but gets {len(sources)}, from {_names(network, sources)}.",
        hint="Remove the wires that are too many." if most == 0 else "Join them first, or keep one.",
        fixes=tuple(fixes),
    )


def _wires_out_of_an_end(network: Network, node: Node) -> Iterator[Problem]:
    for id in () if node.layer.has_output else network.targets(node.id):
        arguments = {"source": node.id, "target": id}
        yield Problem(
            node=node.id,
            other=id,
            what=f"{node} is an end, but a wire leads from it to '{network.node(id).name}'.",
            hint="Remove this wire.",
            fixes=(Fix(key="disconnect", title="Remove the wire", arguments=arguments),),
        )


def _shape(network: Network, flow: LikelyFlow, node: Node) -> Iterator[Problem]:
    fault = flow.faults.get(node.id)
    if fault is None:
        return
    sources = network.sources(node.id)
    if len(sources) == 1:
        origin = f" It comes from '{network.node(sources[0]).name}'."
        other = sources[0]
    else:
        brought = zip(sources, fault.given, strict=False)
        told = [f"'{network.node(id).name}' brings {shape_in_words(shape)}" for id, shape in brought]
        origin = f" {', '.join(told[:_MOST_NAMES])}." if told else ""
        other = next((id for id, s in zip(sources, fault.given, strict=False) if s != fault.given[0]), "")
    fixes = (*fault.error.fixes, *(cure.fix for cure in fault.cures))
    yield Problem(
        node=node.id,
        other=other or (sources[0] if sources else ""),
        what=f"{node} {fault.error.what}{origin}",
        hint=fault.error.hint,
        fixes=fixes or (_remove([node]),),
    )


def _leads_nowhere(network: Network, flow: LikelyFlow, node: Node, used: Collection[str]) -> Iterator[Problem]:
    if not node.layer.has_output or network.targets(node.id):
        return
    what = f"{node} leads nowhere: no wire starts from it."
    led_here = network.leading_to(node.id)
    inner = [id for id in flow.order if id in led_here and network.node(id).layer.fewest_inputs]
    before = [id for id in inner if id not in used] if used else []
    if before:
        what += f" So {_names(network, before)} {'works' if len(before) == 1 else 'work'} for nothing."
    fixes = [_connect(node, target) for target in _fitting_targets(network, flow, node)]
    if not network.output_ids:
        fixes.insert(0, _add_output(node))
    if before:
        fixes.append(_remove([node, *(network.node(id) for id in before)]))
    yield Problem(
        node=node.id,
        what=what,
        hint="Drag from its port to a later layer, or remove it.",
        severity="warning",
        fixes=(*fixes, _remove([node])),
    )


def _fitting_targets(network: Network, flow: LikelyFlow, node: Node) -> list[Node]:
    """Return the nodes to which a wire is likely wanted: those that get too little, then joins."""
    shape = flow.shapes[node.id]
    led_here = network.leading_to(node.id)
    ranked, best = [], 0
    for other in _near(network, node):
        layer, taken = other.layer, network.sources(other.id)
        lacks = len(taken) < layer.fewest_inputs
        if layer.most_inputs == 0 or not (lacks or layer.most_inputs is None):
            continue
        if other.id in led_here:
            continue
        brought = [known for id in taken if (known := flow.shapes[id]) is not None]
        fits = shape is not None and _takes(other, [*brought, shape])
        if lacks or fits:
            ranked.append((not lacks, not fits, other))
            best += lacks and fits
            if best == _MOST_OFFERS:
                break
    ranked.sort(key=lambda one: one[:2])
    return [other for *_, other in ranked[:_MOST_OFFERS]]


def _fed(network: Network) -> set[str]:
    """Return what data reach."""
    return set(network.input_ids).union(*(network.reachable(id) for id in network.input_ids))


def _used(network: Network) -> set[str]:
    """Return what an output is computed from."""
    return set(network.output_ids).union(*(network.leading_to(id) for id in network.output_ids))


def _near(network: Network, node: Node) -> list[Node]:
    """Return the nodes that were added shortly before or after this one, the nearest first."""
    place = network.place(node.id)
    around = range(max(0, place - _NEAR), min(len(network.nodes), place + _NEAR + 1))
    return [network.nodes[index] for index in sorted(around, key=lambda index: abs(index - place)) if index != place]


def _is_deep(network: Network, flow: LikelyFlow) -> bool:
    """Return whether there are many layers with weights."""
    count = 0
    for id in flow.order:
        count += bool(network.weights(id))
        if count == _DEEP:
            return True
    return False


def _names(network: Network, ids: Sequence[str], last: str = " and ") -> str:
    quoted = [f"'{network.node(id).name}'" for id in ids[:_MOST_NAMES]]
    if len(ids) > _MOST_NAMES:
        return f"{', '.join(quoted)} and {len(ids) - _MOST_NAMES} more"
    return ", ".join(quoted[:-1]) + last + quoted[-1] if len(quoted) > 1 else quoted[0]


def _connect(source: Node, target: Node) -> Fix:
    arguments = {"source": source.id, "target": target.id}
    return Fix(key="connect", title=f"Connect '{source.name}' to '{target.name}'", arguments=arguments)


def _remove(nodes: Sequence[Node]) -> Fix:
    title = f"Remove '{nodes[0].name}'"
    if len(nodes) == 1:
        return Fix(key="remove_node", title=title, arguments={"node": nodes[0].id})
    title += f" and '{nodes[1].name}'" if len(nodes) == 2 else f" and {len(nodes) - 1} more"
    return Fix(key="remove_nodes", title=title, arguments={"nodes": [node.id for node in nodes]})


def _keep(node: Node, sources: Sequence[str], title: str) -> Fix:
    return Fix(key="keep_wires", title=title, arguments={"target": node.id, "sources": list(sources)})


def _add_input(target: Node | None) -> Fix:
    title = "Add an Input" if target is None else f"Add an Input before '{target.name}'"
    return Fix(key="add_input", title=title, arguments={"target": target.id if target is not None else ""})


def _add_output(source: Node | None) -> Fix:
    title = "Add an Output" if source is None else f"Add an Output after '{source.name}'"
    return Fix(key="add_output", title=title, arguments={"source": source.id if source is not None else ""})
