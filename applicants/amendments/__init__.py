"""Amendments: correcting a rejected application, or supplementing one under review."""
