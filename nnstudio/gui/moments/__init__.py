"""What can be said of one moment of a run, computed without widgets: living frames, evidence, pins."""
