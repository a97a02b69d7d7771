"""Drafts of applications: their forms, saving, joint submission, statement, files, check and submission."""
