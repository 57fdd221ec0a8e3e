"""Edits that begin on the canvas: commands, searches, dialogs, surgery, holds, weights set by hand."""
