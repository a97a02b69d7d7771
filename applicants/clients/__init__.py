"""The clients of an account: what is next for each of their services, and by when."""
