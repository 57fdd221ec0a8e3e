"""Everything that a person sees. PySide6 and pyqtgraph live here and in `app`, nowhere else.

The rooms `canvas`, `panels`, `plots` and `dialogs` do not know each other; the main window wires them. They share the
theme, the icons, the widgets and the living view, and edit the document through a function they are given. May import
`session`, `export` and everything below.
"""
