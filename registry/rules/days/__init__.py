"""The law's days: working days, deadlines, and the State Council's holiday notices."""
