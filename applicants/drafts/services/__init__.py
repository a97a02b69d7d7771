"""The services of a joint submission: one draft for each."""
