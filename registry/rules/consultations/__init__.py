"""The law of asking other bodies about a case: the acts and states of a consultation, its events, and its row."""
