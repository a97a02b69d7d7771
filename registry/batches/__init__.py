"""Batch lists: what may be listed, the acts on a list, its files, and its publication step by step."""
