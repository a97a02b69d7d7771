"""Streams of events of every kind: the chain that binds them, and what each event calls for."""
