"""Uploaded and issued files, kept encrypted, and the checks that each upload must pass."""
