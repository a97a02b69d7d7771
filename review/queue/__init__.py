"""The cases at an office, in the order of receipt."""
