"""Everything that a person sees. PySide6 and pyqtgraph live here and in `app`, nowhere else.

From below: `look` is what all wear, `moments` computes what is said of one moment, `widgets` are the smallest parts.
`canvas`, `panels`, `plots` and `dialogs` do not know each other. `frame` stands around them, `drawing`, `training` and
`watching` join them with the document and the session, and the main window wires all. The document is edited through a
function that each is given. May import `session`, `export` and everything below.
"""
