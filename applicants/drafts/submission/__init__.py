"""The check of a draft, and its submission as an application."""
