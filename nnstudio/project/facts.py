"""What is in a project, as plain values for other programs to read."""

from __future__ import annotations

from typing import Any

from nnstudio.engine import shape_in_words
from nnstudio.project.project import Project


def facts_of(project: Project) -> dict[str, Any]:
    """Return layers with shapes and parameters, data, settings, runs and problems."""
    network, shapes = project.network, project.network.shapes()
    data = None
    if project.table is not None:
        data = {
            "name": project.table.name,
            "rows": project.table.row_count,
            "columns": len(project.table.columns),
            "target": ", ".join(use.name for use in project.columns if use.is_target),
            "inputs": [use.name for use in project.columns if use.is_input],
        }
    return {
        "layers": [
            {
                "id": node.id,
                "title": node.name,
                "type": node.layer.key,
                "note": node.layer.note(),
                "shape": shape_in_words(shape) if (shape := shapes[node.id]) else "",
                "parameters": network.parameter_count(node.id),
            }
            for node in network.nodes
        ],
        "parameters": sum(network.parameter_count(node.id) or 0 for node in network.nodes),
        "data": data,
        "settings": project.settings.model_dump(mode="json"),
        "runs": [
            {
                "id": run.id,
                "epochs": run.state.epoch,
                "steps": run.state.step,
                "status": run.status,
                "seconds": run.seconds,
                "measured_on": run.measured_on,
                "metrics": run.metrics,
                "baseline": run.baseline,
                "current": run.id == project.current,
            }
            for run in project.runs
        ],
        "problems": [str(problem) for problem in project.problems()],
    }
