"""The law of objections to batch lists: their acts and states, what their events hold, and the row that results."""
