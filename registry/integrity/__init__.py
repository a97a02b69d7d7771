"""Checks the register: chains of events, rows against their events, members, files and daily digests."""
