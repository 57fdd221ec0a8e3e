"""The rules of the training doctor, one file for each kind of sickness. May import `doctor` and `examination`."""

import importlib
import pkgutil
from functools import cache

import numpy as np

from nnstudio.engine import Training
from nnstudio.project import Project
from nnstudio.session.doctor import Finding, Rule
from nnstudio.session.examination import Examination


def examine(seen: Examination) -> tuple[Finding, ...]:
    """Return all that is found, what explains others first; what may be a consequence only where nothing else is."""
    with np.errstate(all="ignore"):
        found = [finding for rule in rules() if not rule.is_consequence for finding in rule.look(seen)]
        if not found:
            found = [finding for rule in rules() if rule.is_consequence for finding in rule.look(seen)]
    first = {rule.key for rule in rules() if rule.explains_others}
    return tuple(sorted(found, key=lambda finding: finding.key not in first))


def advise(project: Project, training: Training) -> str:
    """Return in words the first that is found of a training that stands still, and what helps; empty where nothing is.

    Parameters
    ----------
    project : Project
        What is trained, with data.
    training : Training
    """
    found = examine(Examination.of(project, training))
    return f"{found[0].sentence} What helps: {found[0].cure.title}." if found else ""


@cache
def rules() -> tuple[Rule, ...]:
    """Return one of each rule, in the order of their modules and of their places in them."""
    found: list[Rule] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        members = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        found += [
            member()
            for member in members
            if isinstance(member, type) and issubclass(member, Rule) and member is not Rule
        ]
    return tuple(found)
