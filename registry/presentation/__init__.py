"""What pages of both desks show alike: materials, timeline, rounds and comparison."""
