"""What the public may read of the register, and the search in it."""
