"""The decision clocks of applications, what is due, open deadlines, and loading a holiday notice.

Of the four clocks, `registry/clock.py` alone reads the machine's time, `rules/workflow/decision_clock.py` is the
law's rule for one round, `application_clock.py` here applies that rule to a row, and `book/decision_period.py` is
the clock as every page shows it.
"""
