"""Plots of what happened and of what the network answers. Nothing is computed while a plot is hidden.

May import the theme, the colours, the icons, the widgets, the living view and everything below the gui; never another
room.
"""
