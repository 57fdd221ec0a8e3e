"""What is wrong with a network, what may be, and what would mend it: every problem at once, none hidden by another."""
