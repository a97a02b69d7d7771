"""Masked personal values shown to an officer: with a reason, and recorded for auditors."""
