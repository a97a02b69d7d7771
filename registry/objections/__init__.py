"""Objecting to an entry of a batch list, for everybody: a proven contact, the form, and a secret page to follow it."""
