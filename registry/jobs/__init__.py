"""Background jobs: the one list of them, records of their runs, and the doorbell that wakes a worker."""
