"""Counts for the offices: late submissions, late decisions, and time at each desk."""
