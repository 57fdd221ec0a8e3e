"""Which moment, which row and which pins are shown, and the way back in time."""
