"""How layers are shown alive, one file a portrait, found by the name that a layer gives. A portrait knows no layer."""
