"""NN Studio."""
