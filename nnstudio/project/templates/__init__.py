"""Networks to begin with, one file each. Members register themselves; they do not know each other."""
