"""The pages of quality sampling: the rounds of an office, the draw of the next, and the second look at a drawn case."""
