"""What layers are called elsewhere."""

SYNONYMS = {
    "dense": ("fully connected", "fc", "linear", "hidden"),
    "activation": ("relu", "tanh", "sigmoid", "nonlinearity"),
    "batch_normalization": ("bn", "batchnorm"),
    "layer_normalization": ("ln", "layernorm"),
    "conv1d": ("convolution",),
    "conv2d": ("convolution", "cnn", "filter"),
    "lstm": ("recurrent", "memory", "rnn"),
    "gru": ("recurrent", "memory", "rnn"),
    "simple_rnn": ("recurrent", "memory", "elman"),
    "add": ("skip", "residual", "sum"),
    "concatenate": ("merge", "join"),
    "self_attention": ("transformer",),
    "embedding": ("words", "codes"),
    "max_pooling2d": ("pool",),
    "average_pooling2d": ("pool",),
}
"""By what else people look for a layer."""
