"""Carries sample filings through the portal's own pages and jobs, and says what happens. See `__main__`."""
