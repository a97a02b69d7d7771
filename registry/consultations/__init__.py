"""Asking other bodies about a case: the only writer of consultations, what goes along, and the letter."""
