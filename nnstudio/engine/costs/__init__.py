"""The costs, short members of one kind side by side, because they are read by comparing."""
