"""The law as plain Python: no framework, no database, no clock."""
