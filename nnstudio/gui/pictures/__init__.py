"""The network as a picture: the canvas itself, feature maps as blocks, or neurons as circles; for papers and slides.

Each drawing tells how large it is and paints itself with any painter, so that SVG, PDF and PNG come from one place. May
import `gui.canvas`; the window hands it what is to be drawn.
"""
