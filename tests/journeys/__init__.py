"""Whole journeys through the portal in a real browser."""
