"""Endings that the office decides: proceedings to strike filings off."""
