"""Consulting other bodies about a case: the question, its letter and the answer, and what other offices ask."""
