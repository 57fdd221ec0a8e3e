"""The canvas: the network as it is drawn and as it lives.

One widget paints everything from two values, the project and a `LivingFrame`; it holds no truth of its own. Geometry is
computed once per change of the drawing, gestures are one class each, portraits one file each. May import the theme, the
colours, the icons, the widgets, the living view and everything below the gui; never another room.
"""
