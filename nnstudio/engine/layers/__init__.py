"""The layers, one file a member. Members register themselves; they do not know each other."""
