"""Looks at the filed web addresses as a visitor would: what is asked, what was seen, and how a case shows it."""
