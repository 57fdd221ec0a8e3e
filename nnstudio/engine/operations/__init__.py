"""What several layers compute alike, bound to memory: windows, convolution, pooling, recurrence, rearrangement."""
