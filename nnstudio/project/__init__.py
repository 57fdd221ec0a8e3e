"""The project as one frozen value, the document that holds it, edits, files, and what joins data and network.

An edit is a pure function from project to project. What was trained is a `Run` with its own network and pipeline, so
that predicting and exporting do not change when the drawing moves on. May import `engine`, `data` and everything below;
it does not know that there is a screen or a thread.
"""

from nnstudio.components import import_members
from nnstudio.project import templates as _templates
from nnstudio.project.document import Document
from nnstudio.project.drawing import COLOURS, Block, Note
from nnstudio.project.edits.edit import Edit, together
from nnstudio.project.edits.template_edits import Fitting, fit_template
from nnstudio.project.evaluation import Evaluation, evaluate, has_data_of
from nnstudio.project.files.atomic import write_atomically
from nnstudio.project.files.past import open_past
from nnstudio.project.files.storage import open_project, read_any, save_project
from nnstudio.project.fragment import Fragment, fragment_from_text, fragment_of
from nnstudio.project.inputs import deal_out
from nnstudio.project.prediction import TablePredictions, predict_table
from nnstudio.project.project import Project
from nnstudio.project.proposal import Proposal, propose
from nnstudio.project.run import Run
from nnstudio.project.settings import Settings
from nnstudio.project.start import Start, commit, start_training
from nnstudio.project.template import Drawing, Template

import_members(_templates.__path__, _templates.__name__)

__all__ = [
    "COLOURS",
    "Block",
    "Document",
    "Drawing",
    "Edit",
    "Evaluation",
    "Fitting",
    "Fragment",
    "Note",
    "Project",
    "Proposal",
    "Run",
    "Settings",
    "Start",
    "TablePredictions",
    "Template",
    "commit",
    "deal_out",
    "evaluate",
    "fit_template",
    "fragment_from_text",
    "fragment_of",
    "has_data_of",
    "open_past",
    "open_project",
    "predict_table",
    "propose",
    "read_any",
    "save_project",
    "start_training",
    "together",
    "write_atomically",
]
