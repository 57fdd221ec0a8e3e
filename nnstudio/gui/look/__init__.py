"""What every part of the window wears: themes, colours, icons, letters, motion, names for screen readers."""
