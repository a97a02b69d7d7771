"""Batch lists: composing, proposing and confirming them, and how far each is."""
