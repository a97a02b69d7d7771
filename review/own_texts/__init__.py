"""Texts that an officer keeps to put into forms: opinions, reasons, points to be corrected, remarks."""
