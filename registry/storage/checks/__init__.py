"""What happens to an uploaded file before anything of it is kept: checked, made anew, without active content.

Decoding runs in a process of its own with little memory and time (`sandbox`); the modules it runs there
(`worker`, `images`, `portable_documents`) know neither Django nor the database.
"""
