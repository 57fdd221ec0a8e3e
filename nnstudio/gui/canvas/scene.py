"""What is on the canvas and what is selected, with everything that can be done to it; the widget only shows it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from nnstudio.components import Problem, find
from nnstudio.engine import Edge, Layer, Node
from nnstudio.errors import StudioError
from nnstudio.gui.canvas.card_keys import block_of, note_key, note_of
from nnstudio.gui.canvas.geometry import Geometry, note_rect, places_stay
from nnstudio.gui.canvas.synapses import Synapses
from nnstudio.gui.canvas.walking import next_node
from nnstudio.i18n import tr
from nnstudio.project import Block, Document, Edit, Project, edits, fragment_from_text, fragment_of, together
from nnstudio.project.drawing import COLUMN_WIDTH, GRID, Position
from nnstudio.project.fresh_ends import suited
from nnstudio.project.names import fresh_title

_GAP = 24.0
"""Between what is copied and its copy, and around what finds a free place."""


class Scene(QObject):
    """The drawing of a document as cards, wires, notes and frames, and the selection among them.

    Cards and notes are known by their keys, as `card_keys` tells.

    Parameters
    ----------
    document : Document
    perform : callable
        Does an edit.

    Attributes
    ----------
    geometry : Geometry
    synapses : Synapses
    problems : dict of str to list of Problem
        By card.
    selected : frozenset of str
    wire : Edge or None
        The selected wire.
    """

    changed = Signal(bool)
    """The drawing has changed; whether several new nodes came at once."""

    selection_changed = Signal(tuple)
    """The ids of the selected nodes."""

    wire_selected = Signal(object)
    """The ends of the selected wire, or None where none is selected any more."""

    layer_added = Signal(str)
    """The key of a layer that a hand has added."""

    told = Signal(str)
    """Something to say, such as why nothing was pasted."""

    def __init__(self, document: Document, perform: Callable[[Edit], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._perform = perform
        self._past: Project | None = None
        self._opened: frozenset[str] = frozenset()
        self.selected: frozenset[str] = frozenset()
        self.wire: Edge | None = None
        self.wire_style = "curved"
        self.geometry = Geometry(document.project)
        self.synapses = Synapses(self.geometry)
        self.problems = self._problems_by_card()
        document.subscribe(self._on_project_changed)

    @property
    def project(self) -> Project:
        """The project of this moment."""
        return self._past or self._document.project

    @property
    def shows_past(self) -> bool:
        """Whether the drawing is that of an earlier time."""
        return self._past is not None

    def perform(self, edit: Edit) -> None:
        """Do an edit of the drawing of today; where that has not what is meant, say so."""
        past = self._past
        self._perform(edit)
        if past is not None and self._past is past:
            self.told.emit(why_not_now())

    # Selection

    @property
    def nodes(self) -> tuple[str, ...]:
        """The ids of the selected nodes, in the order of the drawing."""
        return self.geometry.nodes_of(self.selected)

    @property
    def notes(self) -> tuple[str, ...]:
        """The ids of the selected notes."""
        return tuple(note for key in sorted(self.selected) if (note := note_of(key)))

    def select(self, keys: Collection[str]) -> None:
        """Select cards and notes, and no wire."""
        found = frozenset(keys)
        if found:
            self._choose_wire(None)
        if found != self.selected:
            self.selected = found
            self.selection_changed.emit(self.nodes)

    def select_nodes(self, ids: Collection[str]) -> None:
        """Select the cards on which these nodes are seen."""
        self.select({self.geometry.key_of(id) for id in ids if id in self.geometry.network})

    def select_all(self) -> None:
        """Select every card and every note."""
        self.select(self.geometry.everything)

    def select_wire(self, edge: Edge | None) -> None:
        """Select a wire, and nothing else; or nothing."""
        self.select(())
        self._choose_wire(edge)

    def _choose_wire(self, edge: Edge | None) -> None:
        if edge != self.wire:
            self.wire = edge
            self.wire_selected.emit(edge)

    def walk(self, across: int, down: int, *, extends: bool = False) -> None:
        """Select the next card along the wires, or the one above or below."""
        network = self.geometry.network
        if not self.nodes:
            if network.order:
                self.select_nodes({network.order[0]})
            return
        found = next_node(network, self.project.positions, self.nodes[-1], across, down)
        if found:
            key = self.geometry.key_of(found)
            self.select(self.selected | {key} if extends else {key})

    def selection_bounds(self) -> QRectF:
        """Return the place of what is selected."""
        found = QRectF()
        for key in self.selected:
            if key in self.geometry.cards:
                found = found.united(self.geometry.cards[key].bounds)
            elif note_of(key) in self.geometry.notes:
                found = found.united(note_rect(self.geometry.notes[note_of(key)]))
        return found

    # Adding and removing

    def add_layer(self, layer: Layer, place: QPointF) -> None:
        """Add a layer: into the wire that leaves the selected node, else after it, else at a place."""
        network, after = self._document.project.network, self.nodes[-1] if self.nodes else None
        if after is None or layer.most_inputs == 0 or not network.node(after).layer.has_output:
            self._add_new(layer, self._where_free(lambda free: edits.add_node(layer, free), place))
            return
        targets = network.targets(after)
        if len(targets) == 1 and layer.is_inner:
            self._add_new(layer, edits.insert_between(after, targets[0], layer))
        else:
            card = self.geometry.cards[self.geometry.key_of(after)]
            beside = card.rect.center() + QPointF(COLUMN_WIDTH, 0)
            self._add_new(layer, self._where_free(lambda free: edits.add_node(layer, free, after), beside))

    def insert_layer(self, layer: Layer, edge: Edge, place: QPointF | None = None) -> None:
        """Put a layer into a wire, by default in its middle."""
        if place is None:
            points = self.geometry.wires[edge]
            place = QPointF(*points[len(points) // 2].tolist())
        self._add_new(layer, edits.insert_on_edge(layer, edge, place.toTuple()))

    def add_component(self, key: str, place: QPointF, parameters: Mapping[str, object] | None = None) -> None:
        """Add a layer by its key: into the selected wire, else as `add_layer` does."""
        layer = self._made(key, parameters or {})
        if layer is None:
            return
        if self.wire is not None and not self.nodes and layer.is_inner:
            self.insert_layer(layer, self.wire)
        else:
            self.add_layer(layer, place)

    def drop_component(self, key: str, place: QPointF, edge: Edge | None) -> None:
        """Add a layer where it was dropped, or put it into the wire there."""
        layer = self._made(key, {})
        if layer is None:
            return
        if edge is not None and layer.is_inner:
            self.insert_layer(layer, edge, place)
        else:
            self._add_new(layer, edits.add_node(layer, place.toTuple()))

    def delete(self) -> None:
        """Remove what is selected: nodes and notes, or the wire."""
        if self.nodes or self.notes:
            self.perform(edits.remove_nodes(self.nodes, self.notes))
        elif self.wire is not None:
            self.perform(edits.disconnect(*self.wire))

    def join(self, source: str, target: str) -> None:
        """Draw a wire between two nodes."""
        self.perform(edits.connect(source, target))

    def add_note(self, place: QPointF) -> str:
        """Add an empty note, select it, and return its key."""
        free = self.geometry.free_place(place, 216, 112)
        self._add(edits.add_note("", free.toTuple()))
        return next(iter(self.selected), "")

    # Copies

    def copy(self) -> str:
        """Return what is selected as a text that can be pasted, here or elsewhere."""
        if not (self.nodes or self.notes):
            return ""
        return fragment_of(self.project, self.nodes, self.notes).to_text()

    def paste(self, text: str, place: QPointF) -> None:
        """Add what a text describes, its middle at a place, and select it."""
        try:
            fragment = fragment_from_text(text)
        except StudioError as error:
            self.told.emit(str(error))
            return
        self._add(self._where_free(lambda free: edits.paste(fragment, free), place))

    def duplicate(self) -> None:
        """Add a copy of what is selected beside it, and select the copy."""
        if self.nodes or self.notes:
            bounds = self.selection_bounds()
            wanted = bounds.center() + QPointF(0, bounds.height() + _GAP)
            shift = self.geometry.free_place(wanted, bounds.width(), bounds.height()) - bounds.center()
            self._add(edits.duplicate(self.nodes, self.notes, shift.toTuple()))

    # Names, colours, blocks

    def rename(self, key: str, title: str) -> None:
        """Give a card another title."""
        words = title.strip()
        if key in self.geometry.cards and words == self.geometry.cards[key].title:
            return
        if block_of(key):
            self.perform(edits.rename_block(block_of(key), words))
        elif key in self.geometry.network:
            self.perform(edits.rename(key, words))

    def colour(self, name: str) -> None:
        """Give what is selected a colour, or none."""
        blocks = [block for key in self.selected if (block := block_of(key))]
        nodes = tuple(key for key in self.selected if key in self.geometry.network)
        title = tr("Colour {name}").format(name=tr(name)) if name else tr("No colour")
        self.perform(
            together(
                title,
                edits.colour_nodes(nodes, name),
                *(edits.colour_block(block, name) for block in blocks),
                *(edits.change_note(note, colour=name) for note in self.notes),
            )
        )

    def group(self) -> str:
        """Put the selected nodes into a block, and return its id; an empty text where nothing is selected."""
        if self.nodes:
            known = {block.id for block in self.project.blocks}
            titles = {block.title for block in self.project.blocks}
            title = fresh_title(tr("Block {number}").format(number=1), titles)
            self.perform(edits.group(self.nodes, title))
            made = [block for block in self.project.blocks if block.id not in known]
            if made:
                self.select_nodes(made[0].members)
                return made[0].id
        return ""

    def ungroup(self) -> None:
        """Dissolve the blocks of the selected nodes, in one step."""
        blocks = self._selected_blocks()
        if blocks:
            self.perform(together(tr("Ungroup"), *(edits.ungroup(block.id) for block in blocks)))

    def toggle_blocks(self) -> None:
        """Fold the blocks of the selected nodes, or open them where all are folded, in one step."""
        self._fold(self._selected_blocks())

    def fold(self, id: str) -> None:
        """Fold a block, or open it."""
        self._fold([block for block in self.project.blocks if block.id == id])

    def _fold(self, blocks: Sequence[Block]) -> None:
        if blocks:
            collapsed = not all(block.collapsed for block in blocks)
            made = [edits.set_collapsed(block.id, collapsed) for block in blocks]
            words = tr("Fold {count} blocks") if collapsed else tr("Unfold {count} blocks")
            self.perform(made[0] if len(made) == 1 else together(words.format(count=len(made)), *made))
            self.select_nodes([id for block in blocks for id in block.members])

    def _selected_blocks(self) -> list[Block]:
        inside = set(self.nodes)
        return [block for block in self.project.blocks if inside & set(block.members)]

    # Places

    def nudge(self, across: int, down: int) -> None:
        """Move what is selected by a step of the grid."""
        shift = QPointF(across, down) * GRID
        if self.selected:
            merge = f"nudge {sorted(self.selected)}"
            self.perform(self.move(dict.fromkeys(self.selected, shift), merge))

    def move(self, shifts: Mapping[str, QPointF], merge: str = "") -> Edit:
        """Return the edit that moves cards and notes."""
        places = {}
        for key, by in shifts.items():
            for id in self.geometry.cards[key].members if key in self.geometry.cards else ():
                x, y = self.project.positions.get(id, (0.0, 0.0))
                places[id] = (x + by.x(), y + by.y())
        notes = {
            id: (note.place[0] + shift.x(), note.place[1] + shift.y())
            for id, note in self.geometry.notes.items()
            if (shift := shifts.get(note_key(id)))
        }
        return edits.move_nodes(places, merge, notes)

    def toggle_units(self, key: str, point: QPointF) -> bool:
        """Open or fold the units of a card whose fold is at a point; return whether it is."""
        card = self.geometry.cards[key]
        fold = card.portrait.fold(card.subject, card.rect)
        if fold is None or not fold.contains(point):
            return False
        self._opened ^= {key}
        self._rebuild()
        self.changed.emit(False)
        return True

    def run_wires(self, style: str) -> None:
        """Let wires run in another way, ``"curved"`` or ``"orthogonal"``."""
        self.wire_style = style
        self._rebuild()
        self.changed.emit(False)

    def travel(self, go: Callable[[], None]) -> None:
        """Go to another moment of the document, and select what is other there."""
        before = self._document.project
        go()
        after = self._document.project
        nodes = after.network.nodes
        changed = [node.id for node in nodes if _looks(after, node.id) != _looks(before, node.id)]
        notes = [note.id for note in after.notes if note not in before.notes]
        is_everything = len(changed) == len(nodes) > 1
        if (changed or notes) and not is_everything:
            self.select({*map(self.geometry.key_of, changed), *map(note_key, notes)})

    # Following the document

    def _made(self, key: str, parameters: Mapping[str, object]) -> Layer | None:
        """Return a layer as it suits the data; where there is none of this key, say so."""
        try:
            layer = find("layers", key).model_validate(dict(parameters))
        except StudioError as error:
            self.told.emit(str(error))
            return None
        assert isinstance(layer, Layer)
        return suited(layer, self.project)

    def _add_new(self, layer: Layer, edit: Edit) -> None:
        """Do an edit that adds a layer by hand."""
        self._add(edit)
        self.layer_added.emit(layer.key)

    def _where_free(self, edit_at: Callable[[Position], Edit], wanted: QPointF) -> Edit:
        """Return the edit that adds something about a place: the wanted one, or the nearest where it has room."""
        there = self._of_today()
        project = edit_at(wanted.toTuple()).apply(self._document.project)
        drawn = Geometry(project, self._opened, there, self.wire_style)
        reach = QPointF()
        rects = [card.bounds for key, card in drawn.cards.items() if key not in there.cards]
        rects += [note_rect(note) for id, note in drawn.notes.items() if id not in there.notes]
        for rect in rects:
            first, last = wanted - rect.topLeft(), rect.bottomRight() - wanted
            reach = QPointF(max(reach.x(), first.x(), last.x()), max(reach.y(), first.y(), last.y()))
        free = there.free_place(wanted, 2 * reach.x() + _GAP, 2 * reach.y() + _GAP)
        return edit_at(free.toTuple())

    def _add(self, edit: Edit) -> None:
        """Do an edit and select what it added."""
        known = self._of_today().everything
        self.perform(edit)
        added = self.geometry.everything - known
        if added:
            self.select(added)

    def _of_today(self) -> Geometry:
        """Return the geometry of the document's drawing, whatever is shown."""
        if self._past is None:
            return self.geometry
        return Geometry(self._document.project, self._opened, self.geometry, self.wire_style)

    def show_past(self, project: Project | None) -> None:
        """Show the drawing of an earlier time until the document changes; None shows the document's again."""
        if project is not self._past:
            self._past = project
            self._rebuild()
            self.changed.emit(False)

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if self._past is None and places_stay(before, after):
            return
        self._past = None
        new = {node.id for node in after.network.nodes} - {node.id for node in before.network.nodes}
        self._rebuild()
        self.changed.emit(len(new) > 1)

    def _rebuild(self) -> None:
        """Compute the places again after the drawing changed."""
        self.geometry = Geometry(self.project, self._opened, self.geometry, self.wire_style)
        self.synapses = Synapses(self.geometry, self.synapses)
        self.problems = self._problems_by_card()
        if self.wire is not None and self.wire not in self.geometry.wires:  # gone, or inside a folded block
            self._choose_wire(None)
        gone = self.selected - self.geometry.everything
        if gone:
            self.selected -= gone
            self.selection_changed.emit(self.nodes)

    def _problems_by_card(self) -> dict[str, list[Problem]]:
        """Return what each card's badge has to tell."""
        found: dict[str, list[Problem]] = {}
        for problem in self.project.problems():
            if problem.node:
                found.setdefault(self.geometry.key_of(problem.node), []).append(problem)
        return found


def why_not_now() -> str:
    """Return in words why what is shown of an earlier time cannot be changed."""
    return tr("The network is shown as it was. Go to the end of the timeline to change it.")


def _looks(project: Project, id: str) -> tuple[Node | None, Position | None, str]:
    """Return a node with its place and its colour, as far as there is one."""
    node = project.network.node(id) if id in project.network else None
    return node, project.positions.get(id), project.colours.get(id, "")
