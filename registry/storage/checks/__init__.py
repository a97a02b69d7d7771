"""Checks an uploaded file and rebuilds it without active content, before anything of it is stored.

Decoding runs in a process of its own with little memory and time (`sandbox`); the modules it runs there
(`worker`, `images`, `portable_documents`) know neither Django nor the database.
"""
