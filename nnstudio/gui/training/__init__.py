"""Training from the window: its control, its events, the clock of frames, the doctor, the search for a rate."""
