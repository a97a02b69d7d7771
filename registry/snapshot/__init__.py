"""What the public may read, written ahead of whoever asks: rows that the API serves, and files for a web server."""
