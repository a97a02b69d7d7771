"""Notices to offices, reminders, and applicants whom no notice reached."""
