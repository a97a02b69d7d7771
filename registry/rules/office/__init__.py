"""The acts of an office beside the cases themselves, and what it changes by two people."""
