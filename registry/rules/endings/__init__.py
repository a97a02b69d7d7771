"""The law of striking a filing off: the acts and states of a proceeding, what its events hold, and its row."""
