"""Windows that ask or tell one thing and go away.

May import the theme, the widgets and everything below the gui; the other rooms of the gui are not known here.
"""
