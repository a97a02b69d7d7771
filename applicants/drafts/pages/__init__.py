"""Pages of a draft: its steps, and the frame that they share."""
