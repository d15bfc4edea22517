"""Keras objects and arrays -> Snapshot. The only layer that reads a user's model and data; it changes neither."""
