"""The import of lists that were published before the register began: read, checked, taken over whole."""
